"""Institutions, users, tasks of the year, reasons for dismissals, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from api.deps import Administrator, ListReader, TheCreation, TheService
from api.schemas import Given, Id, IdPath, Line, Secret, Shown, Text
from archive_verify.store import across, administration, people, policies
from archive_verify.store.people import Role

router = APIRouter(tags=["administration"])
PolicyId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
Year = Annotated[int, Path(ge=2000, le=2100)]


class NewInstitution(Given):
    name: Line
    credit_code: Line = ""


class InstitutionChange(Given):
    name: Line | None = None
    credit_code: Line | None = None
    active: bool | None = None


class InstitutionShown(Shown):
    id: str
    name: str
    credit_code: str
    active: bool


class NewUser(Given):
    """The password is to be changed at the first sign-in. Clerks belong to an institution, others to none."""

    login: Line
    name: Line
    role: Role
    password: Secret
    institution_id: Id | None = None


class UserChange(Given):
    name: Line | None = None
    role: Role | None = None
    institution_id: Id | None = None
    active: bool | None = None


class UserShown(Shown):
    id: str
    login: str
    name: str
    role: Role
    institution_id: str | None
    active: bool
    must_change_password: bool
    created_at: datetime
    signed_in_at: datetime | None


class PasswordReset(Given):
    password: Secret


class Task(Given):
    headcount: int = Field(ge=1, le=1_000_000, description="persons to train in the year")


class TaskShown(Shown):
    institution_id: str
    headcount: int


class OrderShareShown(Shown):
    """Order training of a year against the task; `low` is issue code order_share_low."""

    institution_id: str
    year: int
    task: int
    ordered: int
    low: bool


class NewReason(Given):
    text: Line


class ReasonChange(Given):
    active: bool


class ReasonShown(Shown):
    id: str
    text: str
    active: bool


class NewPolicy(Given):
    toml: Text = Field(description="the policy's file, as the program's own are written: see `archive-verify rules`")


class PolicyShown(Shown):
    id: str
    title: str


@router.get("/institutions")
def list_institutions(caller: ListReader, service: TheService) -> list[InstitutionShown]:
    """The institutions by name; a clerk sees the own one."""
    with service.store.reading() as session:
        found = people.institutions(session)
    seen = caller.scope.institution_id
    return [InstitutionShown.model_validate(one) for one in found if seen in (None, one.id)]


@router.post("/institutions", status_code=201, response_model=InstitutionShown)
def create_institution(given: NewInstitution, caller: Administrator, create: TheCreation) -> Response:
    """A new institution."""
    return create(
        lambda tx: people.create_institution(tx, given.name, given.credit_code),
        InstitutionShown.model_validate,
        location=lambda made: "/api/v1/institutions",
    )


@router.patch("/institutions/{institution_id}")
def change_institution(
    institution_id: IdPath, given: InstitutionChange, caller: Administrator, service: TheService
) -> InstitutionShown:
    """Change what is given."""
    with service.store.writing(caller.actor) as tx:
        changed = people.change_institution(
            tx, institution_id, name=given.name, credit_code=given.credit_code, active=given.active
        )
        return InstitutionShown.model_validate(changed)


@router.get("/users")
def list_users(caller: Administrator, service: TheService) -> list[UserShown]:
    """All users by login."""
    with service.store.reading() as session:
        return [UserShown.model_validate(user) for user in people.users(session)]


@router.post("/users", status_code=201, response_model=UserShown)
def create_user(given: NewUser, caller: Administrator, create: TheCreation) -> Response:
    """A new user."""
    return create(
        lambda tx: people.create_user(
            tx, login=given.login, name=given.name, role=given.role, password=given.password,
            institution_id=given.institution_id,
        ),
        UserShown.model_validate,
        location=lambda made: "/api/v1/users",
    )  # fmt: skip


@router.patch("/users/{user_id}")
def change_user(user_id: IdPath, given: UserChange, caller: Administrator, service: TheService) -> UserShown:
    """Change what is given; another role, or none any more, ends the user's sessions."""
    with service.store.writing(caller.actor) as tx:
        changed = people.change_user(
            tx, user_id, name=given.name, role=given.role, institution_id=given.institution_id, active=given.active
        )
        return UserShown.model_validate(changed)


@router.put("/users/{user_id}/password", status_code=204)
def reset_password(user_id: IdPath, given: PasswordReset, caller: Administrator, service: TheService) -> Response:
    """A password for a user who forgot it, to be changed at the next sign-in."""
    with service.store.writing(caller.actor) as tx:
        people.set_password(tx, user_id, given.password, must_change=True)
    return Response(status_code=204)


@router.get("/tasks/{year}")
def list_tasks(year: Year, caller: Administrator, service: TheService) -> list[TaskShown]:
    """The institutions' tasks of a year."""
    with service.store.reading() as session:
        found = administration.tasks(session, year)
    return [TaskShown(institution_id=id_, headcount=count) for id_, count in sorted(found.items())]


@router.put("/tasks/{year}/{institution_id}", status_code=204)
def set_task(
    year: Year, institution_id: IdPath, given: Task, caller: Administrator, service: TheService
) -> Response:
    """How many persons an institution is to train in a year."""
    with service.store.writing(caller.actor) as tx:
        administration.set_task(tx, institution_id, year, given.headcount)
    return Response(status_code=204)


@router.get("/order-shares/{year}")
def order_shares(year: Year, caller: ListReader, service: TheService) -> list[OrderShareShown]:
    """Each institution's order training of a year against its task; a clerk sees the own one."""
    with service.store.reading() as session:
        found = across.order_shares(session, year)
    seen = caller.scope.institution_id
    return [OrderShareShown.model_validate(one) for one in found if seen in (None, one.institution_id)]


@router.get("/dismissal-reasons")
def list_reasons(caller: ListReader, service: TheService, all: bool = False) -> list[ReasonShown]:
    """The reasons in their order; `all` shows those out of use too."""
    with service.store.reading() as session:
        return [ReasonShown.model_validate(one) for one in administration.reasons(session, active=not all)]


@router.post("/dismissal-reasons", status_code=201, response_model=ReasonShown)
def add_reason(given: NewReason, caller: Administrator, create: TheCreation) -> Response:
    """A further reason."""
    return create(
        lambda tx: administration.add_reason(tx, given.text),
        ReasonShown.model_validate,
        location=lambda made: "/api/v1/dismissal-reasons",
    )


@router.patch("/dismissal-reasons/{reason_id}")
def use_reason(
    reason_id: IdPath, given: ReasonChange, caller: Administrator, service: TheService
) -> ReasonShown:
    """Take a reason out of use or back into it."""
    with service.store.writing(caller.actor) as tx:
        return ReasonShown.model_validate(administration.use_reason(tx, reason_id, active=given.active))


@router.get("/policies")
def list_policies(caller: ListReader, service: TheService) -> list[PolicyShown]:
    """The policies that archives can be checked by."""
    with service.store.reading() as session:
        return [PolicyShown.model_validate(policies.of(session, id_)) for id_ in policies.ids(session)]


@router.post("/policies", status_code=201, response_model=PolicyShown)
def add_policy(given: NewPolicy, caller: Administrator, create: TheCreation) -> Response:
    """A further policy. It never changes: a revised one has another id."""
    return create(
        lambda tx: policies.add(tx, given.toml),
        PolicyShown.model_validate,
        location=lambda made: f"/api/v1/policies/{made.id}",
    )


@router.get("/policies/{policy_id}")
def get_policy(policy_id: PolicyId, caller: ListReader, service: TheService) -> dict[str, Any]:
    """The terms of a policy, with their citations."""
    with service.store.reading() as session:
        return policies.of(session, policy_id).model_dump(mode="json")


@router.delete("/policies/{policy_id}", status_code=204)
def remove_policy(policy_id: PolicyId, caller: Administrator, service: TheService) -> Response:
    """Remove a policy that was added and that no archive is checked by."""
    with service.store.writing(caller.actor) as tx:
        policies.remove(tx, policy_id)
    return Response(status_code=204)
