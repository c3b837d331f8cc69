"""The summary of the trainees' employment."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

EMPLOYMENT_SUMMARY = DocumentType(
    type=DocType.EMPLOYMENT_SUMMARY,
    titles=patterns(r".*就业.*(汇总表|花名册|登记表|统计表)"),
    cues=cues(**{
        r"就业(形式|方式|类型|类别|去向|渠道|状况|情况)": 2.2,
        r"就业(单位|企业|地点|岗位|时间|日期)|单位名称|用工单位": 1.4,
        r"企业就业|自主创业|灵活就业|未就业|订单式?就业": 1.6,
        r"就业(人数|率)": 1.4,
        r"(合同|就业)(起始|开始|期限|始期|终期|起止)": 0.8,
        r"月(收入|工资)|收入": 0.5,
        r"岗位|从事(工作|工种)": 0.4,
        r"序号": 0.4,
        r"就业(情况)?(汇总|统计|登记|花名册|名册)": 2.0,
        r"兹证明|特此证明": -2.5,
        r"甲方|乙方": -1.5,
        r"是否参训|是否参加|回访": -2.0,
        r"应发|实发|扣款": -2.0,
        r"责任者|页号|页次": -2.0,
    }),
    extract=no_fields,
)
