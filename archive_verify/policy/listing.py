"""Each rule in words: code, severity, citation and the value of the policy that it goes by."""

from __future__ import annotations

from collections.abc import Mapping

from archive_verify.model import Frozen, Severity
from archive_verify.policy.judge import RULES
from archive_verify.policy.rule import Rule, Target
from archive_verify.policy.terms import Policy


class RuleLine(Frozen):
    """One rule under one policy. `values` maps the names of terms to what the policy says."""

    code: str
    severity: Severity
    target: Target
    about: str
    citation: str
    values: Mapping[str, str]


def list_rules(policy: Policy) -> tuple[RuleLine, ...]:
    """All rules, in the order in which they are applied."""
    return tuple(_line(rule, policy) for rule in RULES)


def _line(rule: Rule, policy: Policy) -> RuleLine:
    return RuleLine(
        code=rule.code,
        severity=rule.severity,
        target=rule.target,
        about=rule.about,
        citation=policy.cite(rule.citation),
        values={name: _value(policy, name) for name in rule.uses},
    )


def _value(policy: Policy, name: str) -> str:
    """A term in the words of the policy file."""
    group, key = name.split(".")
    value = policy.model_dump(mode="json", by_alias=True)[group][key]
    return "、".join(value) if isinstance(value, list) else str(value)
