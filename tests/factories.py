"""Shared builders of test inputs; shorthand first, everything else defaulted."""
