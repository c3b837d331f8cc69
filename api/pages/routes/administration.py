"""Administration: users, institutions, their tasks of the year, reasons for dismissals; the policy in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.deps import Administrator, Caller, ListReader, TheCreation, TheService
from api.pages import policy_words
from api.pages.forms import TheForm, taken
from api.pages.frame import Page, ThePage
from api.pages.language import later
from api.pages.navigation import ROLE_WORDS
from api.routes import administration as api
from api.schemas import IdPath
from archive_verify.policy.terms import policy_ids
from archive_verify.store import NotFound
from archive_verify.store.people import Role

router = APIRouter(include_in_schema=False)
PARTS = (
    ("/admin", later("账号管理")), ("/admin/institutions", later("机构")), ("/admin/tasks", later("年度任务")),
    ("/admin/reasons", later("排除理由")), ("/policy", later("核查依据")),
)  # fmt: skip


@router.get("/admin")
def users_page(page: ThePage, caller: Administrator, service: TheService) -> Response:
    """All users."""
    return _part(page, caller, "admin/users.html", **_people(caller, service))


@router.post("/admin/users")
def create_user(page: ThePage, form: TheForm, caller: Administrator, create: TheCreation) -> Response:
    """A new user, whose password is to be changed at the first sign-in."""
    given = taken(api.NewUser, {
        "login": form["login"], "name": form["name"], "role": form["role"], "password": form.raw("password"),
        "institution_id": form["institution_id"] or None,
    })  # fmt: skip
    api.create_user(given, caller, create)
    return page.go("/admin", done=later("账号已添加"))


@router.get("/admin/users/{user_id}")
def user_page(page: ThePage, user_id: IdPath, caller: Administrator, service: TheService) -> Response:
    """One user."""
    known = _people(caller, service)
    user = next((one for one in known["users"] if one.id == user_id), None)
    if user is None:
        raise NotFound("没有这个账号")
    return _part(page, caller, "admin/user.html", user=user, **known)


@router.post("/admin/users/{user_id}")
def change_user(
    page: ThePage, user_id: IdPath, form: TheForm, caller: Administrator, service: TheService
) -> Response:
    """Change name, role, institution, or whether the user may sign in."""
    given = taken(api.UserChange, {
        "name": form["name"], "role": form["role"], "institution_id": form["institution_id"] or None,
        "active": form["active"] == "yes",
    })  # fmt: skip
    api.change_user(user_id, given, caller, service)
    return page.go("/admin", done=later("账号已修改"))


@router.post("/admin/users/{user_id}/password")
def reset_password(
    page: ThePage, user_id: IdPath, form: TheForm, caller: Administrator, service: TheService
) -> Response:
    """A password for a user who forgot it."""
    api.reset_password(user_id, taken(api.PasswordReset, {"password": form.raw("password")}), caller, service)
    return page.go("/admin", done=later("密码已重设，下次登录须修改"))


@router.get("/admin/institutions")
def institutions_page(page: ThePage, caller: Administrator, service: TheService) -> Response:
    """All institutions."""
    return _part(page, caller, "admin/institutions.html", institutions=api.list_institutions(caller, service))


@router.post("/admin/institutions")
def create_institution(page: ThePage, form: TheForm, caller: Administrator, create: TheCreation) -> Response:
    """A new institution."""
    given = taken(api.NewInstitution, {"name": form["name"], "credit_code": form["credit_code"]})
    api.create_institution(given, caller, create)
    return page.go("/admin/institutions", done=later("机构已添加"))


@router.post("/admin/institutions/{institution_id}")
def change_institution(
    page: ThePage, institution_id: IdPath, form: TheForm, caller: Administrator, service: TheService
) -> Response:
    """Change what is entered in the institution's line."""
    given = taken(api.InstitutionChange, {
        "name": form["name"], "credit_code": form["credit_code"], "active": form["active"] == "yes",
    })  # fmt: skip
    api.change_institution(institution_id, given, caller, service)
    return page.go("/admin/institutions", done=later("机构已修改"))


@router.get("/admin/tasks")
def tasks_page(
    page: ThePage, caller: Administrator, service: TheService,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Response:  # fmt: skip
    """The institutions' tasks of a year, with the order training done."""
    year = year or service.store.clock().year
    return _part(
        page, caller, "admin/tasks.html", year=year, institutions=api.list_institutions(caller, service),
        tasks={one.institution_id: one.headcount for one in api.list_tasks(year, caller, service)},
        shares={one.institution_id: one for one in api.order_shares(year, caller, service)},
    )  # fmt: skip


@router.post("/admin/tasks/{year}/{institution_id}")
def set_task(
    page: ThePage, year: api.Year, institution_id: IdPath, form: TheForm, caller: Administrator, service: TheService
) -> Response:
    """How many persons an institution is to train in a year."""
    api.set_task(year, institution_id, taken(api.Task, {"headcount": form["headcount"]}), caller, service)
    return page.go(f"/admin/tasks?year={year}", done=later("年度任务已保存"))


@router.get("/admin/reasons")
def reasons_page(page: ThePage, caller: Administrator, service: TheService) -> Response:
    """The reasons a reviewer may give for a dismissal."""
    return _part(page, caller, "admin/reasons.html", reasons=api.list_reasons(caller, service, all=True))


@router.post("/admin/reasons")
def add_reason(page: ThePage, form: TheForm, caller: Administrator, create: TheCreation) -> Response:
    """A further reason."""
    api.add_reason(taken(api.NewReason, {"text": form["text"]}), caller, create)
    return page.go("/admin/reasons", done=later("理由已添加"))


@router.post("/admin/reasons/{reason_id}")
def use_reason(
    page: ThePage, reason_id: IdPath, form: TheForm, caller: Administrator, service: TheService
) -> Response:
    """Take a reason out of use or back into it."""
    api.use_reason(reason_id, api.ReasonChange(active=form["active"] == "yes"), caller, service)
    return page.go("/admin/reasons", done=later("理由已修改"))


@router.get("/policy")
def policy_page(
    page: ThePage, caller: ListReader, service: TheService,
    policy_id: Annotated[str, Query(alias="id", pattern=r"^[a-z0-9_]{1,60}$")] = "",
) -> Response:  # fmt: skip
    """The terms of a policy: thresholds, required papers, readings taken, citations."""
    policies = api.list_policies(caller, service)
    terms = api.get_policy(policy_id or policies[0].id, caller, service)
    return _part(
        page, caller, "admin/policy.html", policies=policies, terms=terms, built_in=policy_ids(),
        policy_parts=policy_words.PARTS, term_words=policy_words.TERMS, cited=policy_words.CITED,
        in_words=policy_words.in_words,
    )  # fmt: skip


@router.post("/policy")
def add_policy(page: ThePage, form: TheForm, caller: Administrator, create: TheCreation) -> Response:
    """A further policy."""
    made = api.add_policy(taken(api.NewPolicy, {"toml": form["toml"]}), caller, create)
    return page.go(f"/policy?id={made.headers['Location'].rsplit('/', 1)[-1]}", done=later("办法已加入"))


@router.post("/policy/{policy_id}/removal")
def remove_policy(page: ThePage, policy_id: api.PolicyId, caller: Administrator, service: TheService) -> Response:
    """Remove a policy that no archive is checked by."""
    api.remove_policy(policy_id, caller, service)
    return page.go("/policy", done=later("办法已移除"))


def _people(caller: Caller, service: TheService) -> dict[str, Any]:
    return {
        "users": api.list_users(caller, service), "roles": list(Role), "role_names": ROLE_WORDS,
        "institutions": api.list_institutions(caller, service),
    }  # fmt: skip


def _part(page: Page, caller: Caller, template: str, **context: Any) -> Response:
    return page(template, caller, parts=PARTS, **context)
