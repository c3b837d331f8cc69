"""The routes of the pages, by subject. None of them is part of the documented API."""

from api.pages.routes import (
    account,
    administration,
    archive,
    archives,
    audit,
    boundaries,
    files,
    overview,
    review,
    supplement,
    trainees,
    uploads,
)

# Of two routes that fit an address the first one answers: /archives/new before /archives/{archive_id}.
ROUTERS = (
    files.router, account.router, archives.router, uploads.router, supplement.router, archive.router, trainees.router,
    administration.router, audit.router, review.router,
    boundaries.router, overview.router,
)  # fmt: skip
