"""Institutions, users, sign-ins and tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from archive_verify.store.database import Actor, Store, Transaction
from archive_verify.store.errors import Conflict, NotFound, Refused, Throttled
from archive_verify.store.tables import ApiToken, Institution, LoginFailure, User, UserSession

# Argon2id with the parameters of RFC 9106, section 4, second recommendation (64 MiB, 3 passes, 4 lanes).
_HASHER = PasswordHasher()
_SHORTEST = 12
_LONGEST_PASSWORD = 128     # OWASP ASVS 4.0.3, 2.1.2
_LONGEST = 200
# What lists of leaked passwords are made of: without it at least half of the shortest password must be left.
_COMMON = re.compile(
    r"password|passw0rd|p@ssw0rd|admin(?:istrator)?|letmein|welcome|iloveyou|woaini|archive|verify|mima|dangan"
    r"|qwerty(?:uiop)?|asdfgh(?:jkl)?|zxcvbn[nm]?|1qaz2wsx|3edc|4rfv|q1w2e3r4|qazwsx|edcrfv|abc(?:d(?:e(?:f(?:g)?)?)?)?"
    r"|0?123(?:4(?:5(?:6(?:7(?:89?0?)?)?)?)?)?|9?87654(?:3(?:21?0?)?)?|5201314|1314520|(?:19|20)\d\d|(.)\1{2,}"
)
# A session's last use is written down no oftener than this.
_SEEN_EVERY = timedelta(seconds=60)
# One address may serve a whole office.
_ATTEMPTS_PER_ADDRESS = 10
# What a token may be allowed to do; its user's role bounds it further.
SCOPES = (
    "archives:read", "archives:write", "issues:read", "issues:decide", "trainees:read", "audit:read", "admin",
)  # fmt: skip


class Role(StrEnum):
    """What a user is; clerks act within their institution."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in. `token` goes into the cookie and is kept nowhere; `csrf` goes into forms."""

    user: User
    token: str
    csrf: str
    expires_at: datetime


# --- institutions ---------------------------------------------------------------------------------


def create_institution(tx: Transaction, name: str, credit_code: str = "") -> Institution:
    """A new institution. Raises Conflict where one has the name."""
    name = _filled(name, "机构名称")
    if tx.session.scalar(select(Institution.id).where(Institution.name == name)):
        raise Conflict("已有同名机构")
    institution = Institution(name=name, credit_code=credit_code.strip(), active=True, created_at=tx.now)
    tx.session.add(institution)
    tx.session.flush()
    tx.audit("institution.create", "institution", institution.id, new={"name": name})
    return institution


def change_institution(
    tx: Transaction, institution_id: str, *, name: str | None = None, credit_code: str | None = None,
    active: bool | None = None,
) -> Institution:  # fmt: skip
    """Change what is given; the users of an inactive institution cannot sign in."""
    institution = get_institution(tx.session, institution_id)
    changes = {"name": name, "credit_code": credit_code, "active": active}
    changes = {key: value for key, value in changes.items() if value is not None}
    old = {key: getattr(institution, key) for key in changes}
    for key, value in changes.items():
        setattr(institution, key, value)
    tx.audit("institution.change", "institution", institution_id, old=old, new=changes)
    return institution


def get_institution(session: Session, institution_id: str) -> Institution:
    """Raises NotFound."""
    institution = session.get(Institution, institution_id)
    if institution is None:
        raise NotFound("没有这个机构")
    return institution


def institutions(session: Session) -> list[Institution]:
    """All, by name."""
    return list(session.scalars(select(Institution).order_by(Institution.name)))


# --- users ----------------------------------------------------------------------------------------


def create_user(
    tx: Transaction, *, login: str, name: str, role: Role, password: str, institution_id: str | None = None,
    must_change: bool = True,
) -> User:  # fmt: skip
    """A new user, who changes the password on the first sign-in. Raises Conflict, Refused."""
    login = _login(login)
    if (role is Role.CLERK) != (institution_id is not None):
        raise Refused("机构经办人必须属于一个机构，其他角色不属于机构")
    if institution_id is not None:
        get_institution(tx.session, institution_id)
    if tx.session.scalar(select(User.id).where(User.login == login)):
        raise Conflict("已有同名账号")
    _check_password(password, login)
    user = User(
        login=login, name=_filled(name, "姓名"), role=role.value, institution_id=institution_id,
        password_hash=_HASHER.hash(password), must_change_password=must_change, active=True, created_at=tx.now,
    )  # fmt: skip
    tx.session.add(user)
    tx.session.flush()
    new = {"login": login, "name": user.name, "role": user.role, "institution_id": institution_id}
    tx.audit("user.create", "user", user.id, new=new)
    return user


def change_user(
    tx: Transaction, user_id: str, *, name: str | None = None, role: Role | None = None,
    institution_id: str | None = None, active: bool | None = None,
) -> User:  # fmt: skip
    """Change what is given; whoever gets another role or is shut out must sign in again. The last
    active administrator stays one (Refused)."""
    user = get_user(tx.session, user_id)
    old = {"name": user.name, "role": user.role, "institution_id": user.institution_id, "active": user.active}
    new_role = role or Role(user.role)
    institution = (institution_id or user.institution_id) if new_role is Role.CLERK else None
    if new_role is Role.CLERK:
        if institution is None:
            raise Refused("机构经办人必须属于一个机构")
        get_institution(tx.session, institution)
    stays = new_role is Role.ADMINISTRATOR and active is not False
    if user.role == Role.ADMINISTRATOR and user.active and not stays and _administrators(tx.session) == 1:
        raise Refused("最后一个管理员不能停用或改为其他角色")
    user.name = user.name if name is None else _filled(name, "姓名")
    user.role, user.institution_id = new_role.value, institution
    user.active = user.active if active is None else active
    new = {"name": user.name, "role": user.role, "institution_id": user.institution_id, "active": user.active}
    if (new["role"], new["institution_id"], new["active"]) != (old["role"], old["institution_id"], old["active"]):
        tx.session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    tx.audit("user.change", "user", user_id, old=old, new=new)
    return user


def set_password(
    tx: Transaction, user_id: str, password: str, *, must_change: bool = False, keep_session: str = ""
) -> None:
    """A new password; every sign-in of the user ends but that of the token `keep_session`."""
    user = get_user(tx.session, user_id)
    _check_password(password, user.login)
    if _fits(user.password_hash, password):
        raise Refused("新密码不能与原密码相同")
    user.password_hash = _HASHER.hash(password)
    user.must_change_password = must_change
    tx.session.execute(
        delete(UserSession).where(
            UserSession.user_id == user_id, UserSession.token_hash != _digest(keep_session)
        )
    )
    tx.audit("user.password", "user", user_id)


def confirm_password(store: Store, actor: Actor, user_id: str, password: str) -> bool:
    """Whether it is the password of the user, who has signed in already; for changing it.

    Raises Throttled after too many failures: a session that was taken over must not serve to guess it.
    """
    key = f"password:{user_id}"
    with store.reading() as session:
        _throttle(session, store, [key])
        right = _fits(get_user(session, user_id).password_hash, password[:_LONGEST])
    if not right:
        with store.writing(actor) as tx:
            tx.session.add(LoginFailure(key=key, at=tx.now))
            tx.audit("password.refused", "user", user_id)
    return right


def get_user(session: Session, user_id: str) -> User:
    """Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("没有这个账号")
    return user


def users(session: Session) -> list[User]:
    """All, by login."""
    return list(session.scalars(select(User).order_by(User.login)))


def first_administrator(tx: Transaction) -> tuple[str, str] | None:
    """Login and one-time password of a fresh administrator, if there is no user at all yet."""
    if tx.session.scalar(select(func.count()).select_from(User)):
        return None
    password = secrets.token_urlsafe(15)
    user = create_user(tx, login="admin", name="管理员", role=Role.ADMINISTRATOR, password=password)
    return user.login, password


# --- signing in -----------------------------------------------------------------------------------


def sign_in(
    store: Store, login: str, password: str, *, address: str = "", agent: str = "", before: str = ""
) -> SignedIn:
    """A new session for the right password; the one of the token `before` ends, whoever's it was.

    Raises Throttled after too many failures of the login or the address, else Refused, alike for an
    unknown login and a wrong password; both are audited, and so is that a login must wait.
    """
    login = login.strip().casefold()[:_LONGEST]
    by_login = f"login:{_digest(login)}"
    keys = [by_login, *([f"address:{address}"] if address else [])]
    with store.reading() as session:
        _throttle(session, store, keys)
        user = session.scalar(select(User).where(User.login == login))
        institution = user and user.institution_id and session.get(Institution, user.institution_id)
    # An unknown login takes as long as a known one.
    right = _fits(user.password_hash if user else _decoy(), password[:_LONGEST])
    if user is None or not right or not user.active or (institution and not institution.active):
        actor = Actor("system", "sign-in", "sign-in", address=address)
        # What is no login may be a password that was typed into the wrong field.
        told = login if user is not None else f"{login[:2]}…"
        with store.writing(actor) as tx:
            tx.session.add_all(LoginFailure(key=key, at=tx.now) for key in keys)
            tx.audit("sign_in.failed", "login", told)
            tx.session.flush()
            if any(_wait(tx.session, store, key) for key in keys):
                tx.audit("sign_in.throttled", "login", told)
        raise Refused("账号或密码不对")
    actor = Actor("user", user.id, user.name, user.role, user.institution_id, address)
    with store.writing(actor) as tx:
        tx.session.execute(delete(LoginFailure).where(LoginFailure.key == by_login))
        if before:
            tx.session.execute(delete(UserSession).where(UserSession.token_hash == _digest(before)))
        kept = get_user(tx.session, user.id)
        kept.signed_in_at = tx.now
        if _HASHER.check_needs_rehash(kept.password_hash):
            kept.password_hash = _HASHER.hash(password)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        expires = tx.now + timedelta(hours=store.settings.session_hours)
        tx.session.add(
            UserSession(
                token_hash=_digest(token), user_id=user.id, csrf=csrf, created_at=tx.now, seen_at=tx.now,
                expires_at=expires, address=address, agent=agent[:200],
            )
        )  # fmt: skip
        tx.audit("sign_in", "user", user.id)
    return SignedIn(kept, token, csrf, expires)


def session_of(store: Store, token: str, *, used: bool = True) -> tuple[User, UserSession] | None:
    """Whose session it is, or None: unknown, expired, idle too long, or the user was shut out.

    Where nobody did anything (`used` is False) it goes on being idle.
    """
    now = store.clock()
    with store.reading() as session:
        found = session.get(UserSession, _digest(token))
        user = None if found is None else _active(session, found.user_id)
    if found is None or user is None or now >= found.expires_at:
        return None
    if now - found.seen_at > timedelta(minutes=store.settings.idle_minutes):
        return None
    if used and now - found.seen_at > _SEEN_EVERY:
        with store.writing(Actor.system("sessions")) as tx:
            tx.session.execute(
                update(UserSession).where(UserSession.token_hash == found.token_hash).values(seen_at=now)
            )
    return user, found


def sign_out(tx: Transaction, token: str) -> None:
    """End the session."""
    found = tx.session.get(UserSession, _digest(token))
    if found is not None:
        tx.session.delete(found)
        tx.audit("sign_out", "user", found.user_id)


def tidy(tx: Transaction, wait: timedelta) -> None:
    """Forget expired sessions and failures that count no more."""
    tx.session.execute(delete(UserSession).where(UserSession.expires_at < tx.now))
    tx.session.execute(delete(LoginFailure).where(LoginFailure.at < tx.now - wait))


# --- tokens ---------------------------------------------------------------------------------------


def create_token(
    tx: Transaction, user_id: str, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token for programs; its text is given once and kept nowhere. Raises Refused for an unknown scope, or where
    it would be over already."""
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise Refused(f"没有这样的权限：{'、'.join(sorted(unknown)) or '（空）'}")
    if expires_at is not None and expires_at <= tx.now:
        raise Refused("有效期已过", advice="请给出以后的时间")
    user = get_user(tx.session, user_id)
    text = f"av_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        token_hash=_digest(text), user_id=user.id, name=_filled(name, "名称"), scopes=sorted(set(scopes)),
        created_at=tx.now, expires_at=expires_at,
    )  # fmt: skip
    tx.session.add(token)
    tx.session.flush()
    tx.audit("token.create", "token", token.id, new={"name": token.name, "scopes": token.scopes})
    return token, text


def token_of(store: Store, text: str) -> tuple[User, ApiToken] | None:
    """Whose token it is, or None: unknown, revoked, expired, or the user was shut out."""
    now = store.clock()
    found = _token(store, _digest(text), now)
    if found is None:
        return None
    user, token = found
    if token.used_at is None or now - token.used_at > _SEEN_EVERY:
        with store.writing(Actor.system("tokens")) as tx:
            tx.session.execute(update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))
    return user, token


def token_good(store: Store, token_hash: str) -> bool:
    """Whether a token that was good is so still."""
    return _token(store, token_hash, store.clock()) is not None


def revoke_token(tx: Transaction, token_id: str, *, user_id: str | None = None) -> None:
    """The token is good for nothing any more; of `user_id`'s alone, if given (NotFound)."""
    token = tx.session.get(ApiToken, token_id)
    if token is None or (user_id is not None and token.user_id != user_id):
        raise NotFound("没有这个令牌")
    if token.revoked_at is None:
        token.revoked_at = tx.now
        tx.audit("token.revoke", "token", token_id)


def tokens(session: Session, user_id: str | None = None) -> list[ApiToken]:
    """All tokens, or a user's, newest first."""
    query = select(ApiToken).order_by(ApiToken.id.desc())
    return list(session.scalars(query if user_id is None else query.where(ApiToken.user_id == user_id)))


# --- within ---------------------------------------------------------------------------------------


def _throttle(session: Session, store: Store, keys: Sequence[str]) -> None:
    for key in keys:
        if seconds := _wait(session, store, key):
            raise Throttled("登录失败次数过多", retry_after=seconds)


def _wait(session: Session, store: Store, key: str) -> int:
    """Seconds until the next attempt may be made; 0 for none. What a clock that was put back says of the
    future does not count: it would shut people out for as long."""
    now, wait = store.clock(), timedelta(seconds=store.settings.login_wait_seconds)
    allowed = store.settings.login_attempts * (_ATTEMPTS_PER_ADDRESS if key.startswith("address:") else 1)
    times = list(
        session.scalars(
            select(LoginFailure.at)
            .where(LoginFailure.key == key, LoginFailure.at > now - wait, LoginFailure.at <= now)
            .order_by(LoginFailure.at.desc()).limit(allowed)
        )
    )  # fmt: skip
    return int((times[-1] + wait - now).total_seconds()) + 1 if len(times) == allowed else 0


def _token(store: Store, token_hash: str, now: datetime) -> tuple[User, ApiToken] | None:
    with store.reading() as session:
        token = session.scalar(select(ApiToken).where(ApiToken.token_hash == token_hash))
        user = None if token is None else _active(session, token.user_id)
    if token is None or user is None or token.revoked_at is not None:
        return None
    return None if token.expires_at is not None and now >= token.expires_at else (user, token)


def _active(session: Session, user_id: str) -> User | None:
    """The user, unless he or his institution was shut out."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        return None
    institution = session.get(Institution, user.institution_id) if user.institution_id else None
    return user if institution is None or institution.active else None


def _administrators(session: Session) -> int:
    count = select(func.count()).select_from(User).where(User.role == Role.ADMINISTRATOR, User.active)
    return session.scalar(count) or 0


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _HASHER.hash(secrets.token_hex())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _login(login: str) -> str:
    login = login.strip().casefold()
    if not 2 <= len(login) <= 60 or any(char.isspace() or not char.isprintable() for char in login):
        raise Refused("账号应为 2 到 60 个字符，不含空格")
    return login


def _check_password(password: str, login: str) -> None:
    if not _SHORTEST <= len(password) <= _LONGEST_PASSWORD:
        raise Refused(f"密码应为 {_SHORTEST} 到 {_LONGEST_PASSWORD} 个字符")
    if login in password.casefold():
        raise Refused("密码里不能有账号")
    if len(set(password)) < 5:
        raise Refused("密码太容易猜到，至少要有 5 个不同的字符")
    if len(_COMMON.sub("", password.casefold())) < _SHORTEST // 2:
        raise Refused("密码太容易猜到", advice="请不要用键盘顺序、连续数字和常见的词拼成密码")


def _filled(text: str, what: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise Refused(f"{what}为空、过长或含有不可见字符")
    return text
