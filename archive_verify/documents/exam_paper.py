"""Examination papers, answer sheets and marking sheets."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

EXAM_PAPER = DocumentType(
    type=DocType.EXAM_PAPER,
    titles=patterns(r".*(试卷|试题|答题卡|评分表)"),
    cues=cues(**{
        r"(单项|单选|多项|多选|不定项)?选择题|单选题|多选题": 2.4,
        r"判断题|是非题": 2.4,
        r"填空题|简答题|问答题|论述题|名词解释|计算题": 2.2,
        r"准考证号|考生(姓名|签名|签字)|考号|座位号|考场": 1.5,
        r"评卷人|阅卷人|阅卷|监考|考评员|评分人|统分|合分": 1.3,
        r"得分|总分|满分|卷面分": 0.9,
        r"每(题|小题|空).{0,4}分|共[0-9]+分|[0-9]+分钟|考试时间|考核时间": 1.3,
        r"[((] ?[ABCDabcd√×✓]? ?[))]": 0.6,
        r"A[、..].{1,30}B[、..]|^A[、..::)]": 1.3,
        r"^[ABCD][、..].{2,}": 1.0,
        r"^[0-9]{1,2}[、..].{8,}": 0.5,
        r"评分(标准|要点|项目|细则)|配分|扣分|考核(内容|要点|项目)": 1.4,
        r"试卷|试题|答题卡|答案": 1.6,
        r"甲方|乙方": -2.0,
        r"身份证号码|公民身份号码": -0.3,
        r"工资|劳动合同": -0.5,
    }),
    extract=no_fields,
)
