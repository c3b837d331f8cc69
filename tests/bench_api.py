"""How long the issue list of a large archive and the trainee search take: `python -m tests.bench_api`.

Draws an archive with 2,000 issues and 100,000 trainees in 2,000 archives into a new store (SQLite, or
the one at DATABASE_URL, which must be empty) and prints the 95th percentile of each call over HTTP.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from archive_verify.store import ServiceSettings, Store, Transaction, archives, findings, open_store
from archive_verify.store.people import Role
from archive_verify.store.tables import IssueRow, TraineeRow, TraineeTerm
from tests.api_factories import Person, app_over
from tests.service_factories import FACTS, SYSTEM, checked_archive, institution, user

_ISSUES, _TRAINEES, _CLASS, _CALLS = 2_000, 100_000, 50, 200
_GOAL_MS = 50.0
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉建华国红玉兰志梅海燕春生龙飞鹏宇浩凯欣怡婷雪琴"


def main() -> int:
    """Print the table; exit status 1 where a goal is missed."""
    draw = random.Random(20240320)
    with tempfile.TemporaryDirectory(prefix="bench-api-") as directory:
        store = open_store(ServiceSettings(data_dir=Path(directory)), migrating=True)
        try:
            archive_id = _many_issues(store)
            names = _many_trainees(store, draw)
            app = app_over(store)
            user(store, "wang", Role.REVIEWER)
            person = Person(app, "wang")
            path = f"/archives/{archive_id}/issues?limit=100"
            issues = [("get", path, None) for _ in range(_CALLS)]
            searches = [("post", "/trainees/search", {"text": _asked(draw, names)}) for _ in range(_CALLS)]
            with person.client:
                figures = {
                    f"issue list ({_ISSUES:,} issues, pages of 100)": _timed(person, issues),
                    f"trainee search ({_TRAINEES:,} trainees)": _timed(person, searches),
                }
        finally:
            store.close()
    missed = False
    for name, (median, p95) in figures.items():
        missed |= p95 > _GOAL_MS
        sys.stdout.write(f"{name:<48} median {median:6.1f} ms   p95 {p95:6.1f} ms   goal {_GOAL_MS:.0f} ms\n")
    return int(missed)


def _timed(person: Person, calls: list[tuple[str, str, Any]]) -> tuple[float, float]:
    """Median and 95th percentile in ms, after a few calls that do not count."""
    for call in calls[:10]:
        person(*call)
    taken = []
    for call in calls:
        began = time.perf_counter()
        answer = person(*call)
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200 and answer.json()["items"], answer.text
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def _many_issues(store: Store) -> str:
    made = checked_archive(store, school=institution(store, "测试学校"))
    with store.writing(SYSTEM) as tx:
        pattern = findings.issues(tx.session, made.id, findings.IssueFilter())[0]
        values = {column.name: getattr(pattern, column.name) for column in IssueRow.__table__.columns}
        del values["id"]
        tx.session.execute(
            insert(IssueRow),
            [values | {"fingerprint": f"{number:064x}", "position": 100 + number} for number in range(_ISSUES)],
        )
    return made.id


def _many_trainees(store: Store, draw: random.Random) -> list[tuple[str, str]]:
    schools = [institution(store, f"第{number}职业培训学校") for number in range(40)]
    people: list[tuple[str, str]] = []
    for first in range(0, _TRAINEES, 10_000):
        with store.writing(SYSTEM) as tx:
            for start in range(first, first + 10_000, _CLASS):
                school = schools[start // _CLASS % len(schools)]
                made = archives.create(tx, institution_id=school.id, facts=FACTS, policy="wenshui_2023_51")
                tx.session.flush()
                people += _class(tx, draw, made.id, school.id, start)
    return people


def _class(
    tx: Transaction, draw: random.Random, archive_id: str, institution_id: str, start: int
) -> list[tuple[str, str]]:
    rows, terms, people = [], [], []
    for number in range(start + 1, start + 1 + _CLASS):
        name = draw.choice(_FAMILY) + "".join(draw.choices(_GIVEN, k=draw.choice((1, 2, 2))))
        id_number = f"1411{draw.randrange(100):02d}{draw.randrange(1960, 2006)}{draw.randrange(10**7):07d}"
        id_number += draw.choice("0123456789X")
        rows.append({
            "id": 1000 + number, "archive_id": archive_id, "institution_id": institution_id, "row": number - start,
            "name": name, "id_number": id_number, "id_reversed": id_number[::-1], "employment_type": "enterprise",
            "verdict": "verified", "standing": "verified", "documents": [],
        })  # fmt: skip
        terms += [{"term": term, "trainee_id": 1000 + number} for term in findings.endings(name)]
        people.append((name, id_number))
    tx.session.execute(insert(TraineeRow), rows)
    tx.session.execute(insert(TraineeTerm), terms)
    return people


def _asked(draw: random.Random, people: list[tuple[str, str]]) -> str:
    """What people type: a name, two characters of it, a family name, a number or its end."""
    name, id_number = draw.choice(people)
    return draw.choice((name, name[:2], name[-2:], name[0], id_number, id_number[-4:], id_number[:14]))


if __name__ == "__main__":
    sys.exit(main())
