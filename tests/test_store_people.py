"""Users, sign-ins, tokens, throttling."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive_verify.store import Actor, Conflict, NotFound, Refused, Store, Throttled, audit, people
from archive_verify.store.people import Role
from archive_verify.store.tables import ApiToken, User, UserSession
from tests.conftest import Time
from tests.service_factories import PASSWORD, SYSTEM, institution, user


@pytest.fixture
def database(tmp_path: object) -> str:
    return f"sqlite:///{tmp_path}/data/test.db"


def _administrator(store: Store) -> User:
    return user(store, "admin", Role.ADMINISTRATOR)


def test_a_fresh_set_up_gets_one_administrator_who_must_change_the_password(store: Store) -> None:
    with store.writing(SYSTEM) as tx:
        made = people.first_administrator(tx)
        assert people.first_administrator(tx) is None
    assert made is not None
    signed = people.sign_in(store, *made)
    assert signed.user.must_change_password and signed.user.role == Role.ADMINISTRATOR


def test_passwords_are_kept_as_argon2id_and_tokens_as_hashes(store: Store) -> None:
    made = user(store)
    assert made.password_hash.startswith("$argon2id$")
    signed = people.sign_in(store, "wang", PASSWORD)
    with store.writing(SYSTEM) as tx:
        _, text = people.create_token(tx, made.id, "导出", ["issues:read"])
    with store.reading() as session:
        kept = [*session.query(UserSession.token_hash), *session.query(ApiToken.token_hash)]
    assert not {signed.token, text} & {row[0] for row in kept}


def test_signing_in_and_out(store: Store) -> None:
    user(store)
    signed = people.sign_in(store, " WANG ", PASSWORD, address="10.0.0.1")
    found = people.session_of(store, signed.token)
    assert found is not None and found[0].login == "wang" and found[1].csrf == signed.csrf
    assert people.session_of(store, "another") is None
    with store.writing(Actor("user", found[0].id, "wang")) as tx:
        people.sign_out(tx, signed.token)
    assert people.session_of(store, signed.token) is None


@pytest.mark.parametrize(("login", "told"), [("wang", "wang"), ("nobody", "no…")])
def test_a_wrong_password_and_an_unknown_login_are_refused_alike_and_audited(
    store: Store, login: str, told: str
) -> None:
    user(store)
    with pytest.raises(Refused, match="账号或密码不对"):
        people.sign_in(store, login, "wrong password!")
    with store.reading() as session:
        (row,) = audit.rows(session, audit.Filter(action="sign_in.failed"))
    assert row.subject_id == told and "wrong" not in str(row.new)


def test_too_many_failures_make_a_login_wait(store: Store, time: Time) -> None:
    user(store)
    for _ in range(5):
        with pytest.raises(Refused):
            people.sign_in(store, "wang", "wrong password!")
    with pytest.raises(Throttled) as refusal:
        people.sign_in(store, "wang", PASSWORD)
    assert 0 < refusal.value.retry_after <= 301
    time.go(seconds=refusal.value.retry_after)
    assert people.sign_in(store, "wang", PASSWORD).user.login == "wang"


def test_one_address_that_tries_many_logins_must_wait(store: Store) -> None:
    for number in range(50):
        with pytest.raises(Refused):
            people.sign_in(store, f"guess{number}", "wrong password!", address="10.0.0.9")
    with pytest.raises(Throttled):
        people.sign_in(store, "guess99", "wrong password!", address="10.0.0.9")
    with pytest.raises(Refused):
        people.sign_in(store, "guess99", "wrong password!", address="10.0.0.8")


def test_a_session_ends_by_time_by_idleness_and_with_its_user(store: Store, time: Time) -> None:
    made = user(store)
    _administrator(store)
    signed = people.sign_in(store, "wang", PASSWORD)
    for _ in range(3):
        time.go(minutes=29)
        assert people.session_of(store, signed.token) is not None
    time.go(minutes=31)
    assert people.session_of(store, signed.token) is None
    signed = people.sign_in(store, "wang", PASSWORD)
    with store.writing(SYSTEM) as tx:
        people.change_user(tx, made.id, active=False)
    assert people.session_of(store, signed.token) is None
    with pytest.raises(Refused):
        people.sign_in(store, "wang", PASSWORD)


def test_a_new_password_ends_the_other_sessions(store: Store) -> None:
    made = user(store)
    one, two = people.sign_in(store, "wang", PASSWORD), people.sign_in(store, "wang", PASSWORD)
    with store.writing(SYSTEM) as tx:
        people.set_password(tx, made.id, "another long secret", keep_session=one.token)
    assert people.session_of(store, one.token) is not None
    assert people.session_of(store, two.token) is None
    with pytest.raises(Refused):
        people.sign_in(store, "wang", PASSWORD)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12"), ("aaaaaaaaaaaaaaaa", "不同的字符"), ("Wang-is-my-name", "账号"), ("x" * 129, "128"),
        ("Password1234", "猜到"), ("1qaz2wsx3edc", "猜到"), ("123456789abc", "猜到"), ("Admin2024!!!", "猜到"),
    ],
)
def test_a_poor_password_is_refused_saying_why(store: Store, password: str, why: str) -> None:
    made = user(store)
    with pytest.raises(Refused, match=why), store.writing(SYSTEM) as tx:
        people.set_password(tx, made.id, password)


@pytest.mark.parametrize(
    "password", ["Zm4hr8 " * 18 + "ab", "登记 表🙂🗂 用 的 长 口令é\u0301", "  spaces  at both ends  "]
)
def test_a_password_of_whatever_characters_is_taken_as_it_was_typed(store: Store, password: str) -> None:
    made = user(store)
    with store.writing(SYSTEM) as tx:
        people.set_password(tx, made.id, password)
    assert people.sign_in(store, "wang", password).user.id == made.id
    for other in (password[:-1], password.strip() + "x", password + " "):
        with pytest.raises(Refused):
            people.sign_in(store, "wang", other)


def test_the_users_of_an_institution_out_of_use_cannot_sign_in(store: Store) -> None:
    school = institution(store)
    user(store, "clerk", Role.CLERK, school.id)
    assert people.sign_in(store, "clerk", PASSWORD).user.institution_id == school.id
    with store.writing(SYSTEM) as tx:
        people.change_institution(tx, school.id, active=False)
    with pytest.raises(Refused):
        people.sign_in(store, "clerk", PASSWORD)


def test_clerks_have_an_institution_and_others_have_none(store: Store) -> None:
    school = institution(store)
    for role, home in ((Role.CLERK, None), (Role.REVIEWER, school.id)):
        with pytest.raises(Refused):
            user(store, "someone", role, home)
    with pytest.raises(NotFound):
        user(store, "someone", Role.CLERK, "nowhere")
    with pytest.raises(Conflict):
        institution(store)


def test_the_last_administrator_stays(store: Store) -> None:
    made = _administrator(store)
    for change in ({"active": False}, {"role": Role.REVIEWER}):
        with pytest.raises(Refused), store.writing(SYSTEM) as tx:
            people.change_user(tx, made.id, **change)  # type: ignore[arg-type]


def test_a_token_is_good_until_it_expires_or_is_revoked(store: Store, time: Time) -> None:
    made = user(store)
    with store.writing(SYSTEM) as tx:
        row, text = people.create_token(
            tx, made.id, "导出", ["issues:read"], expires_at=time() + timedelta(days=1)
        )
        lasting, other = people.create_token(tx, made.id, "另一个", ["archives:read"])
        token_id = lasting.id
    found = people.token_of(store, text)
    assert found is not None and found[1].scopes == ["issues:read"]
    with pytest.raises(NotFound), store.writing(SYSTEM) as tx:
        people.revoke_token(tx, row.id, user_id="another")
    time.go(days=2)
    assert people.token_of(store, text) is None
    assert people.token_of(store, other) is not None
    with store.writing(SYSTEM) as tx:
        people.revoke_token(tx, token_id)
    assert people.token_of(store, other) is None


def test_a_token_has_known_scopes_alone(store: Store) -> None:
    made = user(store)
    for scopes in ([], ["everything"]):
        with pytest.raises(Refused), store.writing(SYSTEM) as tx:
            people.create_token(tx, made.id, "x", scopes)


def test_a_token_that_would_be_over_already_is_refused(store: Store) -> None:
    made = user(store)
    with pytest.raises(Refused, match="有效期已过"), store.writing(SYSTEM) as tx:
        people.create_token(tx, made.id, "x", ["archives:read"], store.clock())
