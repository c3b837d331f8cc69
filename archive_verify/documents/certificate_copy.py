"""Copies of the trainees' certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import certificate_number
from archive_verify.documents.class_forms import sign_date
from archive_verify.documents.fields import (
    ID_LABELS,
    Parse,
    find_id,
    keep,
    name_at_start,
    take,
    words,
)
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import Flow, Slot, find_slots, flow_of
from archive_verify.model import DocType, Document, Page, Reading, Row, Span
from archive_verify.values import find_date, find_ids

_LABELS = {
    "employee": ("姓名", "名", "学员姓名", "持证人", "学员"),
    "id_number": (*ID_LABELS, "证件号"),
    "certificate_number": ("证书(?:编号|号码?)", "编号", "证号", "证书编码"),
    "issued_on": ("(?:发证|颁发|签发|颁证|发放)(?:日期|时间)",),
    "occupation": ("(?:职业|工种|专业|项目|能力)(?:名称)?(?:/职业方向)?", "职业(?:\\(工种\\))?",
    "培训(?:工种|项目|专业)", "专项职业能力名称"),
    "level": ("(?:职业)?(?:技能)?等级", "级别"),
}
_STOPS = ("性别", "出生(?:日期|年月)?", "证件类型", "文化程度", "(?:评价|鉴定|发证|考核|培训)(?:机构|单位)",
    "(?:理论|实操|操作技能|综合|评定)?成绩")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Whose certificate, its number and the day of issue."""
    flow = flow_of(pages_of(span, pages))
    slots = find_slots(flow, _LABELS, _STOPS)
    number = take(flow, slots, "certificate_number", certificate_number)
    fields = keep(
        employee=take(flow, slots, "employee", name_at_start) or next(iter(_addressed(flow)), None),
        id_number=take(flow, slots, "id_number", find_id) or next(iter(_ids(flow)), None),
        certificate_number=number,
        issued_on=take(flow, slots, "issued_on", find_date) or sign_date(flow),
        occupation=take(flow, slots, "occupation", words),
        level=take(flow, slots, "level", words),
    )
    rows = _several(flow, slots)
    if rows:                            # then no single person is the document's
        return empty_document(span).model_copy(update={"rows": rows})
    return empty_document(span).model_copy(update={"fields": fields})


def _several(flow: Flow, slots: Sequence[Slot]) -> tuple[Row, ...]:
    """One row per certificate where a page shows several, below or beside each other."""
    def all_of(name: str, parse: Parse) -> list[Reading]:
        found = [(slot, parse(slot.text)) for slot in slots if slot.name == name]
        return [flow.found(value, slot.start) for slot, value in found if value is not None]

    numbers = all_of("certificate_number", certificate_number)
    if len(numbers) < 2:
        return ()
    left = min(number.box.x0 for number in numbers)
    right = max(number.box.x0 for number in numbers)
    middle = (left + right) / 2 if right - left > 0.3 else 1.0      # of two columns, else there is one

    def place(reading: Reading) -> tuple[int, bool, float]:
        return reading.page, reading.box.x0 > middle, reading.box.y0

    numbers.sort(key=place)
    rows: list[Row] = [{"certificate_number": number} for number in numbers]
    for name, readings in (
        ("name", all_of("employee", name_at_start) or _addressed(flow)),
        ("id_number", all_of("id_number", find_id) or _ids(flow)), ("issued_on", all_of("issued_on", find_date)),
    ):
        if len(readings) == len(rows):
            for row, reading in zip(rows, sorted(readings, key=place), strict=True):
                row[name] = reading
            continue
        for reading in readings:        # some are lost: those read stand above their certificate's number
            below = [
                at for at, number in enumerate(numbers)
                if place(number)[:2] == place(reading)[:2] and number.box.y0 > reading.box.y0 - 0.01
            ]
            if below:
                rows[below[0]].setdefault(name, reading)
    return tuple(rows)


_NAME = r"[㐀-鿿](?:[ \t]?[㐀-鿿]){1,3}?"
_ADDRESSED = re.compile(
    rf"(?:兹证明|学员|证明)[ \t:]*(?P<v>{_NAME})[ \t]*(?=[,，(（]|同志|于|参加|男|女|身份证)"
    rf"|^[ \t]*(?P<w>{_NAME})[ \t]*(?:同志|学员)?[ \t]*(?=[(,，][ \t]*(?:居民)?(?:男|女|身份证|性别)|同志)",
    re.MULTILINE,
)


def _addressed(flow: Flow) -> list[Reading]:
    """Names in sentences: 学员张三于…参加…培训; 张三同志(身份证号…)."""
    out = []
    for match in _ADDRESSED.finditer(flow.text):
        group = "v" if match["v"] else "w"
        found = name_at_start(match[group])
        if found is not None:
            out.append(flow.found(found, match.start(group)))
    return out


def _ids(flow: Flow) -> list[Reading]:
    """All ID numbers, one broken over lines among them."""
    return [flow.found(found) for found in find_ids(flow.text.replace("\n", " "))]


CERTIFICATE_COPY = DocumentType(
    type=DocType.CERTIFICATE_COPY,
    titles=patterns(r"(职业技能等级|职业资格|专项职业能力|培训合格|结业)证书?"),
    cues=cues(**{
        r"证书编号|CertificateNo|证书号": 1.6,
        r"职业技能等级证书|职业资格证书|专项职业能力证书|培训合格证|结业证书?|合格证书?": 2.0,
        r"职业名称|Occupation|职业\(工种\)|工种名称|技能等级|职业方向|能力名称": 1.2,
        r"(评价|鉴定|发证|认定|考核|颁发)(机构|机关|单位)(\(印\)|\(盖章\))?": 1.4,
        r"发证日期|IssueDate|Issue|颁发日期": 1.2,
        r"证书信息|查询(网址|网站)|扫码|osta|二维码": 1.3,
        r"经.{0,20}(考核|鉴定|评价|考试|培训).{0,16}(合格|准予)|成绩合格|考核合格|准予结业|特发此证|特颁此证|"
        r"发给此证|颁发此证": 2.4,
        r"证件(类型|号码)": 1.0,
        r"(理论知识|操作技能|评定|综合)成绩|评定等级": 0.8,
        r"(兹证明|学员).{0,30}(参加|于).{0,40}培训": 1.5,
        r"序号": -2.5,
        r"领取人|领取签": -2.0,
        r"统一社会信用代码|登记机关": -2.0,
        r"甲方|乙方": -2.0,
        r"签发机关": -1.5,
    }),
    extract=_extract,
)
