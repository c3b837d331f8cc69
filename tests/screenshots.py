"""Pictures of the pages: `python -m tests.screenshots DIRECTORY [--language en]`.

A sample binder is read and checked for real, then each page is opened as somebody of a fitting role, on an office
screen and on a phone.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from archive_verify.pipeline import check
from archive_verify.reading import Reader
from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings, Store, archives, findings, open_store, runs, trainees
from archive_verify.store.archives import NewVolume
from archive_verify.store.class_toml import toml_of
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive, Run
from tests.api_factories import app_over
from tests.browsing import PHONE, SCREEN, Visitor, chromium, served
from tests.case_factories import WENSHUI
from tests.service_factories import (
    FACTS,
    OWNER,
    SYSTEM,
    archive,
    checked_archive,
    institution,
    open_run,
    start,
    user,
)

SAMPLE = Path(__file__).parent.parent / "sample_archives" / "faulty"
FACTS_OF_SAMPLE = {
    "name": "2023年美发师培训班（第7期）", "training_kind": "general", "approved_headcount": 8, "as_of": "2024-05-20",
    "verified_headcount": 6, "missing_video_half_days": 0, "general_daily_subsidy_yuan": "50",
}  # fmt: skip
# For what moves when the page has come.
_PATIENCE = 1500
_QUALITY = 60
# Whether all images that are before the eyes have come: those of pages are drawn when they are first asked for.
_COMPLETE = """() => [...document.images].filter((one) => {
    const { top, bottom, left, right, width } = one.getBoundingClientRect();
    return width && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}).every((one) => one.complete && one.naturalWidth)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    options = parser.parse_args()
    directory: Path = options.directory
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        store = open_store(ServiceSettings(data_dir=Path(data)), migrating=True)
        sample = seed(store)
        app = app_over(store)
        with chromium() as browser, served(app) as address:
            for login, pages in pages_by_login(store, sample).items():
                visitor = Visitor(browser, address)
                if login:
                    visitor.sign_in(login)
                if options.language != "zh":
                    visitor.page.goto(f"/language/{options.language}?back=/archives")
                for name, path in pages.items():
                    take(visitor, directory, name, path)
                visitor.leave()
        app.state.service.shelf.close()
        store.close()


def take(visitor: Visitor, directory: Path, name: str, path: str) -> None:
    """The page on an office screen and on a phone."""
    for suffix, screen in (("", SCREEN), ("-phone", PHONE)):
        visitor.page.set_viewport_size(screen)  # type: ignore[arg-type]
        visitor.page.goto(path)
        visitor.page.wait_for_timeout(_PATIENCE)
        visitor.page.wait_for_function(_COMPLETE, timeout=60_000)
        visitor.page.screenshot(path=directory / f"{name}{suffix}.jpg", type="jpeg", quality=_QUALITY)


def pages_by_login(store: Store, sample: Archive) -> dict[str, dict[str, str]]:
    """Name and path of each page, by who looks at it."""
    own = f"/archives/{sample.id}"
    with store.reading() as session:
        trainee = next(one for one in trainees.of_archive(session, sample.id) if one.standing == "inconsistent")
    return {
        "": {"sign-in": "/sign-in"},
        "li": {"new": "/archives/new", "upload": f"{own}/upload", "supplement": f"{own}/supplement"},
        "wang": {
            "archives": "/archives", "queue": "/queue", "archive": own, "archive-trainees": f"{own}/trainees",
            "archive-pages": f"{own}/pages", "computation": f"{own}/computation", "history": f"{own}/history",
            "trainees": "/trainees", "trainee": f"/trainees/{trainee.id}", "review": f"{own}/review",
            "boundaries": f"{own}/boundaries", "overview": "/overview",
        },
        "root": {
            "users": "/admin", "institutions": "/admin/institutions", "tasks": "/admin/tasks",
            "reasons": "/admin/reasons", "policy": "/policy", "audit": "/audit",
        },
    }  # fmt: skip


def seed(store: Store) -> Archive:
    """Two institutions with a few small archives, somebody of each role; the checked sample is the answer."""
    first, second = institution(store, "文水县启航职业培训学校"), institution(store, "文水县远航技工培训中心")
    user(store, "li", Role.CLERK, first.id)
    user(store, "wang", Role.REVIEWER)
    user(store, "root", Role.ADMINISTRATOR)
    classes = ("2023年第13期养老护理员班", "2024年第1期电工班", "2024年第2期家政服务员班")
    for number, name in enumerate(classes, 1):
        school, facts = (second, first)[number % 2], FACTS | {"name": name}
        made = checked_archive(store, school=school, first=10 * number, offset=10 * number, facts=facts)
        with store.writing(SYSTEM) as tx:
            archives.step(tx, made.id, archives.State.SUBMITTED)
            archives.locked(tx, made.id).fen_at_stake = 1_234_500 * number
    waiting = archive(store, first, first=80, facts=FACTS | {"name": "2024年第4期叉车司机班"})
    open_run(store, start(store, waiting.id))
    with store.writing(SYSTEM) as tx:
        made = archives.create(tx, institution_id=first.id, facts=FACTS_OF_SAMPLE, policy="wenshui_2023_51")
    binder, bytes_ = store.blobs.put([(SAMPLE / "binder.pdf").read_bytes()])
    roster, _ = store.blobs.put([(SAMPLE / "roster.xlsx").read_bytes()])
    with store.writing(SYSTEM) as tx:
        archives.set_roster(tx, made.id, roster, "花名册.xlsx")
        archives.add_volume(tx, made.id, NewVolume(binder, "第7期档案.pdf", bytes_))
    check_for_real(store, made.id)
    with store.reading() as session:
        return archives.get(session, made.id)


def check_for_real(store: Store, archive_id: str) -> None:
    """Read and judge as at the command line, and save it as the archive's check."""
    run_id = start(store, archive_id)
    with store.writing(SYSTEM) as tx:
        tx.session.get_one(Run, run_id).state = runs.State.JUDGING.value
    with store.writing(SYSTEM) as tx:
        runs.claim_judge(tx, run_id, OWNER, 3600)
    settings = Settings()
    with tempfile.TemporaryDirectory() as workspace, Reader(settings) as reader:
        facts = Path(workspace) / "class.toml"
        facts.write_text(toml_of(FACTS_OF_SAMPLE), encoding="utf-8")
        checked = check(
            [SAMPLE / "binder.pdf"], roster=SAMPLE / "roster.xlsx", class_toml=facts, policy=WENSHUI,
            settings=settings, reader=reader, workspace=Path(workspace), progress=lambda done, total: None,
        )  # fmt: skip
        outcome = findings.outcome_of(checked)
    with store.writing(SYSTEM) as tx:
        assert findings.save(tx, run_id, OWNER, outcome)


if __name__ == "__main__":
    main()
