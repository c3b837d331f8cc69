"""Archives, uploads, retention, backup, and what the archives show together."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive_verify.errors import ClassFactsRefused
from archive_verify.model import Page
from archive_verify.store import (
    Conflict,
    NotFound,
    Refused,
    Scope,
    ServiceSettings,
    Store,
    across,
    administration,
    archives,
    audit,
    findings,
    idempotency,
    open_store,
    retention,
    runs,
    uploads,
)
from archive_verify.store.archives import ArchiveFilter, State
from archive_verify.store.backup import backup, restore
from archive_verify.store.blobs import DirectoryBlobs
from archive_verify.store.tables import Archive, IssueRow, PageReadingRow, TraineeRow, Volume
from archive_verify.values import id_is_valid
from tests.case_factories import ID
from tests.conftest import Time
from tests.service_factories import (
    FACTS,
    ROSTER,
    SYSTEM,
    add_page,
    add_roster,
    archive,
    checked_archive,
    class_pages,
    image,
    institution,
    judge_run,
    run_all,
    start,
)


def _get(store: Store, archive_id: str) -> Archive:
    with store.reading() as session:
        return archives.get(session, archive_id)


def _step(store: Store, archive_id: str, to: State) -> None:
    with store.writing(SYSTEM) as tx:
        archives.step(tx, archive_id, to)


# --- archives -------------------------------------------------------------------------------------


def test_an_archive_takes_the_facts_of_its_class(store: Store) -> None:
    made = archive(store)
    assert (made.name, made.end_date, made.keep_until) == (FACTS["name"], date(2023, 6, 20), date(2033, 6, 20))
    assert made.class_facts["daily_subsidy_yuan"] == "60"
    with store.writing(SYSTEM) as tx:
        facts = {**FACTS, "name": '引号"和\\ 换行\n', "end_date": "2024-02-29", "training_days": 15.5}
        changed = archives.change_facts(tx, made.id, facts, version=made.version)
    assert changed.name == '引号"和\\ 换行' and changed.keep_until == date(2034, 3, 1)


@pytest.mark.parametrize("facts", [{"unknown": 1}, {"start_date": "2023"}, {"approved_headcount": "30"}, {"name": 1}])
def test_wrong_facts_are_refused(store: Store, facts: dict[str, object]) -> None:
    with pytest.raises(ClassFactsRefused):
        archive(store, facts=facts)


def test_an_archive_changed_by_another_is_not_overwritten_unseen(store: Store) -> None:
    made = archive(store)
    with store.writing(SYSTEM) as tx:
        archives.change_facts(tx, made.id, FACTS, version=made.version)
    with pytest.raises(Conflict), store.writing(SYSTEM) as tx:
        archives.change_facts(tx, made.id, FACTS, version=made.version)


def test_the_way_of_an_archive(store: Store) -> None:
    made = archive(store)
    with pytest.raises(Refused):
        _step(store, made.id, State.ACCEPTED)
    for step in (State.SUBMITTED, State.RETURNED, State.SUBMITTED, State.ACCEPTED):
        _step(store, made.id, step)
    with pytest.raises(Refused):
        _step(store, made.id, State.RETURNED)
    with pytest.raises(Refused, match="不能提交"):
        _step(store, archive(store, institution(store, "别的学校"), pages=0).id, State.SUBMITTED)


def test_volumes_are_added_replaced_set_aside_and_put_in_order(store: Store) -> None:
    made = archive(store)

    def names() -> list[str]:
        with store.reading() as session:
            return [volume.name for volume in archives.volumes(session, made.id)]

    with pytest.raises(Conflict):
        add_page(store, made.id, 1)
    with store.writing(SYSTEM) as tx:
        first, second, third = archives.volumes(tx.session, made.id)
        archives.reorder(tx, made.id, [third.id, first.id, second.id])
    assert names() == ["3.png", "1.png", "2.png"]
    sha256, length = store.blobs.put([image(9)])
    with store.writing(SYSTEM) as tx:
        archives.add_volume(tx, made.id, archives.NewVolume(sha256, "9.png", length), replaces=first.id)
        archives.set_aside(tx, made.id, second.id)
    assert names() == ["3.png", "9.png"]
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Volume)) == 4
    with pytest.raises(Refused), store.writing(SYSTEM) as tx:
        archives.reorder(tx, made.id, [third.id])


def test_archives_are_listed_page_by_page_within_an_institution(store: Store) -> None:
    school, other = institution(store), institution(store, "另一所学校")
    made = [archive(store, school, pages=0).id for _ in range(5)]
    archive(store, other, pages=0)
    mine = Scope(school.id)
    with store.reading() as session:
        seen: list[tuple[str, int]] = []
        while page := archives.find(session, mine, ArchiveFilter(), after=seen[-1] if seen else None, limit=2):
            seen += [(one.id, 0) for one in page]
        assert [one for one, _ in seen] == made[::-1]
        assert archives.count(session, Scope(), ArchiveFilter()) == 6
        assert archives.count(session, Scope(), ArchiveFilter(year=2023, text="面点", state="draft")) == 6
        assert archives.count(session, Scope(), ArchiveFilter(text="100%")) == 0
        with pytest.raises(NotFound):
            archives.find(session, mine, ArchiveFilter(institution_id=other.id))
        with pytest.raises(NotFound):
            archives.get(session, made[0], Scope(other.id))


def test_the_queue_puts_most_money_first(store: Store) -> None:
    school = institution(store)
    made = [archive(store, school, pages=0).id for _ in range(4)]
    with store.writing(SYSTEM) as tx:
        for archive_id, fen in zip(made, (5, 0, 9, 5), strict=True):
            tx.session.get_one(Archive, archive_id).fen_at_stake = fen
    with store.reading() as session:
        seen: list[tuple[str, int]] = []
        while page := archives.find(
            session, Scope(), ArchiveFilter(), order="money", after=seen[-1] if seen else None, limit=1
        ):
            seen += [(one.id, one.fen_at_stake) for one in page]
    assert [one for one, _ in seen] == [made[2], made[3], made[0], made[1]]


def test_an_archive_that_changes_while_the_queue_is_paged_hides_no_other(store: Store) -> None:
    school = institution(store)
    made = [archive(store, school, pages=0).id for _ in range(3)]

    def put(archive_id: str, fen: int) -> None:
        with store.writing(SYSTEM) as tx:
            tx.session.get_one(Archive, archive_id).fen_at_stake = fen

    for archive_id, fen in zip(made, (30, 20, 10), strict=True):
        put(archive_id, fen)
    with store.reading() as session:
        (first,) = archives.find(session, Scope(), ArchiveFilter(), order="money", limit=1)
        last = (first.id, first.fen_at_stake)
    put(made[0], 0)                                         # its issues are decided meanwhile
    with store.reading() as session:
        rest = archives.find(session, Scope(), ArchiveFilter(), order="money", after=last)
    assert [one.id for one in rest] == [made[1], made[2], made[0]]


# --- uploads --------------------------------------------------------------------------------------


def test_an_upload_goes_on_where_it_broke_off(store: Store) -> None:
    made = archive(store, pages=0)
    content = image(7)
    with store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, made.id, name="C:\\扫描\\..\\第1册.png", purpose="volume", length=len(content))
    assert uploads.receive(store, SYSTEM, upload.id, 0, content[:50]) == 50
    for offset in (0, 49, 60):
        with pytest.raises(Conflict) as refusal:
            uploads.receive(store, SYSTEM, upload.id, offset, b"x")
        assert refusal.value.current == 50
    with pytest.raises(Conflict):
        uploads.finish(store, SYSTEM, upload.id)
    with pytest.raises(Refused):
        uploads.receive(store, SYSTEM, upload.id, 50, content)
    uploads.receive(store, SYSTEM, upload.id, 50, content[50:])
    sha256 = uploads.finish(store, SYSTEM, upload.id)
    assert sha256 == hashlib.sha256(content).hexdigest() == uploads.finish(store, SYSTEM, upload.id)
    with store.reading() as session:
        (volume,) = archives.volumes(session, made.id)
    assert (volume.name, volume.bytes) == ("第1册.png", len(content))


class _Meanwhile(DirectoryBlobs):
    """While the first piece is being kept, `other` is done: the sender came back before the server had noticed."""

    other: Callable[[], object] | None = None

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()
        super().put_part(upload_id, offset, content)


def test_a_sender_that_comes_back_before_his_broken_call_has_ended_spoils_nothing(
    local: Store, tmp_path: Path
) -> None:
    made = archive(local, pages=0)
    content = image(7)
    blobs = _Meanwhile(tmp_path / "blobs")
    store = Store(local.settings, local.engine, blobs, local.clock)
    with store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, made.id, name="1.png", purpose="volume", length=len(content))
    blobs.other = lambda: uploads.receive(store, SYSTEM, upload.id, 0, content[:60])
    with pytest.raises(Conflict) as refusal:
        uploads.receive(store, SYSTEM, upload.id, 0, content[:50])
    assert refusal.value.current == 60
    uploads.receive(store, SYSTEM, upload.id, 60, content[60:])
    assert uploads.finish(store, SYSTEM, upload.id) == hashlib.sha256(content).hexdigest()


def test_an_upload_may_bring_the_roster(store: Store) -> None:
    made = archive(store, pages=0)
    content = ROSTER.encode()
    with store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, made.id, name="花名册.csv", purpose="roster", length=len(content))
    uploads.receive(store, SYSTEM, upload.id, 0, content)
    assert _get(store, made.id).roster_sha256 == uploads.finish(store, SYSTEM, upload.id)


def test_uploads_that_nobody_goes_on_with_are_dropped(store: Store, time: Time) -> None:
    made = archive(store, pages=0)
    with store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, made.id, name="a.pdf", purpose="volume", length=10)
    assert uploads.tidy(store, SYSTEM) == 0
    time.go(hours=73)
    assert uploads.tidy(store, SYSTEM) == 1
    with store.reading() as session, pytest.raises(NotFound):
        uploads.get(session, upload.id)


def test_a_creating_call_sent_twice_is_answered_alike(store: Store) -> None:
    answer = idempotency.Answer(201, {"Location": "/x"}, b"{}")
    with store.writing(SYSTEM) as tx:
        idempotency.remember(tx, "u", "k", "h", answer)
    with store.reading() as session:
        assert idempotency.recall(session, "u", "k", "h") == answer
        assert idempotency.recall(session, "v", "k", "h") is None
        with pytest.raises(Refused):
            idempotency.recall(session, "u", "k", "another")


# --- retention and backup -------------------------------------------------------------------------


def test_deletion_is_refused_before_the_time_and_logged_after_it(store: Store, time: Time) -> None:
    made = checked_archive(store)
    _step(store, made.id, State.SUBMITTED)
    time.now = datetime(2033, 6, 20, 23, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="2033-06-20"):
        retention.delete_archive(store, SYSTEM, made.id, "到期")
    time.go(hours=2)
    shas = set(store.blobs.all())
    assert len(shas) == 4
    retention.delete_archive(store, SYSTEM, made.id, "到期")
    assert list(store.blobs.all()) == []
    with store.reading() as session:
        with pytest.raises(NotFound):
            archives.get(session, made.id)
        for table in (TraineeRow, IssueRow, Volume, PageReadingRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        (row,) = audit.rows(session, audit.Filter(action="archive.delete"))
        assert row.new["reason"] == "到期" and set(row.new["blobs"]) == shas
        assert audit.verify(session).valid


def test_an_archive_is_not_deleted_while_it_is_checked(store: Store) -> None:
    made = archive(store)
    run_id = start(store, made.id)
    with pytest.raises(Conflict):
        retention.delete_archive(store, SYSTEM, made.id, "草稿作废")
    with store.writing(SYSTEM) as tx:
        uploads.begin(tx, made.id, name="a.pdf", purpose="volume", length=5)
        runs.cancel(tx, run_id)
    retention.delete_archive(store, SYSTEM, made.id, "草稿作废")
    assert list(store.blobs.all()) == []


def test_what_another_archive_has_too_outlives_a_deletion(store: Store) -> None:
    school = institution(store)
    gone = checked_archive(store, school=school)
    stays = checked_archive(store, school=school)
    retention.delete_archive(store, SYSTEM, gone.id, "草稿作废")
    with store.reading() as session:
        assert all(store.blobs.has(volume.sha256) for volume in archives.volumes(session, stays.id))
    judge_run(store, start(store, stays.id, runs.Kind.REJUDGE))


def test_a_backup_taken_while_work_goes_on_is_restored_whole(tmp_path: Path) -> None:
    store = open_store(ServiceSettings(data_dir=tmp_path / "one"), migrating=True)
    made = checked_archive(store)
    backup(store, tmp_path / "backup")
    add_page(store, made.id, 8)
    running = start(store, made.id)
    summary = backup(store, tmp_path / "backup")
    assert summary.blobs == 5
    add_page(store, made.id, 9)
    store.close()
    settings = ServiceSettings(data_dir=tmp_path / "two")
    assert restore(tmp_path / "backup", settings).blobs == 5
    again = open_store(settings)
    with again.reading() as session:
        assert audit.verify(session).valid
        assert len(archives.volumes(session, made.id)) == 4
        assert runs.stalled(session, again.clock()).opening == (running,)
        assert made.current_run_id and findings.report_of(session, made.current_run_id).trainees
    again.close()
    with pytest.raises(Refused, match="不能覆盖"):
        restore(tmp_path / "backup", settings)


def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    store = open_store(ServiceSettings(data_dir=tmp_path / "one"), migrating=True)
    archive(store)
    backup(store, tmp_path / "backup")
    store.close()
    blob = next(path for path in (tmp_path / "backup" / "blobs").glob("[0-9a-f][0-9a-f]/*"))
    blob.chmod(0o600)
    blob.write_bytes(b"other")
    with pytest.raises(Refused, match="已损坏"):
        restore(tmp_path / "backup", ServiceSettings(data_dir=tmp_path / "two"))
    with (tmp_path / "backup" / "archive-verify.db").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(Refused, match="数据库已损坏"):
        restore(tmp_path / "backup", ServiceSettings(data_dir=tmp_path / "three"))
    with pytest.raises(Refused, match="不是完整的备份"):
        restore(tmp_path, ServiceSettings(data_dir=tmp_path / "three"))


# --- across archives ------------------------------------------------------------------------------


def _cross(store: Store, archive_id: str) -> list[str]:
    with store.reading() as session:
        found = findings.issues(session, archive_id, findings.IssueFilter())
    return [issue.code for issue in found if issue.cross]


def _two_classes(store: Store, start_date: str, end_date: str) -> tuple[str, str]:
    """Two submitted classes with the same trainee; the second one at the given time."""
    one = checked_archive(store)
    _step(store, one.id, State.SUBMITTED)
    facts = {**FACTS, "name": "另一班", "start_date": start_date, "end_date": end_date}
    two = checked_archive(store, school=institution(store, "另一所学校"), facts=facts)
    _step(store, two.id, State.SUBMITTED)
    across.check_across(store, two.id)
    return one.id, two.id


def test_a_trainee_in_two_classes_at_once_is_found_on_both_sides(store: Store) -> None:
    one, two = _two_classes(store, "2023-06-20", "2023-07-05")
    assert _cross(store, one) == _cross(store, two) == ["trainee_in_two_classes"]
    across.check_across(store, one)
    assert _cross(store, one) == ["trainee_in_two_classes"]
    with store.reading() as session:
        (trainee,) = session.scalars(select(TraineeRow).where(TraineeRow.archive_id == one))
    assert trainee.standing == "incomplete"


def test_findings_of_other_archives_stand_in_the_order_of_the_roster(store: Store) -> None:
    second = "110101199001011237"                           # before the first one's number
    assert id_is_valid(second) and second < ID
    roster = f"{ROSTER}李四,{second},企业就业,是\n"
    for name in ("一校", "二校"):
        made = checked_archive(store, school=institution(store, name), roster=roster)
        _step(store, made.id, State.SUBMITTED)
    across.check_across(store, made.id)
    with store.reading() as session:
        found = findings.issues(session, made.id, findings.IssueFilter(code="trainee_in_two_classes"))
    assert [issue.trainee for issue in found] == [1, 2]


def test_a_finding_goes_with_what_the_other_archive_showed(store: Store) -> None:
    one, two = _two_classes(store, "2023-06-20", "2023-07-05")
    add_roster(store, two, ROSTER.replace("张三", "王小麦").replace(ID, "141122198808231138"))
    run_all(store, start(store, two), class_pages())
    across.check_across(store, two)
    assert _cross(store, one) == _cross(store, two) == []


@pytest.mark.parametrize(
    ("start_date", "end_date", "code"),
    [("2023-10-01", "2023-10-10", ["trainee_repeated_in_year"]), ("2024-06-01", "2024-06-10", [])],
)
def test_a_trainee_is_trained_once_a_year(store: Store, start_date: str, end_date: str, code: list[str]) -> None:
    one, two = _two_classes(store, start_date, end_date)
    assert _cross(store, one) == _cross(store, two) == code


def test_a_draft_is_held_against_nobody(store: Store) -> None:
    one = checked_archive(store)
    checked_archive(store, school=institution(store, "另一所学校"))
    across.check_across(store, one.id)
    assert _cross(store, one.id) == []


@pytest.mark.parametrize("same", [True, False])
def test_a_sheet_that_proves_in_two_archives_is_found(store: Store, same: bool) -> None:
    def marked(pages: list[Page], look: int) -> list[Page]:
        bits = random.Random(look).getrandbits(256)
        return [
            page.model_copy(update={
                "reading": page.reading.model_copy(update={"fingerprint": f"{bits + page.index:064x}"})
            })
            for page in pages
        ]  # fmt: skip

    one = checked_archive(store, marked(class_pages(), 1))
    _step(store, one.id, State.SUBMITTED)
    across.check_across(store, one.id)
    other = class_pages() if same else class_pages(contract_end="2025年1月31日", name="王小麦")
    facts = {**FACTS, "start_date": "2024-06-05", "end_date": "2024-06-20"}
    roster = ROSTER if same else ROSTER.replace("张三", "王小麦")
    two = checked_archive(
        store, marked(other, 1), school=institution(store, "另一所学校"), facts=facts, roster=roster, first=51,
        offset=50,
    )  # fmt: skip
    _step(store, two.id, State.SUBMITTED)
    across.check_across(store, two.id)
    expected = ["evidence_reused"] if same else []
    assert _cross(store, one.id) == _cross(store, two.id) == expected


@pytest.mark.parametrize(("task", "low"), [(3, False), (4, True)])
def test_order_training_is_held_against_the_task_of_the_year(store: Store, task: int, low: bool) -> None:
    made = checked_archive(store, facts={**FACTS, "training_kind": "order"})
    _step(store, made.id, State.SUBMITTED)
    with store.writing(SYSTEM) as tx:
        administration.set_task(tx, made.institution_id, 2023, task)
    with store.reading() as session:
        (share,) = across.order_shares(session, 2023)
        assert (share.ordered, share.task, share.low) == (1, task, low)
        assert across.order_shares(session, 2024) == []
