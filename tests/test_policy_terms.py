"""The policy file: what it says, and how a broken one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive_verify.errors import PolicyRefused
from archive_verify.model import DocType
from archive_verify.policy import terms
from archive_verify.policy.terms import EMPLOYMENT_PROOF, load_policy

_TEXT = (Path(terms.__file__).parent / "wenshui_2023_51.toml").read_text(encoding="utf-8")


def _written(tmp_path: Path, old: str, new: str) -> Path:
    assert old in _TEXT
    path = tmp_path / "county.toml"
    path.write_text(_TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def _line(path: Path, word: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if word in line)


def test_the_built_in_policy_holds_the_thresholds_of_the_regulation() -> None:
    policy = load_policy("wenshui_2023_51")
    assert (policy.employment.contract_months, policy.class_.opening_report_days_order) == (6, 15)
    assert str(policy.class_.pass_rate) == "0.80"
    assert len(policy.binder.required) == 15
    assert policy.cite("enterprise") == "文人社字〔2023〕51号 四(三)1"


def test_all_employment_proof_stands_at_one_place_in_the_order() -> None:
    binder = load_policy("wenshui_2023_51").binder
    proof = {binder.rank(kind) for kind in EMPLOYMENT_PROOF}
    around = [DocType.EMPLOYMENT_SUMMARY, DocType.PAYROLL, DocType.TRUTHFULNESS_COMMITMENT]
    ranks = [binder.rank(kind) or 0 for kind in around]
    assert len(proof) == 1 and ranks == sorted(set(ranks))
    assert binder.rank(DocType.OTHER) is None


def test_another_countys_file_is_taken_by_path(tmp_path: Path) -> None:
    path = _written(tmp_path, "contract_months = 6", "contract_months = 12")
    assert load_policy(path).employment.contract_months == 12


@pytest.mark.parametrize(
    ("old", "new", "word", "reason"),
    [
        ("contract_months = 6", "contract_months = -6", "contract_months", "不得小于 0"),
        ("contract_months = 6", 'contract_months = "六"', "contract_months", "应为整数"),
        ("contract_months = 6", '"contract_months" = 6.5', "contract_months", "应为整数"),
        ('pass_rate = "0.80"', 'pass_rate = "80%"', "pass_rate =", "应为小数"),
        ('pass_rate = "0.80"', 'pass_rate = "1.2"', "pass_rate =", "不得大于 1"),
        ("starts_at_one = true", "starts_at_one = 5", "starts_at_one", "true 或 false"),
        ("effective = 2023-12-07", 'effective = "明天"', "effective", "应为日期"),
        ("min_age = 16", "min_age = 80", "[trainee]", "min_age 须小于"),
        ("# long_course_days = 10", "long_course_days = 10", "[computation]", "须同时给出"),
        ("shared_phone = 2", "shared_phone = 2\nshared_phone = 3", "shared_phone = 3", "已经给过"),
        ("order_needs =", "oder_needs =", "oder_needs", "不是已知的项"),
        ('"employment_proof",', '"proof",', '"proof"', "'proof'"),
        ('"exam_paper", "score_sheet",\n', '"exam_papers", "score_sheet",\n', '"exam_papers"', "不在可选之列"),
        ('order_needs = "agreement"', 'order_needs = "nothing"', "order_needs", "'nothing'"),
        ('video = "五(二)"', "", "[citations]", "没有给出"),
        ("[class]", "[class", "[class", "TOML"),
    ],
)
def test_a_broken_policy_is_refused_with_line_and_reason(
    tmp_path: Path, old: str, new: str, word: str, reason: str
) -> None:
    path = _written(tmp_path, old, new)
    with pytest.raises(PolicyRefused) as refused:
        load_policy(path)
    assert reason in str(refused.value)
    assert f"第{_line(path, word)}行" in str(refused.value)


def test_a_required_type_without_a_place_in_the_order_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, '"truthfulness_commitment", "subsidy_application", "callback', '"callback')
    with pytest.raises(PolicyRefused, match="truthfulness_commitment"):
        load_policy(path)


def test_an_unknown_policy_is_refused_with_the_known_ids() -> None:
    with pytest.raises(PolicyRefused, match="wenshui_2023_51"):
        load_policy("nowhere_2020")
