"""Issues, decisions, corrections and trainees in the store, on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from archive_verify.model import Box, DocType
from archive_verify.review import Correction, CorrectionRefused, PageOverride, Place
from archive_verify.store import (
    Conflict,
    NotFound,
    Refused,
    Scope,
    Store,
    archives,
    corrections,
    decisions,
    findings,
    trainees,
)
from archive_verify.store.archives import NewVolume
from archive_verify.store.decisions import State
from archive_verify.store.places import first_places
from archive_verify.store.runs import Kind
from archive_verify.store.tables import Archive, IssueRow, RunSheet
from archive_verify.store.trainees import TraineeFilter
from tests.case_factories import ID
from tests.service_factories import (
    SYSTEM,
    add_page,
    checked_archive,
    class_pages,
    image,
    institution,
    judge_run,
    open_run,
    read_span,
    run_all,
    start,
)

REASON = "已核对原件"


def _issue(store: Store, archive_id: str, code: str) -> IssueRow:
    with store.reading() as session:
        found = findings.issues(session, archive_id, findings.IssueFilter(code=code))
    assert found, code
    return found[0]


def _decide(store: Store, issue: IssueRow, state: State, *, reason: str = "") -> IssueRow:
    with store.writing(SYSTEM) as tx:
        return decisions.decide(tx, issue.archive_id, issue.id, state, version=issue.version, reason=reason)


def _standing(store: Store, archive: Archive) -> str:
    with store.reading() as session:
        (trainee,) = trainees.of_archive(session, archive.id)
    return trainee.standing


def test_a_decision_stays_with_its_issue_through_another_run(store: Store) -> None:
    made = checked_archive(store)
    issue = _issue(store, made.id, "attendance_first_month_missing")
    _decide(store, issue, State.CONFIRMED)
    run_all(store, start(store, made.id), class_pages())
    again = _issue(store, made.id, "attendance_first_month_missing")
    assert (again.id, again.state, again.version) == (issue.id, "confirmed", 1)


def test_two_reviewers_cannot_overwrite_each_other_unseen(store: Store) -> None:
    issue = _issue(store, checked_archive(store).id, "attendance_first_month_missing")
    _decide(store, issue, State.CONFIRMED)
    with pytest.raises(Conflict) as refusal:
        _decide(store, issue, State.ILLEGIBLE)
    assert refusal.value.current.state == "confirmed"
    issue = _issue(store, issue.archive_id, issue.code)
    _decide(store, issue, State.OPEN)
    with store.reading() as session:
        past = decisions.history(session, issue.archive_id, issue.id)
    assert [(one.version, one.state) for one in past] == [(1, "confirmed"), (2, "open")]


def test_of_reviewers_at_the_same_moment_one_wins(store: Store) -> None:
    issue = _issue(store, checked_archive(store).id, "attendance_first_month_missing")
    outcomes: list[str] = []

    def decide() -> None:
        try:
            _decide(store, issue, State.CONFIRMED)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=decide) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 4 + ["done"]


def test_a_dismissal_needs_a_reason_of_the_list(store: Store) -> None:
    issue = _issue(store, checked_archive(store).id, "attendance_first_month_missing")
    for reason in ("", "随便"):
        with pytest.raises(Refused):
            _decide(store, issue, State.DISMISSED, reason=reason)
    assert _decide(store, issue, State.DISMISSED, reason=REASON).reason == REASON


def test_dismissed_issues_count_for_no_standing_and_with_the_next_judging_for_no_verdict(store: Store) -> None:
    made = checked_archive(store)
    with store.reading() as session:
        mine = findings.issues(session, made.id, findings.IssueFilter(trainee=1))
    assert _standing(store, made) == "incomplete"
    for issue in mine:
        _decide(store, issue, State.DISMISSED, reason=REASON)
    assert _standing(store, made) == "verified"
    checked, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert [trainee.verdict.value for trainee in checked.trainees] == ["verified"]
    assert checked.assessment.employed == 1
    assert {issue.code for issue in checked.issues if issue.id in checked.dismissed} == {one.code for one in mine}
    _decide(store, _issue(store, made.id, mine[0].code), State.OPEN)
    assert _standing(store, made) == "incomplete" or mine[0].code == "needs_review"


def test_a_closed_issue_takes_no_decision(store: Store) -> None:
    made = checked_archive(store)
    issue = _issue(store, made.id, "attendance_first_month_missing")
    _override(store, made, 2, DocType.OTHER)
    judge_run(store, start(store, made.id, Kind.REJUDGE))
    with pytest.raises(Refused):
        _decide(store, issue, State.CONFIRMED)
    with pytest.raises(NotFound), store.writing(SYSTEM) as tx:
        decisions.decide(tx, "another", issue.id, State.CONFIRMED, version=0)


def _place(store: Store, made: Archive, page: int) -> Place:
    with store.reading() as session:
        report = findings.report_of(session, made.current_run_id or "")
    info = report.pages[page - 1]
    return Place(sha256=report.files[info.file].sha256, file_page=info.file_page, half=info.half)


def _override(store: Store, made: Archive, page: int, kind: DocType, *, starts: bool | None = None) -> None:
    with store.writing(SYSTEM) as tx:
        corrections.override(tx, made.id, PageOverride(place=_place(store, made, page), doc_type=kind, starts=starts))


def _correct(store: Store, made: Archive, field: str, value: str) -> str:
    with store.reading() as session:
        report = findings.report_of(session, made.current_run_id or "")
    found = next(document.fields[field] for document in report.documents if field in document.fields)
    correction = Correction(place=_place(store, made, found.page), box=Box(*found.box), field=field, value=value)
    with store.writing(SYSTEM) as tx:
        return corrections.correct(tx, made.id, correction, old=str(found.value)).id


def test_a_corrected_value_is_judged_again_without_reading(store: Store) -> None:
    made = checked_archive(store, class_pages(contract_end="2023年12月31日"))
    assert _issue(store, made.id, "contract_term_short").present
    correction = _correct(store, made, "contract_end", "2024-08-31")
    checked, saved = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert saved and "contract_term_short" not in {issue.code for issue in checked.issues}
    with store.writing(SYSTEM) as tx:
        corrections.withdraw(tx, made.id, correction)
    checked, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert "contract_term_short" in {issue.code for issue in checked.issues}
    assert _issue(store, made.id, "contract_term_short").first_run_id == made.current_run_id


def test_a_correction_outlives_a_new_reading_of_the_same_papers(store: Store) -> None:
    pages = class_pages(contract_end="2023年12月31日")
    made = checked_archive(store, pages)
    _correct(store, made, "contract_end", "2024年8月31日")
    checked = run_all(store, start(store, made.id), pages)
    assert "contract_term_short" not in {issue.code for issue in checked.issues}


def _replaced(store: Store, made: Archive, numbers: range) -> None:
    """New files in the place of the old ones: what is read from them is told by its place among them."""
    with store.writing(SYSTEM) as tx:
        for old, number in zip(archives.volumes(tx.session, made.id), numbers, strict=True):
            sha256, length = store.blobs.put([image(number)])
            archives.add_volume(tx, made.id, NewVolume(sha256, f"{number}.png", length), replaces=old.id)


def test_what_was_said_of_a_page_stays_with_it_in_a_file_that_takes_the_place_of_its_own(store: Store) -> None:
    pages = class_pages(contract_end="2023年12月31日")
    made = checked_archive(store, pages)
    decided = _decide(store, _issue(store, made.id, "page_number_missing"), State.CONFIRMED)
    _correct(store, made, "contract_end", "2024-08-31")
    _override(store, made, 1, DocType.OTHER)
    before, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    for numbers in (range(61, 64), range(71, 74)):
        _replaced(store, made, numbers)
        run_id = start(store, made.id, Kind.SUPPLEMENT)
        after = run_all(store, run_id, pages)
        with store.reading() as session:
            changes = findings.changes(session, run_id)
            moved = corrections.review_of(session, made.id).moved
        assert (changes.closed, changes.new) == ((), ()) and len(changes.open) == len(before.issues)
        assert after.classes[0].doc_type is DocType.OTHER
        assert "contract_term_short" not in {issue.code for issue in after.issues}
        assert _issue(store, made.id, "page_number_missing").decided_at == decided.decided_at
    assert len(moved) == 6 and len({first for _, first in moved}) == 3
    # what is said now is said of the page where it lies now
    with store.reading() as session:
        made = archives.get(session, made.id)
    _override(store, made, 1, DocType.COVER)
    again, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert again.classes[0].doc_type is DocType.COVER


def test_of_two_alike_sheets_each_has_a_place_of_its_own(store: Store) -> None:
    pages = [*class_pages(), class_pages()[1]]
    made = checked_archive(store, pages[:3])
    add_page(store, made.id, 4)
    with store.writing(SYSTEM) as tx:
        volumes = archives.volumes(tx.session, made.id)
        archives.reorder(tx, made.id, [volumes[number].id for number in (0, 3, 1, 2)])
    run_id = start(store, made.id)
    for span_id in open_run(store, run_id):
        read_span(store, span_id, pages)
    with store.writing(SYSTEM) as tx:
        for sheet in tx.session.scalars(select(RunSheet).where(RunSheet.run_id == run_id)):
            sheet.reading_key = f"{(0, 1, 1, 2)[sheet.number]:064x}"      # the sheets 1 and 2 are alike
    with store.reading() as session:
        firsts = first_places(session, made.id)
    assert len(firsts) == 4 and all(place == first for place, first in firsts.items())


def test_a_correction_that_the_field_cannot_hold_is_refused(store: Store) -> None:
    made = checked_archive(store)
    with pytest.raises(CorrectionRefused, match="2024年"):
        _correct(store, made, "contract_end", "2024年")
    with store.reading() as session:
        assert corrections.in_force(session, made.id) == []


def test_a_page_type_set_by_hand_is_judged_again(store: Store) -> None:
    made = checked_archive(store)
    _override(store, made, 2, DocType.OTHER)
    checked, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert [kind.doc_type.value for kind in checked.classes] == ["cover", "other", "payroll"]
    assert "contract_missing" in {issue.code for issue in checked.issues}


def test_a_boundary_set_by_hand_parts_or_joins_documents(store: Store) -> None:
    made = checked_archive(store)
    _override(store, made, 3, DocType.LABOUR_CONTRACT, starts=False)
    checked, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert [document.pages for document in checked.documents] == [(1,), (2, 3)]
    _override(store, made, 3, DocType.LABOUR_CONTRACT, starts=True)
    checked, _ = judge_run(store, start(store, made.id, Kind.REJUDGE))
    assert [document.pages for document in checked.documents] == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三", True), ("张", True), ("三", True), ("三张", False), (ID, True), (ID.lower(), True),
        (ID[-4:], True), (ID[:10], True), (ID[:6], False), (ID[4:12], False), ("", True), ("%", False),
    ],
)  # fmt: skip
def test_trainees_are_found_by_parts_of_the_name_and_by_id_number(store: Store, text: str, found: bool) -> None:
    made = checked_archive(store)
    with store.reading() as session:
        hits = trainees.search(session, Scope(), TraineeFilter(text=text))
        assert [hit.name for hit in hits] == (["张三"] if found else [])
        assert trainees.search(session, Scope(made.institution_id), TraineeFilter(text=text)) == hits
        assert trainees.search(session, Scope("another"), TraineeFilter(text=text)) == []


@pytest.mark.parametrize("asked", ["陳偉", "陈伟", "偉", "陈", "买买提·艾", "买买提・艾", "买买提艾", "ａｂ"])
def test_a_name_is_found_in_whatever_characters_it_is_written_on_the_roster(store: Store, asked: str) -> None:
    names = ("陳偉", "买买提·艾力", "ABCD")
    rows = [f"{name},14112219900101{number}23{number},企业就业,是" for number, name in enumerate(names, 1)]
    checked_archive(store, roster="姓名,身份证号,就业形式,是否合格\n" + "\n".join(rows) + "\n")
    with store.reading() as session:
        assert len(trainees.search(session, Scope(), TraineeFilter(text=asked))) == 1


def test_trainees_are_filtered_by_institution_and_standing(store: Store) -> None:
    made = checked_archive(store)
    other = institution(store, "另一所学校")
    with store.reading() as session:
        for wanted, count in (
            (TraineeFilter(institution_id=made.institution_id), 1), (TraineeFilter(institution_id=other.id), 0),
            (TraineeFilter(standing="incomplete"), 1), (TraineeFilter(standing="verified"), 0),
            (TraineeFilter(archive_id=made.id), 1),
        ):  # fmt: skip
            assert len(trainees.search(session, Scope(), wanted)) == count
        (hit,) = trainees.search(session, Scope(), TraineeFilter())
        with pytest.raises(NotFound):
            trainees.get(session, hit.id, Scope(other.id))
