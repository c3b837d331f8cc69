"""What may be held against a list or a paper: values read twice alike, or exact characters."""

from __future__ import annotations

from archive_verify.model import Reading
from archive_verify.policy.case import Case


def certain(case: Case, reading: Reading | None) -> bool:
    """Whether a value stands on the paper as read.

    A warning is raised on nothing less: a second, enlarged reading gave the same value, or the
    characters come from a text layer.
    """
    if reading is None or not case.sure(reading):
        return False
    page = case.page_at.get(reading.page)
    return reading.confirmed or (page is not None and page.reading.text_source == "text_layer")
