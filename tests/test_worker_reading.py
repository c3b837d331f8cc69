"""A check by the real reader in a real worker process: the engine is loaded once and stays."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from archive_verify.reading import Reader
from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings, Store, archives, findings, open_store, runs
from archive_verify.store.runs import State
from tests.drawn import draw_page
from tests.servers import RedisProcess
from tests.service_factories import FACTS, SYSTEM, add_roster, institution, start
from worker.desk import Desk, RunCache, sit_down
from worker.jobs import judge_run, open_run, read_span
from worker.queue import Name, Orders

pytestmark = pytest.mark.ocr


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(ServiceSettings(data_dir=tmp_path / "data"), migrating=True)
    yield opened
    opened.close()


def sheet(title: str, line: str) -> bytes:
    stream = BytesIO()
    pixels = draw_page([(75.0, 25.0, title, 22.0), (30.0, 50.0, line, 12.0)])
    Image.fromarray(pixels).save(stream, "PNG", dpi=(200, 200))
    return stream.getvalue()


def test_two_archives_are_read_by_one_engine_that_stays_loaded(plain: Store, redis: RedisProcess) -> None:
    readers: list[Reader] = []

    def make(cache: RunCache) -> Reader:
        readers.append(Reader(Settings(workers=1), cache=cache))
        return readers[-1]

    desk = Desk(plain, Orders.at(redis.url), Settings(), "reader", make)
    sit_down(desk)
    school = institution(plain)
    papers = [("劳动合同书", "乙方（劳动者）：张三"), ("营业执照", "经营者：张三")]
    pools = set()
    for title, line in papers:
        with plain.writing(SYSTEM) as tx:
            made = archives.create(tx, institution_id=school.id, facts=FACTS, policy="wenshui_2023_51")
        add_roster(plain, made.id, "姓名,身份证号,就业形式,是否合格\n张三,,企业就业,是\n")
        sha256, length = plain.blobs.put([sheet(title, line)])
        with plain.writing(SYSTEM) as tx:
            archives.add_volume(tx, made.id, archives.NewVolume(sha256, "1.png", length))
        run_id = start(plain, made.id)
        open_run(run_id)
        for span in desk.orders.waiting(Name.READ):
            read_span(span)
        judge_run(run_id)
        desk.orders.connection.flushall()
        with plain.reading() as session:
            assert runs.get(session, run_id).state == State.DONE
            (page,) = findings.report_of(session, run_id).pages
        assert page.text_source == "ocr"
        assert "failed" not in page.flags
        pools.add(readers[0].worker_count)
    assert len(readers) == 1
    assert pools == {1}
    desk.close()
