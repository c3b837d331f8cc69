"""The report or application to open a class."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

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
    extract=no_fields,
)
