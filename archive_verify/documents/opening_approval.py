"""The approval of a class by the authority."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

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
    extract=no_fields,
)
