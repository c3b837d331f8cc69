"""Names, ID numbers, units and credit codes: kept, broken, unreadable."""

from __future__ import annotations

from typing import Any

import pytest

from archive_verify.model import Reading
from tests.case_factories import (
    CODE,
    ID,
    IDS,
    OTHER_UNIT,
    SPOT,
    UNIT,
    UNREAD,
    Faint,
    attendance,
    certificate,
    contract,
    employed,
    judged,
    licence,
    of_code,
    of_trainee,
    paper,
    payroll,
    person,
    read,
    verdict_of,
)
from tests.numbered_binders import lattice

WRONG_CODE = "92141121MA0GT5E4X1"


def _contract(**link: Any) -> list[Any]:
    return [contract(1, link=link), *employed(without=["contract"])]


def test_another_name_beside_the_trainees_number_is_a_mismatch() -> None:
    judgement = judged(_contract(name="no", name_reading=read("张珊")))
    (issue,) = of_code(judgement, "name_mismatch")
    assert (issue.expected, issue.found, issue.pages) == ("张三", "张珊", (1,))
    assert verdict_of(judgement) == "inconsistent"


def test_another_number_beside_the_trainees_name_is_a_mismatch_and_masked_in_the_message() -> None:
    judgement = judged(_contract(id_number="no", id_reading=read(IDS[1])))
    (issue,) = of_code(judgement, "id_number_mismatch")
    assert issue.found == IDS[1]
    assert IDS[1] not in issue.message and IDS[1][-4:] in issue.message and ID not in issue.message


@pytest.mark.parametrize("which", ["name", "id_number"])
def test_a_differing_reading_that_is_not_certain_is_reviewed(which: str) -> None:
    judgement = judged(_contract(**{which: "unsure"}))
    assert of_trainee(judgement) == ["needs_review"]


def test_a_paper_without_an_id_number_agrees_by_its_name() -> None:
    assert of_trainee(judged(_contract(id_number="absent"))) == []


def test_a_proof_with_the_trainees_number_on_which_the_name_stands_nowhere_is_reviewed() -> None:
    def found(*text: str) -> list[str]:
        proof = paper("premises_proof", 1, link={"name": "absent", "id_number": "yes"}, text=text)
        return of_trainee(judged([licence(1, operator="张三"), proof], [person(route="self_employed")]))

    assert found("兹有李四在此经营") == ["needs_review"]
    assert found("兹有张三在此经营") == []


def test_one_mismatch_on_several_papers_is_one_issue_with_all_its_pages() -> None:
    wrong = {"id_number": "no", "id_reading": read(IDS[1])}
    rest = employed(without=["contract", "payroll_first"])
    papers = [contract(1, link=wrong), payroll("2023-09", 1, link=wrong), *rest]
    (issue,) = of_code(judged(papers), "id_number_mismatch")
    assert issue.pages == (1, 2)


@pytest.mark.parametrize("kind", ["id_card_copy", "certificate_copy", "employment_summary"])
def test_copies_and_summaries_must_show_the_same_person(kind: str) -> None:
    def found(row: int = 1, **link: Any) -> list[str]:
        own = paper(kind, 1, rows=({"name": "张三"},), link=link)
        return of_trainee(judged([own, *employed()], [person(), person(2, name="李四", route="none")]))

    assert found() == []
    assert found(name="no", name_reading=read("张珊")) == ["name_mismatch"]
    assert found(id_number="no", id_reading=read(IDS[1])) == ["id_number_mismatch"]
    assert found(name="unsure") == found(id_number="unsure") == []
    # the neighbour's name, and a number that fails its check, prove nothing
    assert found(name="no", name_reading=read("李四")) == []
    assert found(id_number="no", id_reading=read(ID[:17] + "7")) == []


def test_a_wrong_number_of_the_roster_is_not_held_against_the_card() -> None:
    card = paper("id_card_copy", 1, rows=({"name": "张三"},), link={"id_number": "no", "id_reading": read(ID)})
    judgement = judged([card, *employed()], [person(id_number=ID[:17] + "7")])
    (issue,) = [one for one in judgement.issues if one.trainee == 1]
    assert issue.code == "id_number_invalid" and issue.pages == (1,) and "身份证复印件" in issue.message


def _payroll_number(text: str, *others: Any, number: str = "yes", **reading: Any) -> list[str]:
    """What is said of a payroll whose row of the trainee has this number; the contract's agrees or not."""
    doubtful = {"value": None, "text": text, "state": "unread", "confidence": 0.4, **reading}
    seen = Reading(page=1, box=SPOT, **doubtful)
    papers = [
        contract(1, link={"id_number": number}), *employed(without=["contract", "payroll_first"]),
        payroll("2023-09", 1, link={"name": "yes", "id_number": "unsure", "id_reading": seen}),
    ]
    return of_trainee(judged(papers, [person(), *others]))


def test_a_number_lost_on_a_payroll_is_not_needed_where_the_contract_has_it() -> None:
    assert _payroll_number("14112119850?120") == _payroll_number("企120035") == []


def test_a_number_lost_on_a_payroll_is_reviewed_where_nothing_else_settles_it() -> None:
    assert _payroll_number("14112119850?120", number="absent") == ["needs_review"]
    assert _payroll_number("990715887246") == ["needs_review"]
    namesake = person(2, name="张三", id_number=IDS[1], route="none")
    assert _payroll_number("14112119850?120", namesake) == ["needs_review"]


def test_another_number_read_on_a_payroll_is_reviewed_until_it_is_confirmed() -> None:
    assert _payroll_number(IDS[1], value=IDS[1], state="read") == ["needs_review"]
    wrong = ID[:17] + "7"
    assert _payroll_number(wrong, value=wrong, state="read", confidence=0.97) == ["needs_review"]
    crossed = lattice(wrong, {17: (ID[17], 0.2)})
    assert _payroll_number(wrong, value=wrong, state="read", confidence=0.97, lattice=crossed) == []


def test_a_trainee_without_a_claim_is_compared_with_nothing() -> None:
    judgement = judged([contract(1, link={"id_number": "no"})], [person(route="none")])
    assert (of_trainee(judgement), verdict_of(judgement)) == ([], "not_claimed")


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        (ID, []),
        ("１４１１２１１９８５０３１２００３５", []),
        ("14112119850312003x", ["id_number_invalid"]),
        ("", ["id_number_invalid"]),
        ("141121850312003", ["id_number_invalid"]),
    ],
)
def test_the_rosters_number_is_checked_by_its_standard(number: str, codes: list[str]) -> None:
    assert of_trainee(judged(employed(), [person(id_number=number)])) == codes


def test_a_number_that_the_spreadsheet_cut_off_is_reviewed_and_not_called_invalid() -> None:
    cut = person(id_number="141121198503120???", id_digits_lost=True)
    assert of_trainee(judged(employed(), [cut])) == ["needs_review"]


def test_a_number_on_two_rows_is_an_issue_for_each() -> None:
    people = [person(1), person(2, "李四", id_number=ID), person(3, "王五")]
    judgement = judged([], people)
    assert sorted(issue.trainee or 0 for issue in of_code(judgement, "duplicate_trainee")) == [1, 2]


def test_two_rows_without_a_number_are_no_duplicates() -> None:
    people = [person(1, id_number=""), person(2, "李四", id_number="")]
    assert of_code(judged([], people), "duplicate_trainee") == []


# --- the employer


def test_a_sheet_of_another_unit_is_a_mismatch_that_shows_both_names() -> None:
    papers = [*employed(without=["payroll_latest"]), payroll("2024-02", 1, employer=OTHER_UNIT)]
    judgement = judged(papers)
    (issue,) = of_code(judgement, "employer_mismatch")
    assert (issue.expected, issue.found, issue.pages) == (UNIT, OTHER_UNIT, (1, 5))
    assert of_trainee(judgement) == ["employer_mismatch"]


@pytest.mark.parametrize("name", ["文水县宏达商贸有限公司（盖章）", "宏达商贸有限公司", "文水县 宏达商贸有限公司"])
def test_spelling_and_place_prefix_make_no_other_unit(name: str) -> None:
    papers = [*employed(without=["payroll_latest"]), payroll("2024-02", 1, employer=name)]
    assert of_trainee(judged(papers)) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (UNIT, []), (UNIT.removeprefix("文水县"), []), ("宏达商贸公司", []), ("宏达商贸", []),
        (OTHER_UNIT, ["employer_mismatch"]), (Faint(OTHER_UNIT), []), (UNREAD, []),
    ],
)
def test_the_summary_names_the_unit_of_the_papers(name: object, codes: list[str]) -> None:
    summary = paper("employment_summary", 1, rows=({"name": "张三", "employer": name},))
    assert of_trainee(judged([summary, *employed()])) == codes
    flexible = [certificate(1), licence()]
    assert of_trainee(judged([summary, *flexible], [person(route="flexible")])) == codes


def test_a_sheet_of_the_own_unit_outweighs_one_of_another_with_the_same_name() -> None:
    judgement = judged([*employed(), payroll("2024-02", 1, employer=OTHER_UNIT)])
    assert of_trainee(judgement) == []


@pytest.mark.parametrize("name", [UNREAD, Faint(OTHER_UNIT), Faint("宏达")])
def test_a_unit_that_was_not_read_is_reviewed(name: object) -> None:
    papers = [*employed(without=["attendance_latest"]), attendance("2024-02", 1, employer=name)]
    assert of_trainee(judged(papers)) == ["needs_review"]


def test_one_differing_character_needs_a_clear_reading() -> None:
    near = "文水县宏运商贸有限公司"
    rest = employed(without=["payroll_latest"])
    assert of_trainee(judged([*rest, payroll("2024-02", 1, employer=near)])) == ["employer_mismatch"]
    assert of_trainee(judged([*rest, payroll("2024-02", 1, employer=Faint(near, 0.88))])) == ["needs_review"]


def test_a_sheet_without_a_labelled_unit_passes_where_its_text_names_it() -> None:
    rest = employed(without=["payroll_latest"])
    silent = payroll("2024-02", 1, employer=UNREAD, text=(f"{UNIT}2月工资表",))
    assert of_trainee(judged([*rest, silent])) == []


# --- credit codes


def _coded(code: object, **changes: Any) -> list[Any]:
    return [certificate(1), licence(credit_code=code, **changes)]


def test_a_code_that_fails_its_check_on_a_clear_reading_is_invalid() -> None:
    judgement = judged(_coded(WRONG_CODE), [person(route="flexible")])
    (issue,) = of_code(judgement, "credit_code_invalid")
    assert (issue.trainee, issue.found) == (1, WRONG_CODE)
    assert verdict_of(judgement) == "inconsistent"


def test_a_right_code_is_no_issue() -> None:
    assert of_trainee(judged(_coded(CODE), [person(route="flexible")])) == []


def test_a_code_that_was_read_doubtfully_is_reviewed() -> None:
    for code in (Faint(WRONG_CODE), CODE[:-1]):
        assert of_trainee(judged(_coded(code), [person(route="flexible")])) == ["needs_review"]


def _written(code: str, place: int, other: str, chance: float) -> Reading:
    """A code read with one character in doubt: at `place` it may be `other` with this log chance."""
    steps: list[tuple[tuple[str, float], ...]] = []
    for index, char in enumerate(code):
        steps.append(((char, -0.05), *(((other, chance),) if index == place else ())))
        steps.append((("", -0.01),))
    return Reading(value=code, text=code, page=1, box=SPOT, confidence=0.95, lattice=tuple(steps))


def _hand(reading: Reading, *copies: str) -> list[str]:
    others = [
        paper("labour_contract", employer=UNIT, employee="王五", credit_code=copy) for copy in copies
    ]
    return of_trainee(judged([*_coded(reading), *others], [person(route="flexible")]))


def test_writing_that_may_as_well_be_the_units_known_code_is_that_code() -> None:
    place = CODE.index("5E")
    misread = CODE.replace("T5E", "T6E")
    assert _hand(_written(misread, place, "5", -0.8), CODE) == []
    assert _hand(_written(misread, place, "5", -2.6), CODE) == ["needs_review"]
    assert _hand(_written(misread, place, "5", -7.0), CODE) == ["needs_review"]
    assert _hand(_written(misread, place, "5", -0.8)) == ["needs_review"]


def test_a_code_by_hand_with_another_character_than_the_units_own_is_wrong_where_all_others_were_read() -> None:
    place = CODE.index("5E")
    wrong = _written(CODE.replace("T5E", "T6E"), place, "5", -9.0)
    assert _hand(wrong, CODE) == ["credit_code_invalid"]
    assert _hand(wrong) == ["needs_review"]
    poorly_read = wrong.model_copy(update={"value": f"{wrong.value[:-1]}1"})
    assert _hand(poorly_read, CODE) == ["needs_review"]


def test_the_same_misreading_on_several_papers_of_a_unit_is_no_fault_of_theirs() -> None:
    misread = CODE.replace("T5E", "T6E")
    reading = _written(misread, CODE.index("5E"), "5", -9.0)
    assert _hand(reading, misread, CODE, CODE) == []
    assert _hand(reading, misread) == ["needs_review"]


def test_a_clear_wrong_code_is_the_papers_fault_though_other_papers_have_it_right() -> None:
    papers = [*_coded(CODE.replace("T5E", "T6E")), paper("labour_contract", employer=UNIT, credit_code=CODE)]
    assert of_trainee(judged(papers, [person(route="flexible")])) == ["credit_code_invalid"]


# --- nothing at all


def test_a_claim_without_any_proof_is_the_one_issue() -> None:
    judgement = judged([paper("employment_summary", 1, rows=({"name": "张三"},))])
    assert of_trainee(judgement) == ["employment_proof_missing"]
    assert verdict_of(judgement) == "missing"


def test_an_unrecognised_page_that_names_the_trainee_keeps_the_claim_open() -> None:
    papers = [contract(2), paper("other", text=("兹有张三在我处工作",)), payroll("2023-09", 2)]
    judgement = judged(papers, [person(1), person(2, "李四")])
    assert of_trainee(judgement, 1) == ["needs_review"]


def test_a_proof_whose_person_was_not_read_keeps_the_claim_open() -> None:
    judgement = judged([paper("labour_contract", employee=UNREAD)])
    assert of_trainee(judgement) == ["needs_review"]
