"""What comes from papers, files and forms stays text: in pages, in exports, in searches."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.openapi import Call
from api.pages.routes.archive import IssueQuery
from api.pages.routes.archives import ListQuery
from api.pages.routes.audit import AuditQuery
from api.pages.routes.overview import OverviewQuery
from api.pages.routes.review import ReviewQuery
from archive_verify.store import Store, archives, findings, people, trainees
from archive_verify.store.people import Role
from archive_verify.store.tables import DismissalReason
from tests.access_world import World, a_world, attempt, closed_calls
from tests.api_factories import V1, Person, administrator, app_over, clerk, reviewer
from tests.case_factories import ID
from tests.factories import text_page
from tests.service_factories import FACTS, PASSWORD, SYSTEM, add_page, archive, class_pages, run_all, start

# An element that no page has: wherever it comes out as one, a script would too.
EVIL = "\"'><av-xss onload=alert(1)>{{7*7}}${7*7}"
FORMULA = '=HYPERLINK("http://elsewhere.example","1")'
_QUERIES = {
    "/archives": ListQuery, "/queue": ListQuery, "/archives/{archive_id}": IssueQuery, "/audit": AuditQuery,
    "/overview": OverviewQuery, "/overview.xlsx": OverviewQuery, "/archives/{archive_id}/review": ReviewQuery,
}  # fmt: skip
_INJECTED = (
    "' OR '1'='1", "1; DROP TABLE users--", "%", "_\\", "\x00\n\r", "../../etc/passwd", "{{7*7}}", "张" * 300, "-1",
    "1e999",
)  # fmt: skip
_OUT = ("/static/../api/app.py", "/static/%2e%2e/pyproject.toml", "/static/..%5capi", "/static//etc/passwd")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("injection")) as made:
        yield made


def _hostile_archive(store: Store, text: str) -> tuple[str, str, str]:
    """An archive in which all that somebody can name is the text; ids of institution, archive and trainee."""
    with store.writing(SYSTEM) as tx:
        school = people.create_institution(tx, text)
    quoted = '"' + text.replace('"', '""') + '"'
    made = archive(
        store, school, pages=0, facts=FACTS | {"name": text, "occupation": text},
        roster=f"姓名,身份证号,就业形式,就业单位,是否合格\n{quoted},{ID},企业就业,{quoted},是\n",
    )  # fmt: skip
    pages = [*class_pages(name=text), text_page(text, text, text, index=4)]
    for number in range(1, len(pages) + 1):
        add_page(store, made.id, number)
    with store.writing(SYSTEM) as tx:
        for volume in archives.volumes(tx.session, made.id):
            volume.name = f"{volume.position} {text}.png"
    run_all(store, start(store, made.id), pages)
    with store.writing(SYSTEM) as tx:
        tx.session.add(DismissalReason(text=text, active=True))
    with store.reading() as session:
        (trainee,) = trainees.of_archive(session, made.id)
    return school.id, made.id, str(trainee.id)


def _everybody(store: Store, school: str) -> tuple[Any, list[Person]]:
    app = app_over(store)
    root = administrator(app, store)
    for role in ("reviewer", "auditor", "clerk"):
        given = {"login": f"{role}1", "name": EVIL, "role": role, "password": PASSWORD}
        made = root("post", "/users", given | ({"institution_id": school} if role == "clerk" else {}))
        assert made.status_code == 201, made.text
    return app, [reviewer(app, store), clerk(app, store, school), root]


def test_whatever_people_and_papers_say_stays_text_on_every_page(local: Store) -> None:
    school, archive_id, trainee_id = _hostile_archive(local, EVIL)
    app, everybody = _everybody(local, school)
    wang = everybody[0]
    with local.reading() as session:
        issue = findings.issues(session, archive_id, findings.IssueFilter())[0]
        run_id = archives.get(session, archive_id).current_run_id or ""
    issue_path = f"/archives/{archive_id}/issues/{issue.id}/decisions"
    reasons = wang("get", "/dismissal-reasons").json()
    assert EVIL in [one["text"] for one in reasons]
    decided = wang("post", issue_path, {"state": "dismissed", "reason": EVIL, "note": EVIL}, If_Match='"0"')
    assert decided.status_code in (200, 201), decided.text
    with local.writing(SYSTEM) as tx:
        archives.step(tx, archive_id, archives.State.SUBMITTED, note=EVIL)
    wang("post", f"/archives/{archive_id}/return", {"note": EVIL})
    things = {
        "institution_id": school, "archive_id": archive_id, "run_id": run_id, "trainee_id": trainee_id,
        "issue_id": str(issue.id), "index": "4", "year": "2024", "upload_id": "0" * 26, "policy_id": "wenshui_2023_51",
        "user_id": everybody[0].account["id"], "correction_id": "0" * 26, "volume_id": "0" * 26, "token_id": "0" * 26,
        "reason_id": reasons[0]["id"], "institution_name": EVIL,
    }  # fmt: skip
    wrong, seen, shown = [], 0, 0
    for person in everybody:
        person.client.headers["Accept"] = "text/html"
        answers = [
            (call, attempt(person.client, call, things)) for call in closed_calls(app)
            if call.method == "GET" and not call.path.endswith("/events")
        ]  # fmt: skip
        asked = {"text": EVIL, "state": EVIL}
        answers += [(None, person.client.get(path, params=asked)) for path in ("/archives", f"/archives/{archive_id}")]
        answers += [(None, person.client.post(path, data={"text": "av-xss"})) for path in (
            f"/archives/{archive_id}/review/search", "/trainees/search")]  # fmt: skip
        answers += [(None, person.client.get(f"/{EVIL}"))]
        for call, answer in answers:
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                seen += 1
                shown += "av-xss" in answer.text
                if "<av-xss" in answer.text or "49${" in answer.text:
                    wrong.append(f"{call and call.path}: {answer.text.partition('<av-xss')[0][-200:]}")
    app.state.service.shelf.close()
    assert wrong == []
    assert seen > 40 and shown > 20         # the text does stand there


def test_no_cell_of_an_exported_workbook_is_a_formula(local: Store) -> None:
    school, archive_id, _ = _hostile_archive(local, FORMULA)
    app, (wang, *_) = _everybody(local, school)
    with local.writing(SYSTEM) as tx:
        archives.step(tx, archive_id, archives.State.SUBMITTED)       # what counts in the overview
    for path in (f"{V1}/archives/{archive_id}/report.xlsx", "/overview.xlsx"):
        answer = wang.client.get(path)
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(answer.content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
        assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    app.state.service.shelf.close()


def _names(dependant: Dependant) -> set[str]:
    inner = {name for one in dependant.dependencies for name in _names(one)}
    return {field.alias for field in dependant.query_params} | inner


def _asked(call: Call) -> set[str]:
    model = _QUERIES.get(call.path) if not call.documented else None
    return _names(call.route.dependant) | set(model.model_fields if model else ())


def test_what_is_put_into_filters_is_never_part_of_a_query(world: World) -> None:
    wang = world.people[Role.REVIEWER].client
    wrong, tried = [], 0
    for call in closed_calls(world.app):
        if call.method != "GET" or Role.REVIEWER not in world.allowed(call):
            continue
        for name in _asked(call):
            for text in _INJECTED:
                tried += 1
                answer = wang.get(call.path.format(**world.own), params={name: text}, follow_redirects=False)
                if answer.status_code >= 500 or "sqlite" in answer.text.casefold():
                    wrong.append(f"{call.path} {name}={text!r}: {answer.status_code}")
    assert wrong == [] and tried > 300


@pytest.mark.parametrize("text", _INJECTED)
def test_what_is_searched_for_is_never_part_of_a_query(world: World, text: str) -> None:
    wang = world.people[Role.REVIEWER]
    for given in ({"text": text}, {"standing": text}, {"institution_id": text}, {"after": text}):
        assert wang("post", "/trainees/search", given).status_code in (200, 422)
        assert wang.client.post("/trainees/search", data=given).status_code in (200, 422)
        review = f"/archives/{world.own['archive_id']}/review/search"
        assert wang.client.post(review, data=given).status_code in (200, 422)


@pytest.mark.parametrize("text", ["%", "_", "%%", "\\", "' OR '1'='1"])
def test_signs_that_databases_know_find_nothing_by_themselves(world: World, text: str) -> None:
    wang = world.people[Role.REVIEWER]
    assert wang("get", "/archives").json()["items"] and wang("post", "/trainees/search", {}).json()["items"]
    assert wang.client.get(f"{V1}/archives", params={"text": text}).json()["items"] == []
    assert wang("post", "/trainees/search", {"text": text}).json()["items"] == []


@pytest.mark.parametrize("path", _OUT)
def test_no_address_leads_out_of_the_files_of_the_pages(world: World, path: str) -> None:
    assert TestClient(world.app).get(path).status_code == 404


def test_a_header_cannot_be_broken_by_what_is_sent(world: World) -> None:
    client = TestClient(world.app, follow_redirects=False)
    for back in ("/a%0d%0aSet-Cookie:%20x=1", "//elsewhere.example", "/%09/elsewhere.example", "https://elsewhere.example"):
        answer = client.get(f"/language/en?back={back}")
        assert answer.headers["Location"] == "/" and "x=1" not in answer.headers.get("Set-Cookie", "")
