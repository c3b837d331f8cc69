"""The record of telephone callbacks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import ID_COLUMN, PHONE_COLUMN, cell_words, yes_no
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import Column, read_people
from archive_verify.model import DocType, Document, Page, Span

_COLUMNS = {
    "id_number": ID_COLUMN,
    "phone": PHONE_COLUMN,
    "reached": Column(re.compile(r"接通|通话|接听|回访结果|是否联系"), yes_no),
    "attended": Column(re.compile(r"参训|参加|培训(?!班|工种|时间|天数|内容|机构|学校)"), yes_no),
    "employed": Column(re.compile(r"就业|在岗|上岗"), yes_no),
    "remark": Column(re.compile(r"备注|回访情况|内容|其他"), cell_words),
}


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Whom the callers reached, and what they were told, per person."""
    people = read_people(pages_of(span, pages), _COLUMNS)
    return empty_document(span).model_copy(update={"rows": people.rows, "unread_rows": people.unread_rows})


CALLBACK_RECORD = DocumentType(
    type=DocType.CALLBACK_RECORD,
    titles=patterns(r".*回访.*"),
    cues=cues(**{
        r"回访(人|时间|日期|情况|结果|内容|记录|电话|方式|对象)?": 2.4,
        r"是否(参训|参加|接通|就业|属实|满意|在岗|收费)": 1.6,
        r"接通|未接通|无人接听|停机|空号|关机|接听": 1.8,
        r"(参训|培训)天数": 0.8,
        r"通话|来电|去电|拨打": 1.2,
        r"满意(度)?": 0.5,
        r"抽查|核实(情况|结果)": 0.8,
        r"工资|合同": -0.5,
    }),
    extract=_extract,
)
