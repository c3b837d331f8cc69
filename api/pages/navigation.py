"""Where the navigation leads, by right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.pages.language import later
from api.rights import ROLES, Right
from archive_verify.store.people import Role


@dataclass(frozen=True, slots=True)
class Place:
    """One entry; shown to roles with the right."""

    path: str
    words: str
    right: Right


QUEUE = "/queue"
PLACES = (
    Place(QUEUE, later("待审核"), Right.DECIDE),
    Place("/archives", later("档案"), Right.READ_ARCHIVES),
    Place("/trainees", later("学员"), Right.READ_TRAINEES),
    Place("/overview", later("统计"), Right.READ_ARCHIVES),
    Place("/audit", later("审计日志"), Right.READ_AUDIT),
    Place("/admin", later("管理"), Right.ADMINISTER),
)
ROLE_WORDS = {
    Role.CLERK: later("机构经办人"),
    Role.REVIEWER: later("审核人员"),
    Role.AUDITOR: later("审计人员"),
    Role.ADMINISTRATOR: later("管理员"),
}


def places_for(role: Role) -> Iterator[Place]:
    """What a role's navigation shows."""
    return (place for place in PLACES if role in ROLES[place.right])


def home_of(role: Role) -> str:
    """Where a role starts."""
    return next(places_for(role)).path
