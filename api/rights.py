"""Who may do what: each right with the roles that have it and the scope that a token needs for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from archive_verify.store.people import Role


class Right(StrEnum):
    """What a call needs. A clerk's rights end at the own institution, whatever they are."""

    OWN_ACCOUNT = "own_account"             # one's own session, password and tokens
    READ_ARCHIVES = "read_archives"         # lists, states, progress, history; masked
    READ_ISSUES = "read_issues"             # masked
    READ_TRAINEES = "read_trainees"         # masked
    READ_PAPERS = "read_papers"             # pages, reports, proofs: personal data unmasked
    CHANGE_PAPERS = "change_papers"         # create, class facts, uploads, submit
    RUN_CHECKS = "run_checks"               # start and cancel
    DECIDE = "decide"                       # issues, corrections, return and accept
    READ_AUDIT = "read_audit"
    READ_LISTS = "read_lists"               # institutions, reasons, policies: names without data
    ADMINISTER = "administer"               # users, institutions, tasks, reasons, settings, deletion


_CLERK, _REVIEWER, _AUDITOR, _ADMINISTRATOR = Role.CLERK, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR
_ALL = frozenset(Role)

ROLES: Mapping[Right, frozenset[Role]] = {
    Right.OWN_ACCOUNT: _ALL,
    Right.READ_ARCHIVES: _ALL,
    Right.READ_ISSUES: _ALL,
    Right.READ_TRAINEES: _ALL,
    Right.READ_LISTS: _ALL,
    Right.READ_PAPERS: frozenset({_CLERK, _REVIEWER, _AUDITOR}),
    Right.CHANGE_PAPERS: frozenset({_CLERK, _ADMINISTRATOR}),
    Right.RUN_CHECKS: frozenset({_CLERK, _REVIEWER, _ADMINISTRATOR}),
    Right.DECIDE: frozenset({_REVIEWER}),
    Right.READ_AUDIT: frozenset({_AUDITOR, _ADMINISTRATOR}),
    Right.ADMINISTER: frozenset({_ADMINISTRATOR}),
}

# "" : not for tokens at all.
SCOPES: Mapping[Right, str] = {
    Right.OWN_ACCOUNT: "",
    Right.READ_ARCHIVES: "archives:read",
    Right.READ_ISSUES: "issues:read",
    Right.READ_TRAINEES: "trainees:read",
    Right.READ_LISTS: "archives:read",
    Right.READ_PAPERS: "archives:read",
    Right.CHANGE_PAPERS: "archives:write",
    Right.RUN_CHECKS: "archives:write",
    Right.DECIDE: "issues:decide",
    Right.READ_AUDIT: "audit:read",
    Right.ADMINISTER: "admin",
}
