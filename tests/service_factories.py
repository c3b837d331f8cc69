"""Institutions, users, archives and finished runs in a store; shorthand first, everything else defaulted."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from pydantic import TypeAdapter

from archive_verify.binder import open_binder
from archive_verify.model import Binder, Page, PageReading
from archive_verify.pipeline import Checked, check
from archive_verify.policy import terms as terms_module
from archive_verify.settings import Settings
from archive_verify.store import Actor, Store, archives, corrections, findings, people, runs
from archive_verify.store.archives import NewVolume
from archive_verify.store.materials import materials
from archive_verify.store.people import Role
from archive_verify.store.readings import StoreCache, StoredReader
from archive_verify.store.tables import Archive, Institution, User
from tests.case_factories import ID, UNIT, WENSHUI
from tests.factories import table_page, text_page

SYSTEM = Actor.system("test")
OWNER = "worker 1"
PASSWORD = "correct horse battery"
FACTS = {
    "name": "2023年第12期中式面点师班", "approved_headcount": 1, "start_date": "2023-06-05",
    "end_date": "2023-06-20", "as_of": "2024-03-20", "daily_subsidy_yuan": "60", "training_days": 16,
}  # fmt: skip
ROSTER = f"姓名,身份证号,就业形式,是否合格\n张三,{ID},企业就业,是\n"
_Readings = TypeAdapter(tuple[PageReading, ...])


def class_pages(*, contract_end: str = "2024年8月31日", name: str = "张三") -> list[Page]:
    """Cover, labour contract and payroll of a class of one."""
    contract = (
        f"甲方（用人单位）：{UNIT}", f"乙方（劳动者）：{name}    身份证号码：{ID}",
        f"第一条 本合同为固定期限，自2023年9月1日起至{contract_end}止。", "第二条 乙方月工资3000元。",
        "甲方（盖章）：", f"乙方（签字）：{name}",
    )  # fmt: skip
    payroll = table_page(
        f"{UNIT}2023年9月工资表", ("序号", "姓名", "身份证号", "基本工资", "应发合计", "实发金额"),
        [("1", name, ID, "3000", "3000", "2900")], f"单位：{UNIT}", index=3,
    )  # fmt: skip
    cover = text_page("档案封面", "案卷题名：2023年第12期中式面点师班")
    return [cover, text_page("劳动合同书", *contract, index=2), payroll]


def image(shade: int) -> bytes:
    """A small PNG; pages are read from recordings, whatever it shows."""
    stream = BytesIO()
    Image.new("RGB", (100, 140), (shade, shade, shade)).save(stream, "PNG")
    return stream.getvalue()


def institution(store: Store, name: str = "启航职业培训学校") -> Institution:
    """A new institution."""
    with store.writing(SYSTEM) as tx:
        return people.create_institution(tx, name)


def user(store: Store, login: str = "wang", role: Role = Role.REVIEWER, institution_id: str | None = None) -> User:
    """A user with PASSWORD, who need not change it."""
    with store.writing(SYSTEM) as tx:
        return people.create_user(
            tx, login=login, name=f"{login}的姓名", role=role, password=PASSWORD,
            institution_id=institution_id, must_change=False,
        )  # fmt: skip


def archive(
    store: Store, school: Institution | None = None, *, pages: int = 3, roster: str = ROSTER, first: int = 1,
    facts: dict[str, object] | None = None,
) -> Archive:  # fmt: skip
    """An archive with one image per page as its volumes, and a roster."""
    school = school or institution(store)
    with store.writing(SYSTEM) as tx:
        made = archives.create(
            tx, institution_id=school.id, facts=facts or FACTS, policy="wenshui_2023_51"
        )
    add_roster(store, made.id, roster)
    for number in range(first, first + pages):
        add_page(store, made.id, number)
    with store.reading() as session:
        return archives.get(session, made.id)


def add_roster(store: Store, archive_id: str, roster: str) -> None:
    """Hand in the roster."""
    sha256, _ = store.blobs.put([roster.encode()])
    with store.writing(SYSTEM) as tx:
        archives.set_roster(tx, archive_id, sha256, "roster.csv")


def county(policy_id: str, title: str = "某县办法", **terms: str) -> str:
    """The file of a policy like the program's own but for these terms, written as TOML."""
    text = (Path(terms_module.__file__).parent / "wenshui_2023_51.toml").read_text(encoding="utf-8")
    for name, value in {"id": f'"{policy_id}"', "title": f'"{title}"', **terms}.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text, count=1)
        assert count, name
    return text


def add_page(store: Store, archive_id: str, number: int) -> None:
    """Hand in one more volume of one page."""
    sha256, length = store.blobs.put([image(number)])
    with store.writing(SYSTEM) as tx:
        archives.add_volume(tx, archive_id, NewVolume(sha256, f"{number}.png", length))


def start(store: Store, archive_id: str, kind: runs.Kind = runs.Kind.CHECK) -> str:
    """The id of a new run."""
    with store.writing(SYSTEM) as tx:
        return runs.start(tx, archive_id, kind).id


def open_run(store: Store, run_id: str, *, span: int = 2) -> tuple[str, ...]:
    """What a worker does first: the ids of the spans."""
    with store.writing(SYSTEM) as tx:
        run = runs.claim_open(tx, run_id, OWNER, 60)
    assert run is not None
    with tempfile.TemporaryDirectory() as workspace, materials(store, run, Path(workspace)) as papers:
        binder = open_binder(papers.volumes, Settings(), Path(workspace))
        with store.writing(SYSTEM) as tx:
            return runs.opened(tx, run_id, OWNER, places(binder), engine="replay", span=span)


def read_span(
    store: Store, span_id: str, pages: Sequence[Page], owner: str = OWNER, *, offset: int = 0
) -> bool:
    """Read a span from recorded pages, one page per sheet; whether the judging is next.

    `offset` makes the pages others than those of an archive read without it.
    """
    with store.writing(SYSTEM) as tx:
        span = runs.claim_span(tx, span_id, owner, 60)
    assert span is not None
    cache = StoreCache(store, span.run.run_id)
    for number in span.numbers:
        with store.writing(SYSTEM) as tx:
            assert runs.begin_sheet(tx, span_id, owner, number, 60)
        key = f"{number + offset:064x}"
        cache.put(key, _Readings.dump_json((pages[number].reading,)))
        with store.writing(SYSTEM) as tx:
            runs.sheet_read(tx, span.run.run_id, number, key)
    with store.writing(SYSTEM) as tx:
        return runs.finish_span(tx, span_id, owner)


def judge_run(store: Store, run_id: str, owner: str = OWNER) -> tuple[Checked, bool]:
    """Judge from what is stored, and save; whether it was taken."""
    with store.writing(SYSTEM) as tx:
        run = runs.claim_judge(tx, run_id, owner, 60)
    assert run is not None
    with store.reading() as session:
        review = corrections.review_of(session, run.archive_id)
    with tempfile.TemporaryDirectory() as workspace, materials(store, run, Path(workspace)) as papers:
        checked = check(
            papers.volumes, roster=papers.roster, class_toml=papers.class_toml, policy=WENSHUI,
            settings=Settings(), reader=StoredReader(store, run.reading_run_id), workspace=Path(workspace),
            progress=lambda done, total: None, review=review,
        )  # fmt: skip
        outcome = findings.outcome_of(checked)
    with store.writing(SYSTEM) as tx:
        return checked, findings.save(tx, run_id, owner, outcome)


def checked_archive(
    store: Store, pages: Sequence[Page] | None = None, *, offset: int = 0, **made: object
) -> Archive:
    """An archive with one finished run."""
    pages = pages or class_pages()
    new = archive(store, pages=len(pages), **made)  # type: ignore[arg-type]
    run_all(store, start(store, new.id), pages, offset=offset)
    with store.reading() as session:
        return archives.get(session, new.id)


def run_all(store: Store, run_id: str, pages: Sequence[Page], *, offset: int = 0) -> Checked:
    """A run from opening to saving."""
    for span_id in open_run(store, run_id):
        read_span(store, span_id, pages, offset=offset)
    checked, saved = judge_run(store, run_id)
    assert saved
    return checked


def places(binder: Binder) -> list[tuple[str, int]]:
    """The sheets of a binder by file and page."""
    return [(binder.files[sheet.file].sha256, sheet.file_page) for sheet in binder.sheets]
