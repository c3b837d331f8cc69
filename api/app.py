"""The app, made from a store and the way to the queue; importing this loads no OCR."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api.config import ApiSettings
from api.deps import Service
from api.envelope import PREFIX, Envelope
from api.errors import add_handlers
from api.limits import CallLimit, Door
from api.metrics import Metrics
from api.openapi import describe
from api.orders import Orders
from api.pages.frame import Frame, problem_page
from api.pages.routes import ROUTERS as PAGE_ROUTERS
from api.papers import PaperShelf
from api.routes import (
    account,
    administration,
    archives,
    auditing,
    corrections,
    health,
    issues,
    pages,
    reports,
    runs,
    trainees,
    uploads,
)
from archive_verify import __version__
from archive_verify.apart import make_ready
from archive_verify.settings import Settings
from archive_verify.store import Store

_ROUTERS = (
    account.router, archives.router, uploads.router, runs.router, issues.router, corrections.router, pages.router,
    reports.router, trainees.router, auditing.router, administration.router,
)  # fmt: skip


def create_app(
    store: Store, orders: Orders, *, settings: ApiSettings | None = None, library: Settings | None = None
) -> FastAPI:
    """The app; it closes what it opened, and leaves the store to its owner."""
    settings, library = settings or ApiSettings(), library or Settings()
    shelf = PaperShelf(
        store, library, cache_bytes=settings.image_cache_megabytes << 20, drawing=settings.drawing_threads
    )
    service = Service(
        store, orders, settings, library, shelf, Metrics(), CallLimit(settings.calls_per_minute), Door()
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        make_ready()
        yield
        shelf.close()

    app = FastAPI(
        title="archive-verify", version=__version__, openapi_url=f"{PREFIX}/openapi.json", docs_url=None,
        redoc_url=None, lifespan=lifespan, separate_input_output_schemas=False, redirect_slashes=False,
    )  # fmt: skip
    app.state.service = service
    app.state.frame = Frame()
    app.state.problem_page = problem_page
    api = APIRouter(prefix=PREFIX)
    for router in _ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    for router in PAGE_ROUTERS:
        app.include_router(router)
    add_handlers(app)
    describe(app)
    app.add_middleware(Envelope, metrics=service.metrics, body_bytes=settings.body_kilobytes << 10)
    return app
