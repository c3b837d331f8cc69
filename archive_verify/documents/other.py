"""Anything that is none of the types."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields
from archive_verify.model import DocType

OTHER = DocumentType(
    type=DocType.OTHER,
    titles=(),
    cues=cues(**{
        r"办学许可证|民办学校办学|民办非企业|办学内容|学校(类型|类别)|业务主管单位|开户许可": 3.0,
        r"中标(人|单位|金额|通知)|招标|采购(人|单位|项目)|评标": 2.5,
        r"教师(姓名|资格)|师资|职称|任教|授课资格|教龄": 1.6,
        r"教材(名称|发放|数量)|领取教材|学习用品|发放数量|领用": 1.6,
        r"满意|不满意|较满意|一般|您(对|认为)|调查": 1.6,
        r"报名(表|时间|日期)|文化程度|政治面貌|照片|寸照|个人简历|培训意愿|户口性质": 1.0,
        r"组长|组员|第[一二三四五六七八]组|分组": 1.8,
        r"备考|立卷人|检查人|情况说明": 1.8,
        r"电子券|券号|领券|培训券": 1.5,
        r"总结": 0.6,
        r"户主|户号|户别|常住人口|与户主关系": 3.0,
        r"参保|缴费|养老保险|险种": 1.2,
        r"甲方|乙方": -1.0,
    }),
    extract=no_fields,
)
