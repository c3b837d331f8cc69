"""The list of examination results."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

SCORE_SHEET = DocumentType(
    type=DocType.SCORE_SHEET,
    titles=patterns(r".*成绩(册|单|(汇总|登记)?表)"),
    cues=cues(**{
        r"理论(成绩|分数|考试|知识)?": 0.8,
        r"(实操|技能|实作|操作|实践)(成绩|分数|考核|考试)?": 0.8,
        r"总评|总成绩|综合成绩|总分|平均分": 1.4,
        r"成绩": 1.4,
        r"合格|及格|不合格": 0.8,
        r"考评员|阅卷人|评卷人|统分人|登分人|考核(日期|时间)|考试(日期|时间)": 0.9,
        r"合格率|及格率|合格人数|参考人数|应考|实考": 1.5,
        r"考核结果|鉴定结果|评定结果|是否合格|等级评定": 1.2,
        r"证书编号|领取人|领证": -1.5,
        r"就业(形式|单位|方式)": -2.0,
        r"选择题|判断题": -2.5,
        r"配分|扣分|评分标准|评分要点": -2.0,
    }),
    extract=no_fields,
)
