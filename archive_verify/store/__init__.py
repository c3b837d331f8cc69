"""What the service keeps: tables, migrations, blobs; shared by worker and api."""

from archive_verify.store.config import ServiceSettings
from archive_verify.store.database import EVERYTHING, Actor, Scope, Store, Transaction, open_store
from archive_verify.store.errors import Conflict, DatabaseUnusable, NotFound, Refused, StoreError, Throttled

__all__ = [
    "EVERYTHING", "Actor", "Conflict", "DatabaseUnusable", "NotFound", "Refused", "Scope", "ServiceSettings",
    "Store", "StoreError", "Throttled", "Transaction", "open_store",
]  # fmt: skip
