"""Self-employed, flexible and order-trained trainees: kept, broken, unreadable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from archive_verify.model import MarkShape, PageMark
from tests.case_factories import (
    BLANK,
    OTHER_UNIT,
    SIGNED,
    SPOT,
    UNIT,
    UNREAD,
    WENSHUI,
    Faint,
    certificate,
    contract,
    judged,
    licence,
    mark,
    of_code,
    of_trainee,
    paper,
    payroll,
    person,
    verdict_of,
)
from tests.numbered_binders import lattice

SELF = [person(route="self_employed")]
FLEXIBLE = [person(route="flexible")]
ORDER = [person(route="order")]


# --- self-employed


def test_a_licence_and_a_proof_of_premises_verify_the_self_employed() -> None:
    judgement = judged([licence(1, operator="张三"), paper("premises_proof", 1, tenant="张三")], SELF)
    assert (of_trainee(judgement), verdict_of(judgement)) == ([], "verified")


def test_each_paper_of_the_self_employed_is_asked_for() -> None:
    assert of_trainee(judged([licence(1)], SELF)) == ["premises_proof_missing"]
    assert of_trainee(judged([paper("premises_proof", 1)], SELF)) == ["licence_missing"]


def test_a_licence_of_another_person_is_not_the_trainees_own() -> None:
    theirs = licence(1, link={"name": "no", "id_number": "absent", "linked_by": "neighbourhood"})
    judgement = judged([theirs, paper("premises_proof", 1)], SELF)
    assert of_trainee(judgement) == ["licence_missing"]
    (issue,) = of_code(judgement, "licence_missing")
    assert issue.pages == (1,)


@pytest.mark.parametrize("lost", [licence(operator=UNREAD), licence(operator=Faint("张山"))])
def test_a_licence_whose_operator_was_not_read_is_reviewed(lost: object) -> None:
    judgement = judged([lost, paper("premises_proof", 1)], SELF)  # type: ignore[list-item]
    assert of_trainee(judgement) == ["needs_review"]


def test_premises_whose_tenant_was_not_read_are_reviewed() -> None:
    judgement = judged([licence(1), paper("premises_proof", tenant=UNREAD)], SELF)
    assert of_trainee(judgement) == ["needs_review"]


# --- flexible


def test_a_complete_certificate_with_the_issuers_licence_is_verified() -> None:
    judgement = judged([certificate(1), licence()], FLEXIBLE)
    assert (of_trainee(judgement), verdict_of(judgement)) == ([], "verified")


def test_a_licence_beside_does_not_name_the_trainee_so_nothing_is_found() -> None:
    judgement = judged([licence()], FLEXIBLE)
    assert of_trainee(judgement) == ["employment_proof_missing"]
    assert verdict_of(judgement) == "missing"


def test_a_missing_certificate_beside_other_proof_is_named() -> None:
    judgement = judged([payroll("2024-02", 1), licence()], FLEXIBLE)
    assert of_trainee(judgement) == ["flexible_certificate_missing"]


def test_a_certificate_whose_person_was_not_read_is_reviewed() -> None:
    lost = replace(certificate(employee=UNREAD), of=())
    assert of_trainee(judged([payroll("2024-02", 1), lost, licence()], FLEXIBLE)) == ["needs_review"]


@pytest.mark.parametrize("part", ["period", "income", "phone", "legal_representative_phone"])
def test_each_part_left_blank_or_out_is_named(part: str) -> None:
    for value in (BLANK, None):
        judgement = judged([certificate(1, **{part: value}), licence()], FLEXIBLE)
        assert of_trainee(judgement) == ["flexible_certificate_incomplete"]
        assert [issue.expected for issue in judgement.issues if issue.trainee == 1] == [part]
        assert verdict_of(judgement) == "incomplete"


@pytest.mark.parametrize("part", ["period", "income", "phone", "legal_representative_phone"])
def test_each_part_that_was_not_read_is_reviewed(part: str) -> None:
    for value in (UNREAD, Faint("1383412000", 0.3)):
        assert of_trainee(judged([certificate(1, **{part: value}), licence()], FLEXIBLE)) == ["needs_review"]


def test_several_missing_parts_are_several_issues() -> None:
    one = certificate(1, phone=BLANK, income=BLANK)
    assert of_trainee(judged([one, licence()], FLEXIBLE)) == ["flexible_certificate_incomplete"] * 2


def test_a_phone_that_no_label_claims_keeps_the_missing_part_open() -> None:
    one = certificate(1, phone=None, text=("我的号码13700000003",))
    assert of_trainee(judged([one, licence()], FLEXIBLE)) == ["needs_review"]


def test_a_phone_of_which_a_seal_hides_the_last_digits_is_written() -> None:
    cut = UNREAD.model_copy(update={"text": "137755830", "confidence": 0.99})
    over = {"shape": "round_seal", "box": UNREAD.box, "confidence": 0.9, "colour": "red"}
    sealed_over = certificate(1, legal_representative_phone=cut, sheet={"marks": (over,)})
    assert of_trainee(judged([sealed_over, licence()], FLEXIBLE)) == []
    open_one = certificate(1, legal_representative_phone=cut)
    assert of_trainee(judged([open_one, licence()], FLEXIBLE)) == ["needs_review"]


def test_the_certificates_marks_are_the_trainees_and_the_issuers() -> None:
    seal = mark("seal", "issuer")
    unsigned = certificate(1, marks=(seal,), missing_marks=(("signature", "employee"),))
    assert [i.expected for i in judged([unsigned, licence()], FLEXIBLE).issues if i.trainee] == ["signature"]
    fingerprint = certificate(1, marks=(seal, mark("fingerprint", "employee")))
    assert of_trainee(judged([fingerprint, licence()], FLEXIBLE)) == []
    unsealed = certificate(1, marks=(SIGNED,), missing_marks=(("seal", "issuer"),))
    assert [i.expected for i in judged([unsealed, licence()], FLEXIBLE).issues if i.trainee] == ["seal"]
    unclear = certificate(1, marks=(SIGNED,), unsure_marks=(("seal", "issuer"),))
    assert of_trainee(judged([unclear, licence()], FLEXIBLE)) == ["needs_review"]


def test_a_list_is_judged_by_each_persons_row() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "flexible")]
    rows = (
        {"name": "张三", "period": "2023-09", "income": 2500, "phone": "13834120001", "signature": "张三"},
        {"name": "李四", "period": "2023-09", "income": 2500, "phone": "13834120002", "signature": BLANK},
    )
    one = certificate(1, 2, rows=rows, employee=None, period=None, income=None, phone=None)
    judgement = judged([one, licence()], people)
    assert of_trainee(judgement, 1) == []
    assert [issue.expected for issue in judgement.issues if issue.trainee == 2] == ["signature"]


def test_without_the_issuers_licence_the_licence_is_missing() -> None:
    judgement = judged([certificate(1)], FLEXIBLE)
    assert of_trainee(judgement) == ["licence_missing"]
    (issue,) = of_code(judgement, "licence_missing")
    assert issue.expected == UNIT


def test_another_units_licence_beside_the_certificate_is_a_mismatch_and_not_missing() -> None:
    judgement = judged([certificate(1), licence(employer=OTHER_UNIT)], FLEXIBLE)
    assert of_trainee(judgement) == ["employer_mismatch"]
    assert verdict_of(judgement) == "inconsistent"


def test_the_employers_payroll_between_certificate_and_licence_parts_them_not() -> None:
    papers = [licence(employer=OTHER_UNIT), payroll("2023-10"), certificate(1)]
    assert of_trainee(judged(papers, FLEXIBLE)) == ["employer_mismatch"]


def test_a_licence_beside_that_serves_somebody_else_is_no_mismatch() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "flexible")]
    papers = [certificate(1), licence(employer=OTHER_UNIT), certificate(2, employer=OTHER_UNIT)]
    judgement = judged(papers, people)
    assert of_trainee(judgement, 1) == ["licence_missing"]
    assert of_trainee(judgement, 2) == []


def test_the_issuer_may_be_named_in_the_seal_alone() -> None:
    marks = (SIGNED, mark("seal", "issuer", text=UNIT))
    assert of_trainee(judged([certificate(1, employer=None, marks=marks), licence()], FLEXIBLE)) == []


def test_an_issuer_or_licence_that_was_not_read_is_reviewed() -> None:
    assert of_trainee(judged([certificate(1, employer=UNREAD), licence()], FLEXIBLE)) == ["needs_review"]
    assert of_trainee(judged([certificate(1), licence(employer=UNREAD)], FLEXIBLE)) == ["needs_review"]
    faint = licence(employer=Faint(OTHER_UNIT))
    assert of_trainee(judged([certificate(1), faint], FLEXIBLE)) == ["needs_review"]


def test_without_an_issuer_any_licence_that_serves_nobody_else_may_be_the_one() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "flexible")]
    nameless = certificate(1, employer=None)
    judgement = judged([nameless, certificate(2, employer=OTHER_UNIT), licence(employer=OTHER_UNIT)], people)
    assert of_trainee(judgement, 1) == ["licence_missing"]
    judgement = judged([nameless, certificate(2, employer=OTHER_UNIT), licence()], people)
    assert of_trainee(judgement, 1) == ["needs_review"]


def test_a_licence_without_a_name_stands_by_its_operator() -> None:
    one = certificate(1, legal_representative="李四")
    assert of_trainee(judged([one, licence(employer=BLANK)], FLEXIBLE)) == []
    assert of_trainee(judged([certificate(1), licence(employer=BLANK)], FLEXIBLE)) == ["needs_review"]


def test_a_certificate_that_names_no_issuer_stands_by_the_units_head() -> None:
    one = certificate(1, employer=None, legal_representative="李四")
    assert of_trainee(judged([one, licence()], FLEXIBLE)) == []
    other = certificate(1, employer=None, legal_representative="王五")
    assert of_trainee(judged([other, licence()], FLEXIBLE)) == ["needs_review"]


def test_a_certificate_without_an_issuer_is_anothers_by_its_head_and_the_rosters_unit() -> None:
    one = certificate(1, employer=None, legal_representative="王五六")
    beside = licence(employer=OTHER_UNIT)
    assert of_trainee(judged([one, beside], [person(route="flexible", employer=UNIT)])) == ["employer_mismatch"]
    assert of_trainee(judged([one, beside], [person(route="flexible", employer=OTHER_UNIT)])) == ["needs_review"]
    faint = licence(employer=Faint(OTHER_UNIT))
    assert of_trainee(judged([one, faint], [person(route="flexible", employer=UNIT)])) == ["needs_review"]


def test_an_illegible_page_beside_the_certificate_may_be_the_licence() -> None:
    papers = [certificate(1), paper("other", flags=frozenset({"illegible"}))]
    assert of_trainee(judged(papers, FLEXIBLE)) == ["needs_review"]


# --- order training


def test_an_agreement_that_names_the_trainee_is_enough() -> None:
    agreement = paper("order_agreement", 1, rows=({"name": "张三"},))
    assert of_trainee(judged([agreement], ORDER)) == []


def test_an_agreement_without_the_trainee_is_missing() -> None:
    people = [person(1, route="order"), person(2, "李四", "order")]
    agreement = paper("order_agreement", 2, rows=({"name": "李四"},))
    assert of_trainee(judged([agreement, payroll("2024-02", 1)], people)) == ["order_agreement_missing"]
    assert of_trainee(judged([agreement], people)) == ["employment_proof_missing"]


def test_an_agreement_with_rows_that_were_not_read_is_reviewed() -> None:
    agreement = paper("order_agreement", employee=UNREAD, employer=UNIT)
    assert of_trainee(judged([agreement, payroll("2024-02", 1)], ORDER)) == ["needs_review"]


def test_an_agreement_that_names_nobody_does_not_name_the_trainee() -> None:
    agreement = paper("order_agreement", employer=UNIT)
    assert of_trainee(judged([agreement], ORDER)) == ["employment_proof_missing"]


def test_a_list_that_lost_rows_may_name_the_trainee() -> None:
    people = [person(1, route="order"), person(2, "李四", "order")]
    agreement = paper("order_agreement", 2, rows=({"name": "李四"},), unread_rows=1)
    assert of_trainee(judged([agreement], people)) == ["needs_review"]


def test_the_policy_may_ask_for_a_contract_besides_the_agreement() -> None:
    terms = WENSHUI.employment.model_copy(update={"order_needs": "agreement+contract"})
    policy = WENSHUI.model_copy(update={"employment": terms})
    agreement = paper("order_agreement", 1)
    assert of_trainee(judged([agreement], ORDER, policy=policy)) == ["contract_missing"]
    assert of_trainee(judged([agreement, contract(1)], ORDER, policy=policy)) == []


# --- the route


def test_without_a_claim_there_is_nothing_to_prove() -> None:
    judgement = judged([], [person(route="none")])
    assert (of_trainee(judgement), verdict_of(judgement)) == ([], "not_claimed")


def test_an_empty_claim_is_taken_from_the_employment_summary() -> None:
    summary = paper("employment_summary", 1, rows=({"name": "张三", "employment_type": "flexible"},))
    judgement = judged([summary], [person(route=None)])
    assert judgement.trainees[0].employment_type == "flexible"
    assert of_trainee(judgement) == ["employment_proof_missing"]


def test_an_empty_claim_is_inferred_from_the_proof_found() -> None:
    judgement = judged([certificate(1), licence()], [person(route=None)])
    assert (judgement.trainees[0].employment_type, verdict_of(judgement)) == ("flexible", "verified")
    assert verdict_of(judged([], [person(route=None)])) == "not_claimed"


def test_a_claim_that_was_not_read_is_reviewed() -> None:
    summary = paper("employment_summary", 1, rows=({"name": "张三", "employment_type": UNREAD},))
    assert verdict_of(judged([summary], [person(route=None)])) == "needs_review"


def test_a_claim_that_was_not_read_for_certain_is_followed_and_reviewed() -> None:
    def claimed(kind: str, **changes: Any) -> str:
        row = {"name": "张三", "employment_type": Faint(kind), **changes}
        summary = paper("employment_summary", 1, rows=(row,))
        return verdict_of(judged([summary, certificate(1), licence()], [person(route=None)]))

    assert claimed("flexible") == "needs_review"
    assert claimed("none") == "needs_review"
    assert claimed("none", employer=BLANK) == "not_claimed"


def test_who_claims_nothing_needs_no_review_for_digits_that_the_spreadsheet_lost() -> None:
    cut = person(route="none", id_number="141121198503120???", id_digits_lost=True)
    assert verdict_of(judged([], [cut])) == "not_claimed"


@pytest.mark.parametrize(
    ("words", "employer", "verdict"),
    [("求就业", BLANK, "not_claimed"), ("求就业", UNIT, "needs_review"), ("已就业", BLANK, "needs_review")],
)
def test_a_misread_word_for_no_claim_is_none_in_a_row_without_a_unit(
    words: str, employer: object, verdict: str
) -> None:
    seen = lattice(words, {0: ("未", 0.2)} if words == "求就业" else {})
    claim = UNREAD.model_copy(update={"text": words, "lattice": seen})
    row = {"name": "张三", "employment_type": claim, "employer": employer}
    judgement = judged([paper("employment_summary", 1, rows=(row,))], [person(route=None)])
    assert verdict_of(judgement) == verdict


def test_proof_of_a_person_with_the_same_documents_is_not_shared() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "flexible")]
    judgement = judged([certificate(1), licence()], people)
    assert verdict_of(judgement, 2) == "missing"


def test_an_unsure_reading_of_a_seal_that_is_the_licences_name_names_the_issuer() -> None:
    def issued(guess: str) -> list[str]:
        seal = PageMark(shape=MarkShape.ROUND_SEAL, box=SPOT, confidence=0.9, colour="red", guess=guess)
        one = certificate(1, employer=None, sheet={"marks": (seal,)})
        return of_trainee(judged([one, licence()], FLEXIBLE))

    assert issued(UNIT) == issued(UNIT.replace("宏", "宠")) == []
    assert issued("文水县宠远商贸有限公司") == issued("") == ["needs_review"]


def test_an_illegible_licence_among_anothers_papers_is_not_the_issuers() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "self_employed")]
    lost = licence(employer=UNREAD, flags=frozenset({"illegible"}))
    papers = [certificate(1), contract(2), paper("premises_proof", 2), lost, paper("premises_proof", 2)]
    assert of_trainee(judged(papers, people), 1) == ["licence_missing"]
