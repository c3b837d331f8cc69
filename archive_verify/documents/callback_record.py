"""The record of telephone callbacks."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

CALLBACK_RECORD = DocumentType(
    type=DocType.CALLBACK_RECORD,
    titles=patterns(r".*回访.*"),
    cues=cues(**{
        r"回访(人|时间|日期|情况|结果|内容|记录|电话|方式|对象)?": 2.4,
        r"是否(参训|参加|接通|就业|属实|满意|在岗|收费)": 1.6,
        r"接通|未接通|无人接听|停机|空号|关机|接听": 1.8,
        r"(参训|培训)天数": 0.8,
        r"通话|来电|去电|拨打": 1.2,
        r"满意(度)?": 0.5,
        r"抽查|核实(情况|结果)": 0.8,
        r"工资|合同": -0.5,
    }),
    extract=no_fields,
)
