"""Whose each paper is, and whether it agrees with the roster."""

from __future__ import annotations

from typing import Any

import pytest

from archive_verify.match import complete_roster, doubtful, match
from archive_verify.model import (
    Box,
    DocType,
    Document,
    Evidence,
    Lattice,
    Line,
    MarkShape,
    Matching,
    Page,
    PageMark,
    Reading,
    Roster,
    RosterRow,
)
from tests.factories import line, page
from tests.numbered_binders import lattice

WANG, LI, ZHAO = "141121198503120035", "142322198503124325", "141121199001010017"
OTHER, FOURTH = "141121199206150021", "141121198808080038"
MISREAD = "141121198503120085"          # WANG's with one look-alike digit: its checksum is wrong


def people(*rows: tuple[str, str], **more: Any) -> Roster:
    return Roster(file="r.xlsx", rows=tuple(
        RosterRow(row=n, name=name, id_number=number, **more) for n, (name, number) in enumerate(rows, start=1)
    ))


ROSTER = people(("王小云", WANG), ("李明", LI), ("赵志强", ZHAO))


def read(value: Any, at: int = 1, y: float = 0.2, confidence: float = 0.95, seen: Lattice | None = None) -> Reading:
    box = Box(0.3, y, 0.6, y + 0.02)
    return Reading(value=value, text=str(value), page=at, box=box, confidence=confidence, lattice=seen)


def unread(at: int = 1, y: float = 0.2, seen: Lattice | None = None, text: str = "?") -> Reading:
    box = Box(0.3, y, 0.6, y + 0.02)
    return Reading(text=text, page=at, box=box, confidence=0.3, state="unread", lattice=seen)


def paper(kind: DocType, at: int = 1, /, *, rows: tuple[dict[str, Reading], ...] = (), **fields: Any) -> Document:
    """A document of one page; strings become readings, each on a line of its own."""
    readings = {
        key: value if isinstance(value, Reading) else read(value, at, 0.1 + 0.05 * place)
        for place, (key, value) in enumerate(fields.items())
    }
    return Document(id=f"d{at}", type=kind, pages=(at,), fields=readings, rows=rows)


def contract(at: int = 1, name: Any = "王小云", number: Any = WANG, employer: str = "甲公司") -> Document:
    given = {"employee": name, "id_number": number}
    return paper(DocType.LABOUR_CONTRACT, at, employer=employer, **{k: v for k, v in given.items() if v is not None})


def payroll(at: int, *names: Any, employer: str = "甲公司", numbers: tuple[str, ...] = ()) -> Document:
    rows = []
    for place, name in enumerate(names):
        y = 0.2 + 0.03 * place
        row = {"name": name if isinstance(name, Reading) else read(name, at, y)}
        if numbers:
            row["id_number"] = read(numbers[place], at, y + 0.4)
        rows.append(row)
    return paper(DocType.PAYROLL, at, employer=employer, rows=tuple(rows))


def again(reading: Reading | None, text: str, confidence: float = 0.95, seen: Lattice | None = None) -> Any:
    assert reading is not None
    return {(reading.page, reading.box): (Line(text=text, box=reading.box, confidence=confidence, lattice=seen),)}


def ask(
    *documents: Document, roster: Roster = ROSTER, second: Any = None, pages: tuple[Page, ...] = ()
) -> Matching:
    return match(documents, roster, pages, second or {})


def only(matching: Matching) -> Evidence:
    (one,) = matching.evidence
    return one


# --- one trainee's own papers ---------------------------------------------------------------------


def test_name_and_number_that_are_the_rosters_settle_whose_contract_it_is() -> None:
    one = only(ask(contract()))
    assert (one.trainee, one.name, one.id_number, one.linked_by, one.sure) == (1, "yes", "yes", "both", True)


def test_another_name_beside_the_trainees_number_is_no_mismatch_before_a_second_look() -> None:
    document = contract(name="王晓云")
    assert only(ask(document)).name == "unsure"
    second = again(document.fields["employee"], "王晓云")
    one = only(ask(document, second=second))
    assert (one.trainee, one.name, one.id_number) == (1, "no", "yes")


def test_a_second_look_that_reads_the_rosters_name_makes_it_agree() -> None:
    document = contract(name="王小去")
    one = only(ask(document, second=again(document.fields["employee"], "姓名：王小云")))
    assert (one.name, one.id_number, one.linked_by) == ("yes", "yes", "both")


def test_strokes_of_a_neighbour_do_not_keep_a_name_from_being_confirmed() -> None:
    document = contract(name="王晓云")
    one = only(ask(document, second=again(document.fields["employee"], "月王晓云", seen=lattice("月王晓云", {}))))
    assert (one.name, one.id_number) == ("no", "yes")


def test_a_name_read_twice_with_little_trust_is_no_mismatch() -> None:
    document = contract(name=read("王小去", confidence=0.6))
    assert only(ask(document, second=again(document.fields["employee"], "王小去", 0.82))).name == "unsure"


def twice(name: str, wanted: str, first: float, other: float, seen: Lattice | None = None) -> str:
    """How a name read twice alike agrees with the roster's."""
    document = contract(name=read(name, confidence=first, seen=seen))
    return only(ask(
        document, roster=people((wanted, WANG)), second=again(document.fields["employee"], name, other)
    )).name


def test_a_handwritten_character_that_looks_like_the_rosters_is_left_to_a_person() -> None:
    assert twice("杨毓秀", "杨敏秀", 0.948, 0.993) == "unsure"
    assert twice("杨毓秀", "杨敏秀", 0.998, 0.997) == "no"        # print
    assert twice("王彦君", "王彦军", 0.94, 0.924) == "no"         # another character


def test_a_character_of_which_one_look_was_not_sure_is_left_to_a_person() -> None:
    assert twice("王彦君", "王彦军", 0.95, 0.95, lattice("王彦君", {2: ("群", 0.3)})) == "unsure"
    assert twice("王彦君", "王彦军", 0.95, 0.95, lattice("王彦君", {1: ("产", 0.3)})) == "no"


@pytest.mark.parametrize(("name", "agrees"), [("雷仙", "unsure"), ("雷慧", "unsure"), ("雷仙云", "no")])
def test_a_part_of_the_rosters_name_was_not_read_whole(name: str, agrees: str) -> None:
    assert twice(name, "雷仙慧", 0.999, 0.999) == agrees


def test_a_signature_of_which_a_character_was_lost_stands_by_the_name_in_the_text() -> None:
    lost = read("王云", 2)
    proof = paper(DocType.PREMISES_PROOF, 2, operator=lost, id_number=WANG)
    named = page([line(f"房屋无偿提供给王小云（身份证号：{WANG}）使用。", 0.1, 0.3)], 2)
    assert only(ask(proof, pages=(named,))).name == "yes"
    other = page([line(f"房屋无偿提供给王晓云（身份证号：{WANG}）使用。", 0.1, 0.3)], 2)
    assert only(ask(proof, pages=(other,))).name == "unsure"


def test_an_uncertain_reading_that_may_well_be_the_rosters_name_is_it_beside_the_right_number() -> None:
    seen = lattice("梁鵬席", {2: ("虎", 0.2)})
    roster = people(("梁鹏虎", WANG))
    document = contract(name=read("梁鹏席", confidence=0.65, seen=seen))
    spot = document.fields["employee"]
    one = only(ask(document, roster=roster, second=again(spot, "梁鵬席", 0.8, lattice("梁鵬席", {2: ("虎", 0.01)}))))
    assert (one.name, one.id_number) == ("yes", "yes")
    sure = only(ask(document, roster=roster, second=again(spot, "梁鹏席", 0.95, lattice("梁鹏席", {}))))
    assert sure.name == "unsure"
    number = contract(name=read("梁鹏席", confidence=0.65, seen=seen), number=OTHER)
    assert "yes" not in {one.name for one in ask(number, roster=roster).evidence}


def test_a_reading_that_is_no_name_was_misread() -> None:
    roster = people(("靳慧", WANG))
    document = contract(name=read("刺慧", confidence=0.45, seen=lattice("刺慧", {0: ("靳", 0.02)})))
    assert only(ask(document, roster=roster)).name == "yes"
    document = contract(name=read("新慧", confidence=0.45, seen=lattice("新慧", {0: ("靳", 0.0001)})))
    assert only(ask(document, roster=roster)).name == "unsure"


def test_a_second_look_that_leaves_room_for_the_rosters_name_confirms_nothing() -> None:
    document = contract(name="王小去")
    seen = lattice("王小去", {2: ("云", 0.2)})
    one = only(ask(document, second=again(document.fields["employee"], "王小去", seen=seen)))
    assert one.name == "unsure"


def test_another_valid_number_beside_the_trainees_name_is_a_mismatch_once_confirmed() -> None:
    document = contract(number=OTHER)
    assert only(ask(document)).id_number == "unsure"
    one = only(ask(document, second=again(document.fields["id_number"], OTHER)))
    assert (one.trainee, one.name, one.id_number) == (1, "yes", "no")


def test_two_papers_with_the_same_other_number_confirm_each_other() -> None:
    certificate = paper(DocType.FLEXIBLE_CERTIFICATE, 2, employee="王小云", id_number=OTHER)
    assert {one.id_number for one in ask(contract(number=OTHER), certificate).evidence} == {"no"}


def test_exact_characters_need_no_second_look() -> None:
    digital = page([], 1, text_source="text_layer")
    assert only(ask(contract(number=OTHER), pages=(digital,))).id_number == "no"


def test_a_misread_number_is_cleared_by_the_second_look() -> None:
    document = contract(number=MISREAD)
    assert only(ask(document)).id_number == "unsure"
    assert only(ask(document, second=again(document.fields["id_number"], WANG))).id_number == "yes"


def test_a_wrong_number_that_stands_on_the_paper_is_a_mismatch_though_it_looks_alike() -> None:
    document = contract(number=MISREAD)
    assert only(ask(document, second=again(document.fields["id_number"], MISREAD))).id_number == "no"


def test_a_wrong_number_that_may_still_be_the_rosters_is_left_to_a_person() -> None:
    document = contract(number=MISREAD)
    seen = lattice(MISREAD, {16: ("3", 0.1)})
    second = again(document.fields["id_number"], MISREAD, seen=seen)
    assert only(ask(document, second=second)).id_number == "unsure"


def test_a_blurred_second_look_confirms_nothing() -> None:
    document = contract(number=OTHER)
    assert only(ask(document, second=again(document.fields["id_number"], OTHER, confidence=0.5))).id_number == "unsure"


def test_a_handwritten_name_is_found_in_what_the_recogniser_saw() -> None:
    seen = lattice("赵志弦", {2: ("强", 0.3)})
    one = only(ask(contract(name=unread(seen=seen), number=None)))
    assert (one.trainee, one.name, one.sure) == (3, "unsure", False)


def test_name_and_number_both_doubtful_but_of_one_row_settle_whose_paper_it_is() -> None:
    one = only(ask(contract(name=read("王小去", seen=lattice("王小去", {2: ("云", 0.2)})), number=MISREAD)))
    assert (one.trainee, one.name, one.id_number, one.sure) == (1, "unsure", "unsure", True)


def test_a_doubtful_number_alone_does_not_settle_it() -> None:
    one = only(ask(contract(name=None, number=MISREAD)))
    assert (one.trainee, one.id_number, one.sure) == (1, "unsure", False)


# --- other people ----------------------------------------------------------------------------------


def test_a_person_whom_the_roster_does_not_list_is_a_stranger_and_nobodys_evidence() -> None:
    document = contract(name="钱大有", number=OTHER)
    matching = ask(document, second=again(document.fields["id_number"], OTHER))
    assert matching.evidence == ()
    (stranger,) = matching.strangers
    assert (stranger.name, stranger.id_number, stranger.sure) == ("钱大有", OTHER, True)


def test_a_similar_name_with_another_valid_number_is_another_person() -> None:
    matching = ask(contract(name="王小玉", number=OTHER))
    assert matching.evidence == () and len(matching.strangers) == 1


@pytest.mark.parametrize("name", ["赵志钢", "王小王", "李朋"])
def test_a_different_name_without_a_number_is_never_surely_a_trainees(name: str) -> None:
    document = contract(name=name, number=None)
    matching = ask(document, second=again(document.fields["employee"], name))
    assert not any(one.sure for one in matching.evidence)
    assert not any(one.name == "yes" for one in matching.evidence)


def test_a_clear_stranger_without_a_number_is_sure() -> None:
    (stranger,) = ask(contract(name="钱大有", number=None)).strangers
    assert stranger.sure


def test_a_namesakes_contract_beside_the_trainees_own_is_a_strangers() -> None:
    matching = ask(contract(1), contract(2, number=OTHER))
    assert [one.document for one in matching.evidence] == ["d1"]
    assert [one.document for one in matching.strangers] == ["d2"]


def test_other_workers_on_a_payroll_are_neither_trainees_nor_strangers() -> None:
    matching = ask(payroll(5, "钱大有", "王小云", "孙立", "李明"))
    assert [(one.trainee, one.row_index) for one in matching.evidence] == [(1, 1), (2, 3)]
    assert matching.strangers == ()


def test_a_doubtful_row_is_not_taken_for_a_trainee_who_has_a_row() -> None:
    similar = read("王小去", 5, seen=lattice("王小去", {2: ("云", 0.2)}))
    assert [one.row_index for one in ask(payroll(5, similar, "王小云")).evidence] == [1]


def test_a_misread_row_of_a_trainee_is_doubtful_and_not_absent() -> None:
    similar = read("王小去", 5, seen=lattice("王小去", {2: ("云", 0.2)}))
    one = only(ask(payroll(5, similar, "孙立")))
    assert (one.trainee, one.name, one.sure) == (1, "unsure", False)


# --- people of one name ------------------------------------------------------------------------------


TWO_OF_A_NAME = people(("王伟", WANG), ("王伟", LI))


@pytest.mark.parametrize(("seal", "owners"), [(Box(0.5, 0.1, 0.8, 0.4), [1]), (Box(0.1, 0.1, 0.25, 0.4), [])])
def test_a_row_of_whose_name_a_seal_hides_a_part_is_perhaps_the_trainees(seal: Box, owners: list[int]) -> None:
    mark = PageMark(shape=MarkShape.ROUND_SEAL, box=seal, confidence=0.9, colour="black")
    sealed = page([], 1, marks=(mark,))
    twice_read = read("王小").model_copy(update={"confirmed": True})
    found = ask(payroll(1, twice_read), pages=(sealed,)).evidence
    assert [one.trainee for one in found] == owners
    assert not any(one.sure for one in found)


def test_two_trainees_of_one_name_are_told_apart_by_their_numbers() -> None:
    matching = ask(contract(1, "王伟", LI), contract(2, "王伟", WANG), roster=TWO_OF_A_NAME)
    assert [(one.document, one.trainee) for one in matching.evidence] == [("d1", 2), ("d2", 1)]


def test_without_a_number_the_employer_tells_them_apart() -> None:
    matching = ask(
        contract(1, "王伟", WANG, "甲公司"), contract(2, "王伟", LI, "乙公司"),
        payroll(3, "王伟", employer="乙公司"), roster=TWO_OF_A_NAME,
    )
    assert [one.trainee for one in matching.evidence if one.document == "d3"] == [2]


def test_without_a_number_or_an_employer_it_may_be_either() -> None:
    matching = ask(payroll(3, "王伟", employer="丙公司"), roster=TWO_OF_A_NAME)
    assert {(one.trainee, one.sure) for one in matching.evidence} == {(1, False), (2, False)}


def test_trainees_of_one_name_share_the_rows_of_a_sheet_that_has_one_for_each() -> None:
    same = people(("王小云", WANG), ("王小云", LI))
    contracts = (contract(1), contract(2, number=LI))

    def rows(*names: str, employer: str = "甲公司") -> list[tuple[int, int | None, bool]]:
        sheet = payroll(3, *names, employer=employer)
        return [
            (one.trainee, one.row_index, one.sure)
            for one in ask(*contracts, sheet, roster=same).evidence if one.document == "d3"
        ]

    assert rows("王小云", "周五", "王小云") == [(1, 0, True), (2, 2, True)]
    assert [trainee for trainee, _, _ in rows("王小云", "王小云", employer="乙公司")] == [2, 2]    # the contract beside
    assert [trainee for trainee, _, _ in rows("王小云", "周五")] == [2]


def test_a_misread_number_still_tells_them_apart() -> None:
    one = only(ask(contract(1, "王伟", MISREAD), roster=TWO_OF_A_NAME))
    assert (one.trainee, one.id_number) == (1, "unsure")


def test_a_person_listed_twice_has_the_proof_on_both_rows() -> None:
    matching = ask(contract(), roster=people(("王小云", WANG), ("李明", LI), ("王小云", WANG)))
    assert [one.trainee for one in matching.evidence] == [1, 3]


def test_of_two_rows_with_one_number_the_one_with_the_name_is_meant() -> None:
    assert only(ask(contract(), roster=people(("王小云", WANG), ("李明", WANG)))).trainee == 1


def test_one_trainees_number_with_anothers_name_is_decided_by_the_papers_around() -> None:
    mixed = contract(2, "王小云", LI)
    before = paper(DocType.PREMISES_PROOF, 1, tenant="王小云", id_number=WANG)
    after = paper(DocType.FLEXIBLE_CERTIFICATE, 3, employee="王小云", id_number=WANG)
    matching = ask(before, mixed, after, second=again(mixed.fields["id_number"], LI))
    found = [one for one in matching.evidence if one.document == "d2"]
    assert [(one.trainee, one.name, one.id_number) for one in found] == [(1, "yes", "no")]
    alone = only(ask(mixed, second=again(mixed.fields["employee"], "王小云")))
    assert (alone.trainee, alone.name, alone.id_number) == (2, "no", "yes")


# --- licences, premises, lists ------------------------------------------------------------------------


def test_a_licence_belongs_to_the_trainee_who_operates_it() -> None:
    one = only(ask(paper(DocType.BUSINESS_LICENCE, operator="李明", employer="文水县李明面馆")))
    assert (one.trainee, one.name, one.id_number, one.sure) == (2, "yes", "absent", True)


def test_the_head_of_a_unit_that_employs_trainees_is_no_stranger() -> None:
    licence = paper(DocType.BUSINESS_LICENCE, 2, legal_representative="钱大有", employer="甲公司")
    assert ask(contract(), licence).strangers == ()
    assert len(ask(licence).strangers) == 1


def test_a_company_of_which_the_trainee_is_the_head_has_no_stranger() -> None:
    matching = ask(paper(DocType.BUSINESS_LICENCE, legal_representative="李明", operator="钱大有"))
    assert [one.trainee for one in matching.evidence] == [2]
    assert matching.strangers == ()


def test_the_issuers_licence_belongs_to_the_trainee_of_the_certificate() -> None:
    certificate = paper(DocType.FLEXIBLE_CERTIFICATE, 1, employee="李明", id_number=LI, employer="文水县顺达运输部")
    licence = paper(DocType.BUSINESS_LICENCE, 2, operator="钱大有", employer="顺达运输部")
    matching = ask(certificate, licence)
    linked = [(one.trainee, one.document, one.linked_by) for one in matching.evidence]
    assert linked == [(2, "d1", "both"), (2, "d2", "employer")]
    assert matching.strangers == ()


def test_a_licence_whose_name_was_not_found_is_known_by_its_text_or_its_head() -> None:
    certificate = paper(
        DocType.FLEXIBLE_CERTIFICATE, 1, employee="李明", id_number=LI, employer="文水县益民便利店",
        legal_representative="梁龙根",
    )
    text = page([line("文水县益民便利店", 0.2, 0.37)], 2)
    by_text = ask(certificate, paper(DocType.BUSINESS_LICENCE, 2, operator="钱大有"), pages=(text,))
    by_head = ask(certificate, paper(DocType.BUSINESS_LICENCE, 2, operator="梁龙根"))
    neither = ask(certificate, paper(DocType.BUSINESS_LICENCE, 2, operator="孙立"))
    for matching in (by_text, by_head):
        assert [one.linked_by for one in matching.evidence] == ["both", "employer"]
        assert matching.strangers == ()
    assert len(neither.evidence) == 1 and len(neither.strangers) == 1


def test_a_lease_belongs_to_the_tenant_and_the_landlord_is_nobody() -> None:
    matching = ask(paper(DocType.PREMISES_PROOF, tenant="李明", landlord="钱大有", id_number=OTHER))
    assert [(one.trainee, one.id_number) for one in matching.evidence] == [(2, "absent")]
    assert matching.strangers == ()


def lease(number: str, at: Box, text: tuple[Page, ...] = (), landlord: bool = True) -> Evidence:
    """A lease to 李明; the tenant stands right of the landlord, in one row."""
    fields = {"tenant": read("李明").model_copy(update={"box": Box(0.6, 0.2, 0.7, 0.22)})}
    if landlord:
        fields["landlord"] = read("钱大有").model_copy(update={"box": Box(0.2, 0.2, 0.3, 0.22)})
    fields["id_number"] = read(number).model_copy(update={"box": at})
    document = paper(DocType.PREMISES_PROOF, **fields)
    return only(ask(document, second=again(fields["id_number"], number), pages=text))


def test_another_number_behind_the_tenants_name_is_a_mismatch() -> None:
    below_tenant, below_landlord = Box(0.6, 0.24, 0.9, 0.26), Box(0.2, 0.24, 0.5, 0.26)
    assert lease(OTHER, below_tenant).id_number == "no"
    assert lease(LI, below_tenant).id_number == "yes"
    assert lease(OTHER, below_landlord).id_number == "absent"
    assert lease(OTHER, below_landlord, landlord=False).id_number == "no"


def test_two_numbers_on_a_lease_of_which_none_is_the_trainees_are_left_to_a_person() -> None:
    text = page([line(f"甲方 {OTHER} 乙方 {FOURTH}", 0.1, 0.3)], 1)
    assert lease(OTHER, Box(0.2, 0.24, 0.5, 0.26), (text,)).id_number == "unsure"
    text = page([line(f"甲方 {OTHER} 乙方 {LI}", 0.1, 0.3)], 1)
    assert lease(OTHER, Box(0.2, 0.24, 0.5, 0.26), (text,)).id_number == "yes"


def test_a_place_let_to_the_trainees_business_or_owned_by_him_is_his() -> None:
    licence = paper(DocType.BUSINESS_LICENCE, 1, operator="李明", employer="文水县李明面馆")
    let = paper(DocType.PREMISES_PROOF, 2, landlord="钱大有", employer="李明面馆")
    owned = paper(DocType.PREMISES_PROOF, 3, landlord="李明")
    found = {one.document: (one.trainee, one.linked_by, one.sure) for one in ask(licence, let, owned).evidence}
    assert found == {"d1": (2, "name", True), "d2": (2, "employer", True), "d3": (2, "name", True)}


def test_a_landlord_of_a_trainees_name_does_not_make_the_tenants_lease_his() -> None:
    matching = ask(paper(DocType.PREMISES_PROOF, tenant="李明", landlord="王小云"))
    assert [one.trainee for one in matching.evidence] == [2]


def test_each_person_of_a_listed_certificate_has_evidence_and_outsiders_are_strangers() -> None:
    rows = tuple(
        {"name": read(name, 1, 0.2 + place / 20), "id_number": read(number, 1, 0.6 + place / 20)}
        for place, (name, number) in enumerate([("王小云", WANG), ("钱大有", OTHER), ("赵志强", ZHAO)])
    )
    matching = ask(paper(DocType.FLEXIBLE_CERTIFICATE, rows=rows, employer="顺达运输部"))
    assert [(one.trainee, one.row_index) for one in matching.evidence] == [(1, 0), (3, 2)]
    assert [one.name for one in matching.strangers] == ["钱大有"]


def test_an_agreement_that_names_trainees_one_after_another_is_that_of_each() -> None:
    document = paper(DocType.ORDER_AGREEMENT, 1, employee="王小云")
    book = page([
        line("录用学员：王小云、赵志强，", 0.1, 0.3), line("李明。代表：赵志强明", 0.1, 0.33, confidence=0.7),
    ])
    found = {one.trainee: (one.name, one.sure) for one in ask(document, pages=(book,)).evidence}
    assert found == {1: ("yes", True), 2: ("yes", False), 3: ("yes", True)}
    alone = page([line("学员李明应遵守纪律，", 0.1, 0.3), line("联系人：李明", 0.1, 0.33)])
    assert [one.trainee for one in ask(document, pages=(alone,)).evidence] == [1]


def test_class_lists_give_evidence_too() -> None:
    rows = ({"name": read("王小云"), "id_number": read(WANG, y=0.5)}, {"name": read("钱大有", y=0.3)})
    matching = ask(paper(DocType.SCORE_SHEET, rows=rows))
    assert [one.trainee for one in matching.evidence] == [1]
    assert matching.strangers == ()


# --- papers that name nobody --------------------------------------------------------------------------


def test_a_nameless_paper_between_two_of_one_trainee_is_perhaps_his() -> None:
    nameless = paper(DocType.LABOUR_CONTRACT, 2, employer="甲公司")
    certificate = paper(DocType.FLEXIBLE_CERTIFICATE, 3, employee="王小云", id_number=WANG)
    found = [one for one in ask(contract(1), nameless, certificate).evidence if one.document == "d2"]
    assert [(one.trainee, one.linked_by, one.sure) for one in found] == [(1, "neighbourhood", False)]
    other = paper(DocType.FLEXIBLE_CERTIFICATE, 3, employee="李明", id_number=LI)
    assert not [one for one in ask(contract(1), nameless, other).evidence if one.document == "d2"]


def test_a_number_somewhere_in_the_text_tells_whose_paper_it_is() -> None:
    text = page([line(f"乙方：王小云 身份证号：{WANG}", 0.1, 0.3)], 2)
    one = only(ask(paper(DocType.LABOUR_CONTRACT, 2), pages=(text,)))
    assert (one.trainee, one.name, one.id_number, one.linked_by, one.sure) == (1, "yes", "yes", "id_number", True)


def test_what_no_field_holds_is_looked_up_in_the_text_beside() -> None:
    text = page([line(f"今证明王小云（女），身份证号码{WANG}，在我店工作。", 0.1, 0.3)], 2)
    nameless = paper(DocType.FLEXIBLE_CERTIFICATE, 2, id_number=WANG)
    one = only(ask(nameless, pages=(text,)))
    assert (one.trainee, one.name, one.id_number, one.linked_by) == (1, "yes", "yes", "both")
    numberless = paper(DocType.FLEXIBLE_CERTIFICATE, 2, employee="王小云", id_number=unread(2))
    one = only(ask(numberless, pages=(text,)))
    assert (one.trainee, one.name, one.id_number, one.linked_by) == (1, "yes", "yes", "both")
    other = page([line(f"今证明李小云（女），身份证号码{WANG}，在我店工作。", 0.1, 0.3)], 2)
    assert only(ask(nameless, pages=(other,))).name == "unsure"


def test_another_number_that_no_field_holds_is_not_passed_over() -> None:
    text = page([line(f"乙方：王小云 证件：{OTHER}", 0.1, 0.3)], 1)
    assert only(ask(contract(number=None), pages=(text,))).id_number == "unsure"
    assert only(ask(contract(number=None), pages=(page([line("乙方：王小云", 0.1, 0.3)], 1),))).id_number == "absent"


@pytest.mark.parametrize(("listed", "written"), [
    ("买买提·阿不都", "买买提阿不都"), ("买买提阿不都", "买买提·阿不都"), ("买买提·阿不都", "买买提•阿不都"),
])
def test_the_dot_of_a_long_name_may_be_left_out(listed: str, written: str) -> None:
    roster = people((listed, WANG), ("李明", LI))
    name = read(written) if "·" in written else unread(text=written)
    one = only(ask(contract(name=name), roster=roster))
    assert (one.trainee, one.name, one.id_number) == (1, "yes", "yes")
    sheet = payroll(2, name.model_copy(update={"page": 2}), "周五")
    assert [(one.trainee, one.name, one.sure) for one in ask(sheet, roster=roster).evidence] == [(1, "yes", True)]


def test_a_name_in_a_sentence_is_a_trace_too() -> None:
    text = page([line("今证明 王小 云（女），在我店工作。", 0.1, 0.3)], 2)
    one = only(ask(paper(DocType.FLEXIBLE_CERTIFICATE, 2), pages=(text,)))
    assert (one.trainee, one.name, one.sure) == (1, "yes", False)


def test_a_name_somewhere_in_the_text_is_a_trace_and_no_proof() -> None:
    text = page([line("乙方：王小云", 0.1, 0.3)], 2)
    one = only(ask(paper(DocType.LABOUR_CONTRACT, 2), pages=(text,)))
    assert (one.trainee, one.linked_by, one.sure) == (1, "name", False)


# --- the second look, and lost digits -------------------------------------------------------------------


def test_only_what_does_not_agree_is_looked_at_again() -> None:
    agreed, wrong = contract(1), contract(2, "李朋", LI)
    sheet = payroll(3, "王小云", "钱大有", read("王小去", 3, 0.8, seen=lattice("王小去", {2: ("云", 0.2)})))
    name, number = wrong.fields["employee"], wrong.fields["id_number"]
    similar = sheet.rows[2]["name"]
    assert doubtful((agreed, wrong, sheet), ROSTER) == (
        (2, name.box), (2, number.box), (3, similar.box),
    )


def test_unread_names_on_a_payroll_are_looked_at_again() -> None:
    sheet = payroll(3, unread(3, 0.4))
    assert doubtful((sheet,), ROSTER) == ((3, sheet.rows[0]["name"].box),)


def test_digits_lost_by_a_spreadsheet_are_filled_in_from_papers_that_agree() -> None:
    cut = people(("王小云", WANG[:15] + "???"), id_digits_lost=True)
    assert complete_roster(cut, [contract()]).rows[0].id_number == WANG
    assert complete_roster(cut, [contract(name="李明")]) == cut
    assert complete_roster(cut, []) == cut


def test_a_number_not_read_beside_an_unknown_name_of_a_row_is_looked_at_again() -> None:
    number = unread(y=0.3)
    sheet = paper(DocType.PAYROLL, rows=({"name": read("赵不详", y=0.3), "id_number": number},))
    roster = people(("王小云", WANG))
    assert (number.page, number.box) in doubtful([sheet], roster)
    found = only(match([sheet], roster, [], again(number, WANG)))
    assert (found.trainee, found.id_number) == (1, "yes")
