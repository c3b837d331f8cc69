"""The list of rules: complete, and in step with the contract."""

from __future__ import annotations

from collections import Counter

import pytest

from archive_verify.policy.judge import RULES
from archive_verify.policy.listing import list_rules
from archive_verify.words import ACROSS_CODES, CODES
from tests.case_factories import WENSHUI

# Contract, section 2: severity error of all trainee codes but wage_mismatch, and of these.
_ERRORS = {
    "document_missing", "page_illegible", "opening_report_late", "headcount_mismatch", "pass_rate_low",
    "employment_rate_low", "page_number_missing", "page_number_duplicate", "page_number_gap",
    "page_number_order",
}  # fmt: skip
_INFO = {"page_blank", "page_rotated"}
_WARNINGS = {
    "wage_mismatch", "needs_review", "trainee_list_mismatch", "score_mismatch", "trainee_age",
    "employment_before_training", "phone_shared",
}  # fmt: skip


def test_every_code_but_that_of_the_year_has_one_rule() -> None:
    counted = Counter(rule.code for rule in RULES)
    assert set(counted) == set(CODES) - {"order_share_low", *ACROSS_CODES}
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_the_severity_of_the_contract(rule: object) -> None:
    line = next(one for one in list_rules(WENSHUI) if one.code == getattr(rule, "code", ""))
    if line.code in _INFO:
        assert line.severity == "info"
    elif line.code in _WARNINGS:
        assert line.severity == "warning"
    else:
        error = line.target == "trainee" or line.code in _ERRORS
        assert line.severity == ("error" if error else "warning")


def test_each_rule_cites_a_paragraph_and_says_what_it_asks() -> None:
    for line in list_rules(WENSHUI):
        assert line.citation.startswith("文人社字〔2023〕51号 ") and len(line.about) >= 6


def test_a_rule_shows_the_value_of_the_policy_it_goes_by() -> None:
    values = {line.code: line.values for line in list_rules(WENSHUI)}
    assert values["contract_term_short"] == {"employment.contract_months": "6"}
    assert values["pass_rate_low"] == {"class.pass_rate": "0.80"}
    assert "truthfulness_commitment" in values["document_missing"]["binder.required"]
