"""The approval of a class by the authority."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots, count, in_prose, sign_date
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.parties import find_parties
from archive_verify.documents.sign_places import Party
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Span

_DATE_LABELS = ("(?:审批|批准|核准|批复|审核)(?:日期|时间)",)
_REPORT_LABELS = ("(?:报告|申请|申报|上报|填报|填表)(?:日期|时间)",)
_APPROVED = re.compile(r"(?:批准|核准|核定|同意|准予)[^\d\n,;。]{0,14}?(?P<v>\d{1,3})[ \t]*(?:人|名)")
# specks and seals leave stray marks between the letters of a heading
_GAP = r"\W{0,3}"
_OPINION = rf"{_GAP}(?:申请|申报|自评|审批|审核|批准|核准|审查)?{_GAP}意{_GAP}见"
_PARTIES = (
    Party("authority", ("(?:人社|人力资源)[^\n:]{0,16}(?:局|部门)", "(?:审批|批准)(?:机关|单位|部门)",
                        "主管部门", "审核(?:单位|部门)"), "seal", opinion=(
        rf"(?:人社|人力资源|主管|就业|劳动|审批|批准|核准|审核|经办)[^\n:,.;、]{{0,14}}{_OPINION}",
        rf"(?:人社|人力资源|主管|就业|劳动)[^\n:,.;、\t]{{0,10}}(?:局|部门|机关){_GAP}"
        r"(?:审批|审核|批准|核准)(?=[ ]*(?:[\t\n]|$))",
        rf"(?:局|部门){_OPINION}", rf"(?:审批|审核|批准|核准){_GAP}意{_GAP}见",
    )),
    # the applicant's own opinion stands on the same form, so that its seal is not taken for the authority's
    Party("institution", ("(?:培训|办学|承办|申报|申请|报批)(?:机构|单位|学校)",), "seal", opinion=(
        rf"(?:培训|办学|承办|申报|申请|报批){_GAP}(?:机构|单位|学校){_OPINION}", rf"(?:机构|学校){_OPINION}",
        rf"(?:申请|申报){_GAP}意{_GAP}见",
    )),
    Party("authority", ("审批人", "审核人", "负责人", "经办人", "批准人"), "signature"),
)
_AUTHORITY = re.compile(r"人力资源|社会保障|人社|局$")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The class as approved: headcount, dates, and who approved it when."""
    own = pages_of(span, pages)
    flow = flow_of(own)
    fields = class_fields(flow, class_slots(flow))
    approved = in_prose(flow, _APPROVED, count)
    if approved is not None:
        fields["headcount"] = approved
    for name, labels in (("approved_on", _DATE_LABELS), ("reported_on", _REPORT_LABELS)):
        day = sign_date(flow, labels)
        if day is not None and not (name == "reported_on" and day == fields.get("approved_on")):
            fields[name] = day
    found = find_parties(flow, _PARTIES)
    if any(_AUTHORITY.search(mark.text) for page in own for mark in page.reading.marks):
        # wherever on the form the authority's seal was pressed
        found.missing = [one for one in found.missing if one != ("seal", "authority")]
    return empty_document(span).model_copy(update={
        "fields": fields, "marks": tuple(found.marks), "missing_marks": tuple(found.missing),
        "unsure_marks": tuple(found.unsure),
    })


OPENING_APPROVAL = DocumentType(
    type=DocType.OPENING_APPROVAL,
    titles=patterns(r".*开班审批表", r".*开班.*(批复|核准).*"),
    cues=cues(**{
        r"审批(意见|人|日期|结果|单位|部门|情况)|审核(意见|人)|核准(意见|人数)|批准(意见|人数|日期|人|文号|开班)": 2.0,
        r"(同意|准予)(该班|本班|该期|按期)?开班|同意.{0,12}(举办|开班|开展)": 2.0,
        r"(人社|主管|就业|经办|业务)(部门|局|机构|股|科)?(审批|审核|意见)": 1.5,
        r"开班(时间|日期)": 0.8,
        r"培训(人数|地点|课时|类别)|班次|核定人数": 0.8,
        r"申请单位|申报单位|培训机构意见|机构意见": 0.6,
        r"负责人.{0,2}签[字章]": 0.3,
        r"补贴(资金|金额|标准)": -1.5,
        r"甲方|乙方": -2.0,
    }),
    extract=_extract,
)
