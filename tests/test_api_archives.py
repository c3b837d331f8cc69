"""Archives over HTTP: creation once, lists by pages, versions, uploads that go on where they broke off."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from fastapi import FastAPI

from archive_verify.store import Store, archives
from tests.api_factories import V1, Person, administrator, clerk, metadata, reviewer, send, upload
from tests.conftest import Time
from tests.service_factories import FACTS, ROSTER, archive, checked_archive, image, institution

FACTS_GIVEN = {"name": "2023年第12期中式面点师班", "start_date": "2023-06-05", "end_date": "2023-06-20"}


def _li(app: FastAPI, store: Store) -> Person:
    return clerk(app, store, institution(store).id)


def _volumes(store: Store, archive_id: str) -> list[str]:
    with store.reading() as session:
        return [volume.name for volume in archives.volumes(session, archive_id)]


def test_a_clerk_creates_an_archive_of_the_own_institution(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN})
    assert made.status_code == 201 and made.json()["institution_id"] == li.account["institution_id"]
    again = li("get", made.headers["Location"].removeprefix(V1))
    assert again.json()["class_facts"] == FACTS_GIVEN and again.headers["ETag"] == made.headers["ETag"]


@pytest.mark.parametrize(
    "facts",
    [
        {"start_date": "2023-06-20", "end_date": "2023-06-05"}, {"daily_subsidy_yuan": "sixty"}, {"nonsense": 1},
        {"training_days": 0.3}, {"name": "a\u0000b"}, {"start_date": "5. Juni"},
    ],
)  # fmt: skip
def test_class_facts_that_cannot_be_are_refused(app: FastAPI, local: Store, facts: dict[str, object]) -> None:
    assert _li(app, local)("post", "/archives", {"facts": facts}).status_code == 422


def test_a_class_fact_that_is_refused_is_told_by_its_name_and_no_place_in_a_file(app: FastAPI, local: Store) -> None:
    facts = {"start_date": "2023-06-20", "end_date": "2023-06-05"}
    refused = _li(app, local)("post", "/archives", {"facts": facts}).json()
    assert refused["detail"] == "“end_date”早于“start_date”"


def test_money_is_taken_as_text_or_as_a_whole_number(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    for given, kept in ((60, "60"), ("60", "60"), ("62.50", "62.5")):
        made = li("post", "/archives", {"facts": {"daily_subsidy_yuan": given}}).json()
        facts = li("get", f"/archives/{made['id']}").json()["class_facts"]
        assert Decimal(facts["daily_subsidy_yuan"]) == Decimal(kept)
    for given in (60.5, -1, True, 10**9, "sixty"):
        assert li("post", "/archives", {"facts": {"daily_subsidy_yuan": given}}).status_code == 422


def test_a_step_that_cannot_be_taken_is_refused_in_words(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    refused = reviewer(app, local)("post", f"/archives/{made}/accept", {})
    assert (refused.status_code, refused.json()["detail"]) == (422, "草稿状态的档案不能通过")


def test_the_same_creation_sent_twice_creates_once(app_on_each: FastAPI, store: Store) -> None:
    li = _li(app_on_each, store)
    answers = [li("post", "/archives", {"facts": FACTS_GIVEN}, Idempotency_Key="k1") for _ in range(2)]
    assert answers[0].json() == answers[1].json() and answers[0].headers["ETag"] == answers[1].headers["ETag"]
    assert li("post", "/archives", {"facts": {}}, Idempotency_Key="k1").status_code == 422
    assert li("get", "/archives").json()["total"] == 1


def test_the_same_creation_sent_at_the_same_moment_creates_once(app_on_each: FastAPI, store: Store) -> None:
    li = _li(app_on_each, store)
    answers: list[tuple[int, str]] = []

    def create() -> None:
        answer = li("post", "/archives", {"facts": FACTS_GIVEN}, Idempotency_Key="k1")
        answers.append((answer.status_code, answer.json()["id"]))

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} == {201} and len({id_ for _, id_ in answers}) == 1
    assert li("get", "/archives").json()["total"] == 1


def test_the_same_check_ordered_at_the_same_moment_is_started_once_and_told_to_all(
    app_on_each: FastAPI, store: Store
) -> None:
    school = institution(store)
    li = clerk(app_on_each, store, school.id)
    made = archive(store, school)
    answers: list[tuple[int, str]] = []

    def order() -> None:
        answer = li("post", f"/archives/{made.id}/runs", {}, Idempotency_Key="k1")
        answers.append((answer.status_code, answer.json().get("id", answer.text)))

    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} == {202} and len({id_ for _, id_ in answers}) == 1, answers
    assert li("post", f"/archives/{made.id}/runs", {}, Idempotency_Key="k2").status_code == 409


@pytest.mark.parametrize("order", ["newest", "money", "errors", "end"])
def test_a_list_goes_on_where_its_page_before_ended(app: FastAPI, local: Store, order: str) -> None:
    li = _li(app, local)
    made = [li("post", "/archives", {"facts": {"name": f"{number}班"}}).json()["id"] for number in range(5)]
    seen: list[str] = []
    after = ""
    while True:
        page = li("get", f"/archives?limit=2&order={order}{after}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == made[::-1]
    assert li("get", "/archives?after=nonsense").status_code == 422


def test_archives_are_found_by_text_state_and_year(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    li("post", "/archives", {"facts": FACTS_GIVEN})
    for query, count in (("text=面点", 1), ("text=焊工", 0), ("year=2023", 1), ("year=2022", 0), ("state=draft", 1)):
        assert li("get", f"/archives?{query}").json()["total"] == count, query


def test_facts_change_only_from_the_version_that_was_seen(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN})
    path, tag = f"/archives/{made.json()['id']}", made.headers["ETag"]
    assert li("put", f"{path}/facts", {}).status_code == 428
    changed = li("put", f"{path}/facts", FACTS_GIVEN | {"occupation": "面点"}, If_Match=tag)
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
    late = li("put", f"{path}/facts", FACTS_GIVEN, If_Match=tag)
    assert (late.status_code, late.json()["current"]) == (412, 2)
    assert li("get", path, If_None_Match=changed.headers["ETag"]).status_code == 304


def test_an_upload_becomes_a_volume_and_a_roster(app_on_each: FastAPI, store: Store) -> None:
    li = _li(app_on_each, store)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    assert upload(li, made, image(1)).status_code == 204
    assert upload(li, made, ROSTER.encode(), "roster.csv", purpose="roster").status_code == 204
    detail = li("get", f"/archives/{made}").json()
    assert [volume["name"] for volume in detail["volumes"]] == ["卷一.png"] and detail["roster_name"] == "roster.csv"
    assert li("post", f"/archives/{made}/submit", {}).json()["state"] == "submitted"
    assert upload(li, made, image(2)).status_code == 422          # handed in: nothing may be changed any more


def test_an_upload_goes_on_where_it_broke_off(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    content = image(1)
    tus = {"Tus_Resumable": "1.0.0"}
    begun = li(
        "post", f"/archives/{made}/uploads", **tus, Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="一.png"),
    )  # fmt: skip
    place = begun.headers["Location"]
    assert send(li, place, content[:100]).headers["Upload-Offset"] == "100"
    asked = li("head", place.removeprefix(V1), **tus)
    assert (asked.headers["Upload-Offset"], asked.headers["Cache-Control"]) == ("100", "no-store")
    wrong = send(li, place, content[50:], 50)
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "100")
    assert _volumes(local, made) == []
    assert send(li, place, content[100:], 100).status_code == 204
    assert send(li, place, b"", len(content)).status_code == 204  # the last answer was lost: ask again
    assert _volumes(local, made) == ["一.png"]


def test_pieces_larger_than_memory_is_given_are_kept_as_they_arrive(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    content = b"%PDF-" + bytes(3_000_000)
    assert upload(li, made, content, "大.pdf").status_code == 204
    (volume,) = li("get", f"/archives/{made}").json()["volumes"]
    assert volume["bytes"] == len(content)


def test_what_is_no_scan_is_refused_at_its_first_bytes(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    refused = upload(li, made, b"MZ\x90\x00 a program", "卷一.pdf")
    assert refused.status_code == 415 and "PDF、TIFF" in refused.json()["advice"]
    assert upload(li, made, b"\x00\x01\x02", "r.csv", purpose="roster").status_code == 415
    assert _volumes(local, made) == []


def test_tus_tells_what_it_understands_and_refuses_the_rest(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    path, named = f"/archives/{made}/uploads", metadata(filename="一.pdf")
    for asked in (path, "/uploads"):
        assert "creation" in li("options", asked).headers["Tus-Extension"]
    for version in ({"Tus_Resumable": "0.2.2"}, {}):
        refused = li("post", path, **version, Upload_Length="9", Upload_Metadata=named)
        assert (refused.status_code, refused.headers["Tus-Version"]) == (412, "1.0.0")
    huge = li("post", path, Tus_Resumable="1.0.0", Upload_Length=str(2**45), Upload_Metadata=named)
    assert huge.status_code == 413
    unnamed = li("post", path, Tus_Resumable="1.0.0", Upload_Length="9", Upload_Metadata="filename ???")
    assert unnamed.status_code == 422
    begun = li("post", path, Tus_Resumable="1.0.0", Upload_Length="9", Upload_Metadata=named)
    place = begun.headers["Location"].removeprefix(V1)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    assert li.client.patch(V1 + place, content=b"%PDF", headers=headers).status_code == 415
    assert send(li, V1 + place, b"%PDF-12345").status_code == 422          # longer than announced
    assert li("delete", place, Tus_Resumable="1.0.0").status_code == 204
    gone = li("head", place, Tus_Resumable="1.0.0")
    assert (gone.status_code, gone.headers["Tus-Resumable"]) == (404, "1.0.0")


def test_an_upload_tells_until_when_it_is_kept_from_its_last_piece_on(
    app: FastAPI, local: Store, time: Time
) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    content = image(1)
    begun = li(
        "post", f"/archives/{made}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="一.png"),
    )  # fmt: skip
    assert begun.headers["Upload-Expires"] == "Sat, 23 Mar 2024 09:00:00 GMT"
    time.go(minutes=10)
    place = begun.headers["Location"]
    assert send(li, place, content[:100]).headers["Upload-Expires"] == "Sat, 23 Mar 2024 09:10:00 GMT"
    asked = li("head", place.removeprefix(V1), Tus_Resumable="1.0.0")
    assert asked.headers["Upload-Expires"] == "Sat, 23 Mar 2024 09:10:00 GMT"


def test_a_client_that_can_only_post_uploads_all_the_same(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    content = b"%PDF-" + bytes(100_000)                     # more than other bodies may have
    begun = li(
        "post", f"/archives/{made}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="一.pdf"),
    )  # fmt: skip
    sent = li.client.post(
        begun.headers["Location"], content=content,
        headers={
            "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream",
            "X-HTTP-Method-Override": "PATCH",
        },
    )  # fmt: skip
    assert sent.status_code == 204 and _volumes(local, made) == ["一.pdf"]


def test_a_file_that_the_archive_has_already_is_refused_for_good(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    assert upload(li, made, image(1), "一.png").status_code == 204
    again = li(
        "post", f"/archives/{made}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(image(1))),
        Upload_Metadata=metadata(filename="二.png"),
    )  # fmt: skip
    place = again.headers["Location"]
    refused = send(li, place, image(1))
    assert refused.status_code == 422 and "已有同一个文件" in refused.json()["detail"]
    assert li("head", place.removeprefix(V1), Tus_Resumable="1.0.0").status_code == 404
    assert _volumes(local, made) == ["一.png"]


def test_a_supplement_takes_the_place_of_a_volume(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = archive(local, school, pages=2)
    li = clerk(app, local, school.id)
    first = li("get", f"/archives/{made.id}").json()["volumes"][0]["id"]
    assert upload(li, made.id, image(9), "补.png", replaces=first).status_code == 204
    assert _volumes(local, made.id) == ["补.png", "2.png"]
    assert upload(li, made.id, image(10), "又.png", replaces=first).status_code == 404


def test_volumes_are_put_in_order_and_set_aside(app: FastAPI, local: Store) -> None:
    school = institution(local)
    made = archive(local, school, pages=2)
    li = clerk(app, local, school.id)
    ids = [volume["id"] for volume in li("get", f"/archives/{made.id}").json()["volumes"]]
    ordered = li("put", f"/archives/{made.id}/volumes/order", {"volume_ids": ids[::-1]})
    assert [volume["id"] for volume in ordered.json()] == ids[::-1]
    assert li("delete", f"/archives/{made.id}/volumes/{ids[0]}").status_code == 204
    assert _volumes(local, made.id) == ["2.png"]


def test_an_administrator_deletes_no_archive_before_its_time(app: FastAPI, local: Store) -> None:
    made = archive(local, facts=FACTS)
    root = administrator(app, local)
    assert root("post", f"/archives/{made.id}/submit", {}).status_code == 200
    refused = root("post", f"/archives/{made.id}/deletion", {"reason": "过期"})
    assert refused.status_code == 422 and "2033-06-20" in refused.json()["detail"]


def test_with_an_archive_goes_what_was_drawn_from_its_pages(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    root, wang = administrator(app, local), reviewer(app, local)
    drawn = local.settings.data_dir / "drawn"
    assert wang("get", f"/archives/{made.id}/pages/1/image").status_code == 200 and list(drawn.iterdir())
    assert root("post", f"/archives/{made.id}/deletion", {"reason": "重复建立"}).status_code == 204
    assert list(drawn.iterdir()) == []
    assert wang("get", f"/archives/{made.id}/pages/1/image").status_code == 404


def test_the_history_of_an_archive_tells_who_did_what(app: FastAPI, local: Store) -> None:
    li = _li(app, local)
    made = li("post", "/archives", {"facts": FACTS_GIVEN}).json()["id"]
    upload(li, made, image(1))
    rows = li("get", f"/archives/{made}/history").json()["items"]
    assert [row["action"] for row in rows] == ["volume.add", "archive.create"]
    assert {row["actor_name"] for row in rows} == {"li的姓名"}
