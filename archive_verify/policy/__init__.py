"""The rules of a policy and their judgement."""
