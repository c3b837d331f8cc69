"""Checks, issues, decisions, corrections, pages, reports and proofs over HTTP."""

from __future__ import annotations

import io
import json
import threading

import pikepdf
import pytest
from fastapi import FastAPI
from PIL import Image

from archive_verify.store import Store, audit, runs
from archive_verify.store.runs import Kind
from archive_verify.store.tables import Archive
from tests.api_factories import V1, Orders, Person, auditor, clerk, reviewer, upload
from tests.case_factories import ID
from tests.service_factories import (
    SYSTEM,
    archive,
    checked_archive,
    class_pages,
    image,
    institution,
    judge_run,
    run_all,
    start,
)

REASON = "已核对原件"
CODE = "attendance_first_month_missing"


def _orders(app: FastAPI) -> Orders:
    orders: Orders = app.state.service.orders
    return orders


def _issue(person: Person, made: Archive, code: str = CODE) -> dict[str, object]:
    found: dict[str, object] = person("get", f"/archives/{made.id}/issues?code={code}").json()["items"][0]
    return found


def _decide(person: Person, made: Archive, issue: dict[str, object], version: object, **body: str) -> object:
    return person("post", f"/archives/{made.id}/issues/{issue['id']}/decisions", body, If_Match=f'"{version}"')


def test_a_check_is_ordered_once_followed_and_cancelled(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = archive(local, school)
    li = clerk(app, local, school.id)
    started = li("post", f"/archives/{made.id}/runs", {"kind": "check"}, Idempotency_Key="one")
    run = started.json()["id"]
    assert started.status_code == 202 and _orders(app).given == [(run, Kind.CHECK)]
    li("post", f"/archives/{made.id}/runs", {"kind": "check"}, Idempotency_Key="one")
    second = li("post", f"/archives/{made.id}/runs", {"kind": "check"})
    assert (second.status_code, second.json()["current"]) == (409, run) and len(_orders(app).given) == 1
    assert li("get", f"/runs/{run}").json()["progress"]["state"] == "queued"
    assert li("post", f"/runs/{run}/cancel").status_code == 204
    assert li("post", f"/runs/{run}/cancel").status_code == 409
    assert li("get", f"/runs/{run}").json()["state"] == "cancelled"


def test_a_run_is_started_while_the_queue_is_away(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = archive(local, school)
    _orders(app).away = True
    li = clerk(app, local, school.id)
    assert li("post", f"/archives/{made.id}/runs", {}).status_code == 202
    ready = li.client.get("/readyz")
    assert (ready.status_code, ready.json()["queue"]) == (200, False)


def test_progress_is_told_as_it_goes_until_the_run_ends(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = archive(local, school)
    li = clerk(app, local, school.id)
    run = li("post", f"/archives/{made.id}/runs", {}).json()["id"]
    work = threading.Timer(0.3, lambda: run_all(local, run, class_pages()))
    work.start()
    with li.client.stream("GET", f"{V1}/runs/{run}/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = [line for line in stream.iter_lines() if line.startswith(("event", "data"))]
    work.join()
    told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data")]
    assert told[0]["state"] == "queued" and told[-2]["state"] == "done" and told[-2]["done"] == told[-2]["total"] == 3
    assert lines[-2:] == ["event: end", 'data: {"state": "done"}']


def test_a_browser_that_had_the_end_of_a_run_is_told_to_come_back_no_more(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    path = f"/runs/{made.current_run_id}/events"
    told = wang("get", path).text
    ids = [line.removeprefix("id: ") for line in told.splitlines() if line.startswith("id: ")]
    assert ids == ["3", "end"]
    assert "event: progress" in wang("get", path, Last_Event_ID="3").text
    assert wang("get", path, Last_Event_ID="end").status_code == 204
    going = start(local, made.id)
    cancelling = threading.Timer(0.3, lambda: _cancel(local, going))
    cancelling.start()
    assert "cancelled" in wang("get", f"/runs/{going}/events", Last_Event_ID="end").text
    cancelling.join()


def _cancel(store: Store, run_id: str) -> None:
    with store.writing(SYSTEM) as tx:
        runs.cancel(tx, run_id)


def test_who_looked_at_a_page_stands_in_the_log_once_an_hour_and_thumbnails_do_not(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    pages = f"/archives/{made.id}/pages"
    for path in ("1/image?width=300", "1/image", "1/image?width=500", "2/text", "2/fields", "3/fields"):
        assert wang("get", f"{pages}/{path}").status_code == 200
    with local.reading() as session:
        seen = [
            row for row in audit.rows(session, audit.Filter(archive_id=made.id)) if row.action == "personal.page"
        ]
    assert [row.subject_id for row in seen] == ["3", "2", "1"]
    assert {row.actor_name for row in seen} == {wang.account["name"]}


def test_an_image_that_is_unchanged_stays_as_long_as_a_new_one(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    path = f"/archives/{made.id}/pages/1/image?format=webp"
    drawn = wang("get", path)
    same = wang("get", path, If_None_Match=drawn.headers["ETag"])
    assert (drawn.headers["Content-Type"], same.status_code) == ("image/webp", 304)
    assert same.headers["Cache-Control"] == drawn.headers["Cache-Control"] == "private, max-age=600"


def test_an_archive_is_another_version_once_an_issue_was_decided(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    seen = wang("get", f"/archives/{made.id}")
    _decide(wang, made, _issue(wang, made), 0, state="confirmed")
    now = wang("get", f"/archives/{made.id}", If_None_Match=seen.headers["ETag"])
    assert now.status_code == 200 and now.json()["open_issues"] == seen.json()["open_issues"] - 1


def test_issues_are_listed_filtered_counted_and_paged(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    path = f"/archives/{made.id}/issues"
    everything = wang("get", path).json()["items"]
    seen, after = [], ""
    while after is not None:
        page = wang("get", f"{path}?limit=2{after}").json()
        seen += page["items"]
        after = page["next"] and f"&after={page['next']}"
    assert seen == everything
    assert {one["trainee"] for one in wang("get", f"{path}?trainee=1").json()["items"]} == {1}
    assert {one["severity"] for one in wang("get", f"{path}?severity=error").json()["items"]} == {"error"}
    assert wang("get", f"{path}?state=dismissed").json()["items"] == []
    counts = wang("get", f"{path}/counts").json()
    assert sum(sum(by_state.values()) for by_state in counts.values()) == len(everything)


def test_a_decision_is_made_from_the_version_seen_and_can_be_undone(app_on_each: FastAPI, store: Store) -> None:
    made = checked_archive(store)
    wang, zhao = reviewer(app_on_each, store), reviewer(app_on_each, store, "zhao")
    issue = _issue(wang, made)
    path = f"/archives/{made.id}/issues/{issue['id']}"
    tag = wang("get", path).headers["ETag"]
    assert wang("post", f"{path}/decisions", {"state": "confirmed"}).status_code == 428
    done = wang("post", f"{path}/decisions", {"state": "dismissed", "reason": REASON}, If_Match=tag)
    assert (done.status_code, done.json()["decided_by"]) == (200, "wang的姓名")
    late = zhao("post", f"{path}/decisions", {"state": "confirmed"}, If_Match=tag)
    assert (late.status_code, late.json()["current"]["state"]) == (412, "dismissed")
    assert zhao("post", f"{path}/decisions", {"state": "open"}, If_Match=late.headers["ETag"]).status_code == 200
    assert [one["state"] for one in wang("get", f"{path}/decisions").json()] == ["dismissed", "open"]
    no_reason = wang("post", f"{path}/decisions", {"state": "dismissed", "reason": "随便"}, If_Match='"2"')
    assert no_reason.status_code == 422


def test_of_two_reviewers_at_once_one_decides_and_the_other_sees_it(app_on_each: FastAPI, store: Store) -> None:
    made = checked_archive(store)
    both = [reviewer(app_on_each, store), reviewer(app_on_each, store, "zhao")]
    path = f"/archives/{made.id}/issues/{_issue(both[0], made)['id']}/decisions"
    answers: list[int] = []

    def decide(person: Person, state: str) -> None:
        answers.append(person("post", path, {"state": state}, If_Match='"0"').status_code)

    threads = [
        threading.Thread(target=decide, args=(person, state))
        for person, state in zip(both, ("confirmed", "illegible"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412]


def test_a_correction_is_judged_at_once_and_takes_the_place_of_a_judging_that_goes_on(
    app: FastAPI, local: Store
) -> None:
    made = checked_archive(local, class_pages(contract_end="2023年10月31日"))
    wang = reviewer(app, local)
    assert _issue(wang, made, "contract_term_short")["state"] == "open"
    (field,) = [
        one for one in wang("get", f"/archives/{made.id}/pages/2/fields").json() if one["field"] == "contract_end"
    ]
    body = {"page": 2, "box": field["box"], "field": "contract_end", "value": "2024年8月31日", "old": field["text"]}
    first = wang("post", f"/archives/{made.id}/corrections", body)
    again = wang("post", f"/archives/{made.id}/corrections", body)
    assert first.status_code == again.status_code == 201
    assert wang("get", f"/runs/{first.json()['run_id']}").json()["state"] == "cancelled"
    run = again.json()["run_id"]
    assert _orders(app).given == [(first.json()["run_id"], Kind.REJUDGE), (run, Kind.REJUDGE)]
    judge_run(local, run)
    assert wang("get", f"/archives/{made.id}/issues?code=contract_term_short").json()["items"] == []
    changed = wang("get", f"/runs/{run}/changes").json()
    assert "contract_term_short" in {one["code"] for one in changed["closed"]}
    listed = wang("get", f"/archives/{made.id}/corrections").json()
    assert [(one["page"], one["value"]) for one in listed] == [(2, "2024年8月31日")] * 2
    taken_back = wang("delete", f"/archives/{made.id}/corrections/{listed[1]['id']}").json()["run_id"]
    wang("delete", f"/archives/{made.id}/corrections/{listed[0]['id']}")
    assert wang("get", f"/runs/{taken_back}").json()["state"] == "cancelled"


def test_a_correction_that_its_field_cannot_hold_is_refused(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    body = {"page": 2, "box": [0.1, 0.1, 0.2, 0.2], "field": "contract_end", "value": "三月"}
    refused = wang("post", f"/archives/{made.id}/corrections", body)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:archive-verify:problem:input-refused")
    assert wang("post", f"/archives/{made.id}/corrections", body | {"box": [0.2, 0.1, 0.1, 0.2]}).status_code == 422
    assert wang("post", f"/archives/{made.id}/corrections", body | {"page": 99}).status_code == 404
    unknown = wang("post", f"/archives/{made.id}/corrections", body | {"field": "contract_ende"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/body/field")
    assert _orders(app).given == []


def test_a_page_is_set_right_by_its_type(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    wang = reviewer(app, local)
    done = wang("post", f"/archives/{made.id}/pages/1/corrections", {"doc_type": "catalogue"})
    judge_run(local, done.json()["run_id"])
    assert wang("get", f"/archives/{made.id}/pages").json()[0]["doc_type"] == "catalogue"
    assert wang("post", f"/archives/{made.id}/pages/1/corrections", {}).status_code == 422


def test_a_supplement_tells_what_it_closed_and_decisions_stay(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = checked_archive(local, class_pages()[:2], school=school)
    wang, li = reviewer(app, local), clerk(app, local, school.id)
    kept = _issue(wang, made)
    _decide(wang, made, kept, 0, state="confirmed")
    upload(li, made.id, image(3), "补.png")
    run = li("post", f"/archives/{made.id}/runs", {"kind": "supplement"}).json()["id"]
    run_all(local, run, class_pages())
    changed = li("get", f"/runs/{run}/changes").json()
    assert "payroll_first_month_missing" in {one["code"] for one in changed["closed"]}
    (still,) = [one for one in changed["open"] if one["code"] == CODE]
    assert (still["id"], still["state"]) == (kept["id"], "confirmed")


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_a_page_image_has_the_asked_form_and_is_drawn_once(app: FastAPI, local: Store, kind: str) -> None:
    wang = reviewer(app, local)
    made = checked_archive(local)
    path = f"/archives/{made.id}/pages/2/image?width=60&format={kind}"
    drawn = wang("get", path)
    assert drawn.headers["Content-Type"] == f"image/{kind}" and "private" in drawn.headers["Cache-Control"]
    assert Image.open(io.BytesIO(drawn.content)).size == (100, 140)     # never more pixels than the scan
    assert wang("get", path, If_None_Match=drawn.headers["ETag"]).status_code == 304
    assert wang("get", f"/archives/{made.id}/pages/99/image").status_code == 404
    assert len(list((local.settings.data_dir / "drawn").iterdir())) == 1


def test_a_page_tells_its_text_and_boxes(app: FastAPI, local: Store) -> None:
    wang = reviewer(app, local)
    made = checked_archive(local)
    text = wang("get", f"/archives/{made.id}/pages/2/text").json()
    assert text["lines"][0]["text"] == "劳动合同书" and len(text["lines"][0]["box"]) == 4
    assert text["complete"]
    assert [page["doc_type"] for page in wang("get", f"/archives/{made.id}/pages").json()] == [
        "cover", "labour_contract", "payroll",
    ]  # fmt: skip


def test_the_report_comes_in_its_forms_and_each_reading_is_logged(app: FastAPI, local: Store) -> None:
    shen = auditor(app, local)
    made = checked_archive(local)
    path = f"/archives/{made.id}"
    assert shen("get", f"{path}/report.json").json()["schema"] == "archive-verify/report/1"
    assert shen("get", f"{path}/report.xlsx").content.startswith(b"PK")
    page = shen("get", f"{path}/report.html")
    assert "张三" in page.text and "data:image" in page.text
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert shen("get", f"{path}/notice.pdf").content.startswith(b"%PDF")
    logged = shen("get", f"/audit?archive_id={made.id}&actor_id={shen.account['id']}").json()["items"]
    assert [row["action"] for row in logged] == ["personal.notice", *["personal.report"] * 3]


def test_a_trainee_is_found_by_part_of_the_name_and_by_number_and_the_number_stays_masked(
    app_on_each: FastAPI, store: Store
) -> None:
    checked_archive(store)
    wang = reviewer(app_on_each, store)
    for text in ("张三", "三", ID, ID[-4:]):
        (found,) = wang("post", "/trainees/search", {"text": text}).json()["items"]
        assert found["name"] == "张三" and found["id_number"] == "*" * 14 + ID[-4:]
    assert wang("post", "/trainees/search", {"text": "李四"}).json() == {"items": [], "next": None}
    assert wang("post", "/trainees/search", {"standing": "verified"}).json()["items"] == []
    shown = wang("post", f"/trainees/{found['id']}/unmask")
    assert shown.json()["id_number"] == ID
    with store.reading() as session:
        (row,) = audit.rows(session, audit.Filter(action="personal.unmask"))
    assert (row.actor_name, row.subject_id) == ("wang的姓名", str(found["id"]))


def test_a_trainees_page_lists_the_required_proofs_and_the_dossier_is_a_pdf(app: FastAPI, local: Store) -> None:
    checked_archive(local)
    wang = reviewer(app, local)
    (found,) = wang("post", "/trainees/search", {"text": "张三"}).json()["items"]
    detail = wang("get", f"/trainees/{found['id']}").json()
    assert "met" in {one["state"] for one in detail["requirements"]} and detail["dossier_pages"] == [2, 3]
    proof = wang("get", f"/trainees/{found['id']}/proof.pdf")
    with pikepdf.open(io.BytesIO(proof.content)) as pdf:
        assert len(pdf.pages) == 1 + 2
    assert "%E5%BC%A0%E4%B8%89" in proof.headers["Content-Disposition"]


def test_numbers_in_the_words_of_issues_are_masked(app: FastAPI, local: Store) -> None:
    other = "14112219900307789X"
    made = checked_archive(local, class_pages(), roster=f"姓名,身份证号,就业形式,是否合格\n张三,{other},企业就业,是\n")
    wang = reviewer(app, local)
    listed = wang("get", f"/archives/{made.id}/issues")
    assert "mismatch" in listed.text and ID not in listed.text and other not in listed.text


def test_what_was_never_checked_has_no_results(app: FastAPI, local: Store) -> None:
    made = archive(local)
    wang = reviewer(app, local)
    for path in ("pages", "report.json", "report.html", "pages/1/image", "corrections"):
        assert wang("get", f"/archives/{made.id}/{path}").status_code == 404, path
    assert wang("post", f"/archives/{made.id}/runs", {"kind": "rejudge"}).status_code == 422


def test_a_failed_run_tells_why(app: FastAPI, local: Store) -> None:
    made = archive(local)
    wang = reviewer(app, local)
    run = wang("post", f"/archives/{made.id}/runs", {}).json()["id"]
    with local.writing(SYSTEM) as tx:
        runs.fail(tx, run, "卷一.pdf：文件已加密")
    assert wang("get", f"/runs/{run}").json()["failure"] == "卷一.pdf：文件已加密"
    with wang.client.stream("GET", f"{V1}/runs/{run}/events") as stream:
        assert "failed" in "".join(stream.iter_lines())
