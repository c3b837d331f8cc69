"""The register of issued certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import CERTIFICATE_COLUMN, ID_COLUMN, ISSUED_COLUMN, cell_words
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import Column, read_people
from archive_verify.model import DocType, Document, Page, Span

_COLUMNS = {
    "id_number": ID_COLUMN,
    "certificate_number": CERTIFICATE_COLUMN,
    "issued_on": ISSUED_COLUMN,
    "signature": Column(re.compile(r"领取人|领证人|签[字名收领]|领取签"), cell_words),
}


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Certificate number per person."""
    people = read_people(pages_of(span, pages), _COLUMNS)
    return empty_document(span).model_copy(update={"rows": people.rows, "unread_rows": people.unread_rows})


CERTIFICATE_REGISTER = DocumentType(
    type=DocType.CERTIFICATE_REGISTER,
    titles=patterns(r".*(证书|发证|颁证).*(登记表|花名册|名册)"),
    cues=cues(**{
        r"证书(编号|号码|号)|合格证(编号|号)": 2.0,
        r"领取(人|日期|时间)|领证人|签领|领取签[字名]|代领": 1.8,
        r"发证(日期|时间|机关|单位|人)|颁证|发放(日期|时间|人)": 1.2,
        r"证书(名称|类别|等级|种类)": 0.8,
        r"序号": 0.5,
        r"发放登记|证书发放|领取登记": 2.0,
        r"就业(形式|单位|方式)": -2.0,
        r"兹证明|成绩合格,|经考核": -2.0,
        r"公民身份号码": -1.0,
    }),
    extract=_extract,
)
