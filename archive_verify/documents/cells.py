"""Cells that several lists of trainees share: yes and no, scores, certificate numbers, plain words."""

from __future__ import annotations

import re

from archive_verify.documents.people import Column, cell_id, cell_phone
from archive_verify.values import Found, find_date, plain

_YES = re.compile(
    r"是|有|合格|及格|通过|优秀?|良好?|中|已.{0,4}|接通|已接通|参加|参训|属实|在岗|就业|能|对|正常|满意|√|✓|V|v|Y"
)
_NO = re.compile(
    r"否|无|不.{1,4}|未.{0,6}|没.{0,6}|缺考|缺席|差|劣|×|X|x|✗|N|停机|空号|关机|错号|拒接|无人接听|无法接通|打不通"
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")
# A narrow 1 is read as a stroke.
_THIN_ONE = re.compile(r"(?<=\d)[|丨Il](?=[\d|丨Il])|(?<=\d)[|丨](?=$)")
# S000141121001, ZY-CT-2024-301: letters before the digits may be set off
_CERTIFICATE = re.compile(r"(?:[A-Za-z]{1,6}-?){0,3}[0-9][0-9A-Za-z\-]{5,26}")
# 文培字〔2024〕第012号
_WORDED_NUMBER = re.compile(r"[㐀-鿿]{1,12}字?[(\[〔【]?(?:19|20)\d\d[)\]〕】]?年?第?\d{1,6}号")


def yes_no(text: str) -> Found[bool] | None:
    """A cell that answers: 是 / 否, 合格 / 不合格, √ / ×."""
    answer = "".join(plain(text).split()).strip("[]()□☑.,;:_")
    if _NO.fullmatch(answer):
        return Found(False, 0, len(text))
    return Found(True, 0, len(text)) if _YES.fullmatch(answer) else None


def score(text: str) -> Found[float] | None:
    """A mark between 0 and 150."""
    found = _NUMBER.fullmatch("".join(plain(text).split()).rstrip("分"))
    return Found(float(found[0]), 0, len(text)) if found and float(found[0]) <= 150 else None


def certificate_number(text: str) -> Found[str] | None:
    """A certificate's number: six or more digits, letters among them; or year and number in words."""
    squeezed = "".join(plain(text).split()).replace("O", "0") if text else ""
    squeezed = _THIN_ONE.sub("1", squeezed)
    found = _CERTIFICATE.search(squeezed) or _WORDED_NUMBER.search(squeezed)
    return Found(found[0].upper(), 0, len(text)) if found else None


def cell_words(text: str) -> Found[str] | None:
    """Whatever words a cell holds."""
    words = "".join(text.split())
    return Found(words, 0, len(text)) if re.search(r"[0-9A-Za-z一-鿿]", words) else None


ID_COLUMN = Column(re.compile(r"身份证|公民身份|证件号"), cell_id)
PHONE_COLUMN = Column(re.compile(r"^(?:本人)?(?:联系|手机|电话|移动)(?!人)"), cell_phone)
CERTIFICATE_COLUMN = Column(re.compile(r"证书(?:编|序列)?号|(?:合格|结业|资格|等级)证编?号|^编号$|发证编号"),
    certificate_number)
ISSUED_COLUMN = Column(re.compile(r"(?:发证|颁证|发放|领取|领证)(?:日期|时间)"), find_date)
