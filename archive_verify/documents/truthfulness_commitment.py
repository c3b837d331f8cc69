"""The institution's pledge that all papers are true."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

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
    extract=no_fields,
)
