"""Names of units that were not read for certain, settled by the names that are known."""

from __future__ import annotations

from archive_verify.known_units import alike_units, settle_units
from archive_verify.model import Box, DocType, Document, Lattice, Line, Mark, Reading
from tests.numbered_binders import lattice

UNIT, MISREAD = "文水县鑫源商贸有限公司", "文水县鑫源高贸有限公司"
SISTER = "文水县鑫原商贸有限公司"        # another company
HERE = Box(0.3, 0.2, 0.7, 0.22)


def sheet(
    at: int, name: str, confidence: float = 0.99, seen: Lattice | None = None, seal: str = ""
) -> Document:
    reading = Reading(value=name, text=name, page=at, box=HERE, confidence=confidence, lattice=seen)
    marks = (Mark(kind="seal", party="employer", page=at, box=HERE, confidence=0.99, text=seal),) if seal else ()
    return Document(id=f"d{at}", type=DocType.PAYROLL, pages=(at,), fields={"employer": reading}, marks=marks)


def again(
    at: int, text: str, confidence: float = 0.95, seen: Lattice | None = None
) -> dict[tuple[int, Box], tuple[Line, ...]]:
    return {(at, HERE): (Line(text=text, box=HERE, confidence=confidence, lattice=seen),)}


def employers(*documents: Document) -> list[str]:
    return [document.fields["employer"].value for document in documents]


def test_names_that_are_nearly_alike_are_looked_at_again_on_both_papers() -> None:
    far = sheet(3, "文水县宏达酒店管理有限公司")
    assert alike_units([sheet(1, UNIT), sheet(2, MISREAD), far]) == ((1, HERE), (2, HERE))
    assert alike_units([sheet(1, UNIT), sheet(2, UNIT)]) == ()


def test_a_misread_name_that_the_recogniser_saw_nearly_as_well_becomes_the_known_one() -> None:
    doubtful = sheet(2, MISREAD, 0.92, lattice(MISREAD, {5: ("商", 0.4)}))
    assert employers(*settle_units([sheet(1, UNIT), doubtful], {})) == [UNIT, UNIT]


def test_a_misread_name_becomes_the_one_that_the_second_look_reads() -> None:
    settled = settle_units([sheet(1, UNIT), sheet(2, MISREAD, 0.92)], again(2, f"甲方：{UNIT}"))
    assert employers(*settled) == [UNIT, UNIT]


def test_a_name_in_the_papers_own_seal_is_known() -> None:
    doubtful = sheet(2, MISREAD, 0.92, lattice(MISREAD, {5: ("商", 0.4)}), seal=UNIT)
    assert employers(*settle_units([doubtful], {})) == [UNIT]


def test_two_names_read_clearly_stay_two_units() -> None:
    both = [sheet(1, UNIT), sheet(2, SISTER, 0.985, lattice(SISTER, {}))]
    assert employers(*settle_units(both, again(2, SISTER, seen=lattice(SISTER, {})))) == [UNIT, SISTER]


def test_a_doubtful_name_that_the_second_look_repeats_is_confirmed() -> None:
    doubtful = sheet(2, SISTER, 0.90, lattice(SISTER, {4: ("源", 0.001)}))
    (_, settled) = settle_units([sheet(1, UNIT), doubtful], again(2, SISTER))
    assert (settled.fields["employer"].value, settled.fields["employer"].confirmed) == (SISTER, True)


def test_a_doubtful_name_without_any_support_stays_as_it_was_read() -> None:
    doubtful = sheet(2, SISTER, 0.90)
    (_, settled) = settle_units([sheet(1, UNIT), doubtful], again(2, "看不清", 0.3))
    assert (settled.fields["employer"].value, settled.fields["employer"].confirmed) == (SISTER, False)
