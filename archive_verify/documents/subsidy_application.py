"""The application for the subsidy."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

SUBSIDY_APPLICATION = DocumentType(
    type=DocType.SUBSIDY_APPLICATION,
    titles=patterns(r".*(补贴|拨款).*申请.*"),
    cues=cues(**{
        r"补贴(资金|标准|金额|人数|申请|费)|培训补贴": 1.6,
        r"申请(补贴|拨付|金额|资金|拨款)|申报(金额|补贴|资金)|拟补贴|应补|请(予)?(拨付|核拨)": 2.0,
        r"(开户|收款)(银行|行|单位|户名|名称)|银行账[号户]|账号|户名": 1.8,
        r"金额.{0,3}大写|人民币.{0,2}大写|大写|[壹贰叁肆伍陆柒捌玖].{0,3}[万仟佰拾].*元整?": 1.5,
        r"(元|/)(人|天|\*)|元/人|元/天|×.{1,8}[天人元]": 1.5,
        r"培训(人数|天数|起止|期次)": 0.7,
        r"拨款|拨付": 1.5,
        r"财政局?(意见|审核)|人社(局|部门)(意见|审核|审批)": 0.8,
        r"公示(期|时间)?": 0.5,
        r"工资|基本工资|实发": -1.2,
        r"甲方|乙方": -1.8,
        r"承诺(单位|人)|郑重承诺": -1.5,
    }),
    extract=no_fields,
)
