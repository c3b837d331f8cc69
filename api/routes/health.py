"""Whether the process lives, whether it can serve, and its metrics."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.deps import Administrator, Service, TheService

router = APIRouter(tags=["health"])
PUBLIC = {"x-public": True}


class Alive(BaseModel):
    status: str = "alive"


class Ready(BaseModel):
    """What the process needs; without the queue checks wait, all else goes on."""

    database: bool
    blobs: bool
    queue: bool


@router.get("/healthz", openapi_extra=PUBLIC)
def healthz() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/readyz", openapi_extra=PUBLIC, response_model=Ready, responses={503: {"model": Ready}})
def readyz(service: TheService) -> JSONResponse:
    """The database and the blobs are there; 503 otherwise."""
    found = Ready(database=_database(service), blobs=_blobs(service), queue=service.orders.ping())
    return JSONResponse(found.model_dump(), 200 if found.database and found.blobs else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)  # fmt: skip
def metrics(caller: Administrator, service: TheService) -> Response:
    """For Prometheus, with a token of scope admin."""
    return Response(service.metrics.text(service.store, service.orders), media_type=CONTENT_TYPE_LATEST)


def _database(service: Service) -> bool:
    try:
        with service.store.reading() as session:
            return bool(session.scalar(text("SELECT 1")))
    except SQLAlchemyError:
        return False


def _blobs(service: Service) -> bool:
    try:
        return not service.store.blobs.has("0" * 64)
    except OSError:
        return False
