"""The policies that archives are checked by: those of the program, and those that the administrator adds."""

from __future__ import annotations

import re

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from archive_verify.policy.terms import Policy, load_policy, parse_policy, policy_ids
from archive_verify.store.database import Transaction
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.tables import Archive, Run, SettingRow

_KEY = "policy:"
_ID = re.compile(r"[a-z0-9_]{1,50}")


def ids(session: Session) -> tuple[str, ...]:
    """All policies: the program's own first, then those added, by their ids."""
    added = session.scalars(select(SettingRow.key).where(SettingRow.key.startswith(_KEY)).order_by(SettingRow.key))
    return (*policy_ids(), *(key.removeprefix(_KEY) for key in added))


def of(session: Session, policy_id: str) -> Policy:
    """The policy of this id. Raises NotFound."""
    if policy_id in policy_ids():
        return load_policy(policy_id)
    row = session.get(SettingRow, _KEY + policy_id)
    if row is None:
        raise NotFound("没有这个办法")
    return parse_policy(row.value)


def add(tx: Transaction, text: str) -> Policy:
    """Add a policy from the text of its TOML file. It stays as it is: what was judged by it could not be told from
    what another text under the same id says. Raises PolicyRefused, Refused, Conflict.
    """
    policy = parse_policy(text)
    if not _ID.fullmatch(policy.id):
        raise Refused("办法的 id 应为 1 到 50 个小写字母、数字或下划线", where=policy.id[:50])
    if policy.id in ids(tx.session):
        raise Conflict("已有这个 id 的办法", advice="办法加入后不再改变；修订后的请用另一个 id")
    tx.session.add(SettingRow(key=_KEY + policy.id, value=text, version=1))
    tx.session.flush()
    tx.audit("policy.add", "policy", policy.id, new={"title": policy.title, "toml": text})
    return policy


def remove(tx: Transaction, policy_id: str) -> None:
    """Remove a policy that was added. Raises NotFound, and Refused for the program's own and where an archive is
    checked by it.
    """
    if policy_id in policy_ids():
        raise Refused("程序自带的办法不能移除")
    row = tx.session.get(SettingRow, _KEY + policy_id, with_for_update=True)
    if row is None:
        raise NotFound("没有这个办法")
    used = or_(exists().where(Archive.policy == policy_id), exists().where(Run.policy == policy_id))
    if tx.session.scalar(select(used)):
        raise Refused("已有档案按这个办法核查，不能移除")
    tx.session.delete(row)
    tx.audit("policy.remove", "policy", policy_id, old={"toml": row.value})
