"""The institution's pledge that all papers are true."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots, institution_in_prose, sign_date
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.parties import find_parties
from archive_verify.documents.sign_places import Party
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Reading, Span

_PARTIES = (
    Party("institution", ("承诺(?:单位|机构|人|方|学校)", "培训(?:机构|学校|单位)", "单位", "机构", "学校",
        "职业培训学校"), "seal"),
    Party("institution", ("法定代表人(?:\\(负责人\\))?", "负责人", "法人(?:代表)?", "校长"), "signature"),
)


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Who pledges, for which class, when, and whether it is sealed and signed."""
    flow = flow_of(pages_of(span, pages))
    known = class_fields(flow, class_slots(flow))
    fields: dict[str, Reading] = {
        name: known[name] for name in ("institution", "class_name", "occupation") if name in known
    }
    institution = institution_in_prose(flow)
    if institution is not None and ("institution" not in fields or fields["institution"].state != "read"):
        fields["institution"] = institution
    day = sign_date(flow, ("承诺(?:日期|时间)", "日期"))
    if day is not None:
        fields["sign_date"] = day
    found = find_parties(flow, _PARTIES)
    return empty_document(span).model_copy(update={
        "fields": fields, "marks": tuple(found.marks), "missing_marks": tuple(found.missing),
        "unsure_marks": tuple(found.unsure),
    })


TRUTHFULNESS_COMMITMENT = DocumentType(
    type=DocType.TRUTHFULNESS_COMMITMENT,
    titles=patterns(r".*承诺书"),
    cues=cues(**{
        r"承诺": 1.2,
        r"真实(性|有效|可靠|、)": 1.4,
        r"如有(不实|虚假|弄虚作假|伪造|违反)|弄虚作假|虚假": 1.6,
        r"退还|退回|追回|退缴": 1.6,
        r"(承担|负).{0,12}(法律|一切|全部|相应).{0,4}责任|法律(责任|后果)": 1.2,
        r"承诺(单位|人|机构|方|日期|时间|事项)": 2.2,
        r"郑重承诺|承诺如下|作出.{0,4}承诺|特此承诺|自愿承诺": 2.2,
        r"甲方|乙方": -2.0,
        r"兹证明": -1.5,
        r"序号": -1.0,
    }),
    extract=_extract,
)
