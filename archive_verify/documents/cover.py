"""The cover of a class archive."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Span

_PAGES = re.compile(r"(?:共|计|页数[:\s_]*|合计)[ \t_]*(?P<v>\d{1,4})[ \t_]*页|页[ \t]*数[ \t:_]*(?P<w>\d{1,4})")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Institution, class, occupation, dates and the number of pages the cover claims."""
    flow = flow_of(pages_of(span, pages))
    fields = class_fields(flow, class_slots(flow))
    found = _PAGES.search(flow.text)
    if found:
        group = "v" if found["v"] else "w"
        fields["page_count"] = flow.reading(found.start(group), found.end(group), int(found[group]))
    return empty_document(span).model_copy(update={"fields": fields})


COVER = DocumentType(
    type=DocType.COVER,
    titles=patterns(r".*档案(封面|卷皮|资料)?", r"案卷封面"),
    cues=cues(**{
        r"保管期限": 2.5,
        r"案卷(题名|标题)|全宗(号|名称)|类目名称": 3.0,
        r"卷内(文件)?(共)?.{0,8}[件页]|本卷共.{0,4}[件页]|共.{1,6}页": 1.2,
        r"立卷(单位|人|时间)|归档(单位|号|时间|日期)": 1.5,
        r"档号|案卷号|目录号|盒号": 1.5,
        r"(培训)?(起止|起讫)?(时间|日期)": 0.3,
        r"培训(机构|学校|单位)[::]": 0.5,
        r"工种|职业\(工种\)": 0.3,
        r"档案$": 1.5,
        r"密级": 0.8,
        r"序号": -1.5,
        r"姓名": -1.5,
        r"签字": -0.8,
        r"签名": -0.8,
    }),
    extract=_extract,
)
