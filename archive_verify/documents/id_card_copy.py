"""Copies of identity cards."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

ID_CARD_COPY = DocumentType(
    type=DocType.ID_CARD_COPY,
    titles=patterns(r".*身份证(复印件|正反面)?"),
    cues=cues(**{
        r"公民身份号码|公民身份证号码": 3.0,
        r"签发机关": 2.2,
        r"中华人民共和国$|居民身份证$": 1.2,
        r"有效期限": 1.2,
        r"^民族|民族汉|性别.{1,2}民族": 1.4,
        r"^出生[0-9]{4}年|^出生": 1.0,
        r"^住址": 1.6,
        r"身份证(复印件|正面|反面|人像面|国徽面)|(正面|反面)$": 1.5,
        r"长期$|[0-9]{4}\.[0-9]{2}\.[0-9]{2}-": 0.8,
        r"与原件(一致|核对|相符)|仅供.{0,12}使用": 0.8,
        r"合同|工资|考勤|培训计划|统一社会信用代码": -1.5,
        r"序号": -1.2,
    }),
    extract=no_fields,
)
