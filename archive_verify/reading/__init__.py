"""Reading the pages of a binder: the order of one sheet, worker processes, cache."""

from archive_verify.reading.reader import Reader, read_binder

__all__ = ["Reader", "read_binder"]
