"""The report or application to open a class."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots, institution_in_prose, sign_date
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.parties import find_parties
from archive_verify.documents.sign_places import Party
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Span

_DATE_LABELS = ("(?:报告|申请|申报|上报|填报|填表|报送|备案)(?:日期|时间)",)
_PARTIES = (Party("institution", ("培训(?:机构|学校|单位)", "申请单位", "申报单位", "单位", "机构", "学校"), "seal"),)


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The class as reported, and the day of the report."""
    flow = flow_of(pages_of(span, pages))
    fields = class_fields(flow, class_slots(flow))
    reported = sign_date(flow, _DATE_LABELS)
    if reported is not None:
        fields["reported_on"] = reported
    institution = institution_in_prose(flow) if "institution" not in fields else None
    if institution is not None:
        fields["institution"] = institution
    found = find_parties(flow, _PARTIES)
    return empty_document(span).model_copy(update={
        "fields": fields, "marks": tuple(found.marks), "missing_marks": tuple(found.missing),
        "unsure_marks": tuple(found.unsure),
    })


OPENING_REPORT = DocumentType(
    type=DocType.OPENING_REPORT,
    titles=patterns(r".*(开班|办班)(申请|报告|申请报告|申请表|请示)"),
    cues=cues(**{
        r"开班(报告|申请|报备|时间|日期)": 1.2,
        r"(拟|计划|定于|将于).{0,24}(开班|举办|开办|培训)": 1.5,
        r"(请予|请|望|恳请|特此|妥否).{0,6}(批准|审批|批示|批复|报告|申请|备案|核准)": 1.5,
        r"报告(日期|时间)|申报(日期|时间)|申请(日期|时间)|上报(日期|时间)": 1.2,
        r"人力资源和社会保障局[::]?$": 1.0,
        r"培训(人数|对象|地点|内容|时间|工种)": 0.8,
        r"(拟开班|计划开班)": 1.5,
        r"随报告|附[::].*名册": 1.0,
        r"(同意|准予)开班|批准(人数|日期|开班)|审批(意见|人|日期|结果)|核准人数": -1.2,
        r"补贴(资金|金额|标准)": -1.5,
        r"甲方|乙方": -2.0,
    }),
    extract=_extract,
)
