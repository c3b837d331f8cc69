"""Who may make which call, said a second time and apart from the code: one line for each route.

A new route needs a line here before the tests pass. The letters are clerk (within the own institution),
reviewer, auditor, Administrator; then the scope that a token needs, `none` for calls that no token makes.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive_verify.store.people import Role

# Without signing in.
PUBLIC: frozenset[tuple[str, str]] = frozenset({
    ("POST", "/api/v1/session"),
    ("OPTIONS", "/api/v1/archives/{archive_id}/uploads"),
    ("OPTIONS", "/api/v1/uploads"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/static/{address:path}"),
    ("GET", "/language/{language}"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
})  # fmt: skip

_CLOSED = """
craA   none           GET     /api/v1/session
craA   none           DELETE  /api/v1/session
craA   none           PUT     /api/v1/session/password
craA   none           GET     /api/v1/tokens
craA   none           POST    /api/v1/tokens
craA   none           DELETE  /api/v1/tokens/{token_id}
craA   archives:read  GET     /api/v1/archives
c--A   archives:write POST    /api/v1/archives
craA   archives:read  GET     /api/v1/archives/{archive_id}
c--A   archives:write PUT     /api/v1/archives/{archive_id}/facts
c--A   archives:write PUT     /api/v1/archives/{archive_id}/volumes/order
c--A   archives:write DELETE  /api/v1/archives/{archive_id}/volumes/{volume_id}
c--A   archives:write POST    /api/v1/archives/{archive_id}/submit
-r--   issues:decide  POST    /api/v1/archives/{archive_id}/return
-r--   issues:decide  POST    /api/v1/archives/{archive_id}/accept
---A   admin          POST    /api/v1/archives/{archive_id}/deletion
craA   archives:read  GET     /api/v1/archives/{archive_id}/history
c--A   archives:write POST    /api/v1/archives/{archive_id}/uploads
c--A   archives:write HEAD    /api/v1/uploads/{upload_id}
c--A   archives:write PATCH   /api/v1/uploads/{upload_id}
c--A   archives:write DELETE  /api/v1/uploads/{upload_id}
craA   archives:read  GET     /api/v1/archives/{archive_id}/runs
cr-A   archives:write POST    /api/v1/archives/{archive_id}/runs
craA   archives:read  GET     /api/v1/runs/{run_id}
cr-A   archives:write POST    /api/v1/runs/{run_id}/cancel
craA   archives:read  GET     /api/v1/runs/{run_id}/events
craA   issues:read    GET     /api/v1/runs/{run_id}/changes
craA   issues:read    GET     /api/v1/archives/{archive_id}/issues
craA   issues:read    GET     /api/v1/archives/{archive_id}/issues/counts
craA   issues:read    GET     /api/v1/archives/{archive_id}/issues/{issue_id}
craA   issues:read    GET     /api/v1/archives/{archive_id}/issues/{issue_id}/decisions
-r--   issues:decide  POST    /api/v1/archives/{archive_id}/issues/{issue_id}/decisions
cra-   archives:read  GET     /api/v1/archives/{archive_id}/corrections
-r--   issues:decide  POST    /api/v1/archives/{archive_id}/corrections
-r--   issues:decide  POST    /api/v1/archives/{archive_id}/pages/{index}/corrections
-r--   issues:decide  DELETE  /api/v1/archives/{archive_id}/corrections/{correction_id}
craA   archives:read  GET     /api/v1/archives/{archive_id}/pages
cra-   archives:read  GET     /api/v1/archives/{archive_id}/pages/{index}/image
cra-   archives:read  GET     /api/v1/archives/{archive_id}/pages/{index}/text
cra-   archives:read  GET     /api/v1/archives/{archive_id}/pages/{index}/fields
cra-   archives:read  GET     /api/v1/archives/{archive_id}/report.json
cra-   archives:read  GET     /api/v1/archives/{archive_id}/report.xlsx
cra-   archives:read  GET     /api/v1/archives/{archive_id}/report.html
cra-   archives:read  GET     /api/v1/archives/{archive_id}/notice.pdf
craA   trainees:read  POST    /api/v1/trainees/search
craA   trainees:read  GET     /api/v1/archives/{archive_id}/trainees
craA   trainees:read  GET     /api/v1/trainees/{trainee_id}
cra-   archives:read  POST    /api/v1/trainees/{trainee_id}/unmask
cra-   archives:read  GET     /api/v1/trainees/{trainee_id}/proof.pdf
--aA   audit:read     GET     /api/v1/audit
--aA   audit:read     GET     /api/v1/audit/verification
--aA   audit:read     GET     /api/v1/audit/export
craA   archives:read  GET     /api/v1/institutions
---A   admin          POST    /api/v1/institutions
---A   admin          PATCH   /api/v1/institutions/{institution_id}
---A   admin          GET     /api/v1/users
---A   admin          POST    /api/v1/users
---A   admin          PATCH   /api/v1/users/{user_id}
---A   admin          PUT     /api/v1/users/{user_id}/password
---A   admin          GET     /api/v1/tasks/{year}
---A   admin          PUT     /api/v1/tasks/{year}/{institution_id}
craA   archives:read  GET     /api/v1/order-shares/{year}
craA   archives:read  GET     /api/v1/dismissal-reasons
---A   admin          POST    /api/v1/dismissal-reasons
---A   admin          PATCH   /api/v1/dismissal-reasons/{reason_id}
craA   archives:read  GET     /api/v1/policies
---A   admin          POST    /api/v1/policies
craA   archives:read  GET     /api/v1/policies/{policy_id}
---A   admin          DELETE  /api/v1/policies/{policy_id}
---A   admin          GET     /metrics
craA   none           GET     /
craA   none           POST    /sign-out
craA   none           GET     /password
craA   none           POST    /password
craA   archives:read  GET     /archives
-r--   issues:decide  GET     /queue
craA   archives:read  GET     /archives/{archive_id}/row
c--A   archives:write GET     /archives/new
c--A   archives:write POST    /archives/new
c--A   archives:write POST    /archives/facts/check
c--A   archives:write GET     /archives/{archive_id}/upload
c--A   archives:write POST    /archives/{archive_id}/facts
c--A   archives:write GET     /archives/{archive_id}/files
c--A   archives:write POST    /archives/{archive_id}/files/{volume_id}/move
c--A   archives:write POST    /archives/{archive_id}/files/{volume_id}/aside
cr-A   archives:write POST    /archives/{archive_id}/check
craA   archives:read  GET     /archives/{archive_id}/run
cr-A   archives:write POST    /archives/{archive_id}/cancel
c--A   archives:write POST    /archives/{archive_id}/submit
craA   issues:read    GET     /archives/{archive_id}/supplement
craA   issues:read    GET     /archives/{archive_id}
craA   trainees:read  GET     /archives/{archive_id}/trainees
craA   archives:read  GET     /archives/{archive_id}/pages
craA   archives:read  GET     /archives/{archive_id}/computation
craA   archives:read  GET     /archives/{archive_id}/history
-r--   issues:decide  POST    /archives/{archive_id}/return
-r--   issues:decide  POST    /archives/{archive_id}/accept
craA   trainees:read  GET     /trainees
craA   trainees:read  POST    /trainees/search
craA   trainees:read  GET     /trainees/{trainee_id}
cra-   archives:read  POST    /trainees/{trainee_id}/unmask
---A   admin          GET     /admin
---A   admin          POST    /admin/users
---A   admin          GET     /admin/users/{user_id}
---A   admin          POST    /admin/users/{user_id}
---A   admin          POST    /admin/users/{user_id}/password
---A   admin          GET     /admin/institutions
---A   admin          POST    /admin/institutions
---A   admin          POST    /admin/institutions/{institution_id}
---A   admin          GET     /admin/tasks
---A   admin          POST    /admin/tasks/{year}/{institution_id}
---A   admin          GET     /admin/reasons
---A   admin          POST    /admin/reasons
---A   admin          POST    /admin/reasons/{reason_id}
craA   archives:read  GET     /policy
---A   admin          POST    /policy
---A   admin          POST    /policy/{policy_id}/removal
--aA   audit:read     GET     /audit
--aA   audit:read     GET     /audit/verification
cra-   archives:read  GET     /archives/{archive_id}/review
cra-   archives:read  GET     /archives/{archive_id}/review/issues/{issue_id}
-r--   issues:decide  POST    /archives/{archive_id}/review/issues/{issue_id}
cra-   archives:read  GET     /archives/{archive_id}/review/state
cra-   archives:read  GET     /archives/{archive_id}/review/outcome
cra-   archives:read  GET     /archives/{archive_id}/review/pages/{index}
-r--   issues:decide  GET     /archives/{archive_id}/review/pages/{index}/missed
cra-   archives:read  POST    /archives/{archive_id}/review/search
-r--   issues:decide  POST    /archives/{archive_id}/review/corrections
-r--   issues:decide  DELETE  /archives/{archive_id}/review/corrections/{correction_id}
cra-   archives:read  GET     /archives/{archive_id}/boundaries
cra-   archives:read  GET     /archives/{archive_id}/boundaries/pages/{index}
-r--   issues:decide  POST    /archives/{archive_id}/boundaries/pages/{index}
-r--   issues:decide  DELETE  /archives/{archive_id}/boundaries/corrections/{correction_id}
craA   archives:read  GET     /overview
craA   archives:read  GET     /overview.xlsx
"""
_LETTERS = {"c": Role.CLERK, "r": Role.REVIEWER, "a": Role.AUDITOR, "A": Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Expected:
    """Who may make a call, and the scope that a token needs; empty for none that is enough."""

    roles: frozenset[Role]
    scope: str


def _table() -> dict[tuple[str, str], Expected]:
    found: dict[tuple[str, str], Expected] = {}
    for line in _CLOSED.strip().splitlines():
        letters, scope, method, path = line.split()
        assert (method, path) not in found, line
        roles = frozenset(_LETTERS[letter] for letter in letters if letter != "-")
        found[method, path] = Expected(roles, "" if scope == "none" else scope)
    return found


TABLE = _table()
