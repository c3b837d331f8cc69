"""Institutions, users and how they prove who they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from archive_verify.store.tables.base import Base, Id, Sha256


class Institution(Base):
    """A training institution that hands in archives."""

    __tablename__ = "institutions"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    credit_code: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class User(Base):
    """A person who signs in. `login` is unique whatever its case; clerks belong to an institution."""

    __tablename__ = "users"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))       # people.Role
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class UserSession(Base):
    """A sign-in that lasts; only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[Sha256] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")


class ApiToken(Base):
    """A program's right to act for a user, within scopes; only the hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    token_hash: Mapped[Sha256] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class LoginFailure(Base):
    """One failed sign-in, by login and by address; kept as long as it counts."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]                                    # "login:..." or "address:..."
    at: Mapped[datetime]
