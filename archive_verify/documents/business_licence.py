"""营业执照 of a company or an individual business, original or duplicate, old forms and new."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.layout import Flow, Slot, find_slots, flow_of, slots_of
from archive_verify.model import DocType, Document, Mark, MarkShape, Page, Reading, Span
from archive_verify.values import Found, find_date, find_dates

_LABELS = {
    "employer": ("名称", "(?:企业|字号|单位|商户)名称", "字号名称"),
    "operator": ("经营者(?:姓名)?", "业主(?:姓名)?", "经营者姓名"),
    "legal": ("法定代表人", "负责人", "执行事务合伙人", "投资人", "法定代表人\\(负责人\\)", "法定代表人姓名"),
    "established": ("成立日期", "注册日期", "登记日期", "设立日期"),
    "address": ("住所", "经营场所", "主要经营场所", "营业场所", "地址", "经营地址", "住所\\(经营场所\\)"),
    "code": f.CODE_LABELS,
    "capital": ("注册资本", "注册资金"),
}
_UNIT_END = re.compile(r"(?:公司|厂|店|部|中心|合作社|馆|超市|商行|坊|铺|院|行|工作室|场)\s*$")
_STOPS = ("类型", "组成形式", "营业期限", "经营范围", "登记机关", "经营期限", "实收资本", "经济性质",
    "公司类型", "主体类型", "出资额",
          "合伙期限", "副本", "发照日期", "核准日期", "证照编号")


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one licence; its labels carry no colons, its values may take several lines."""
    own = pages_of(span, pages)
    flow = flow_of(own, use_grids=False)
    slots = find_slots(flow, {**_LABELS, "other": _STOPS}, wrap=False, tight=True, stacked=True)
    fields = f.keep(
        employer=_name(flow, slots),
        operator=f.take(flow, slots, "operator", f.name_at_start),
        legal_representative=f.take(flow, slots, "legal", f.name_at_start),
        credit_code=_code(flow, slots),
        established=f.take(flow, slots, "established", find_date),
        address=_lines(flow, slots, "address"),
        registered_capital=f.take(flow, slots, "capital", f.words),
        issued_on=_issued(flow, slots),
    )
    seals = tuple(
        Mark(kind="seal", party="authority", page=page.index, box=mark.box, confidence=mark.confidence, text=mark.text)
        for page in own for mark in page.reading.marks if mark.shape is MarkShape.ROUND_SEAL
    )
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence,
        fields=fields, marks=seals,
    )


def _name(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The unit's name; *** or nothing is a business registered without one."""
    own = slots_of(slots, "employer")
    if not own:
        return None
    slot = own[0]
    if f.is_stars(slot.text) or slot.empty:
        page, box = flow.place(slot.label_end)
        return Reading(text=slot.text, page=page, box=box, confidence=1.0, state="blank")
    return _lines(flow, own, "employer")


def _lines(flow: Flow, slots: Sequence[Slot], name: str) -> Reading | None:
    """A value with the rows that go on below it, flush with its beginning and without a label."""
    for slot in slots_of(slots, name):
        if slot.empty:
            continue
        end = slot.text.find("\t")
        end = slot.start + (end if end >= 0 else len(slot.text))
        first = flow.reading(slot.start, end, None)
        text, box, trust = flow.text[slot.start : end], first.box, first.confidence
        for page, one in flow.pieces(slot.end, min(len(flow.text), slot.end + 160)):
            gap = one.box.y0 - box.y1
            flush = abs(one.box.x0 - first.box.x0) < 0.015
            labels = any(one.box.x0 - 0.3 < flow.place(other.label_start)[1].x0 < one.box.x0
                         and abs(flow.place(other.label_start)[1].centre[1] - one.box.centre[1]) < 0.6 * one.box.height
                         and flow.place(other.label_start)[1].x0 > first.box.x0 - 0.3 for other in slots)
            full = first.box.width > 0.18 and not (name == "employer" and _UNIT_END.search(text))
            if not full:
                break
            if page == first.page and flush and not labels and -0.3 * box.height < gap < 0.8 * first.box.height:
                text, box, trust = text + one.text, box.union(one.box), min(trust, one.confidence)
        value = "".join(text.split()).strip(":_·.*'")
        if name == "employer":
            value = value.replace("(", "（").replace(")", "）")
        return first.model_copy(update={"value": value, "text": text, "box": box, "confidence": trust})
    own = slots_of(slots, name)
    return f.take_from(flow, own, f.words) if own else None


def _code(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, slots, "code", f.find_code)
    if read is None or read.state != "read":
        found = f.find_code(flow.text.replace("\n", " "))
        return flow.found(found) if found is not None else read
    return read


def _issued(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The date under the registrar's seal: the last one that no label claims."""
    claimed = {slot.start for slot in slots if slot.name == "established"}
    dates = [
        found for found in find_dates(flow.text)
        if not any(abs(found.start - start) < 4 for start in claimed)
        and not re.search(r"期限|自|至", flow.text[max(0, found.start - 8) : found.start])
    ]
    return flow.found(Found(dates[-1].value, dates[-1].start, dates[-1].end, dates[-1].repaired)) if dates else None


BUSINESS_LICENCE = DocumentType(
    type=DocType.BUSINESS_LICENCE,
    titles=patterns(r"(?:个体工商户|企业法人|合伙企业|个人独资企业)?营业执照(?:\(?(?:副本|正本)\)?)?(?:\(?\d-\d\)?)?(?:\(?复印件\)?)?"),
    cues=cues(**{
        r"统一社会信用代码|社会信用代码|注册号": 1.6,
        r"登记机关": 2.0,
        r"经营范围": 1.6,
        r"营业执照|\(?副本\)?$|正本": 2.0,
        r"注册资本|成立日期|营业期限|组成形式|注册日期|经营者|类型": 1.2,
        r"国家企业信用信息公示系统|市场主体应当|年度报告|市场监督管理": 2.0,
        r"扫描(市场主体|二维码|身份)|了解更多登记|备案、许可、监管": 1.2, r"住所|经营场所|主要经营场所": 0.8,
        r"办学(许可|内容|类型)|业务主管单位|民办非企业|业务范围|开办资金": -5.0,
        r"甲方|乙方": -4.0,
        r"兹证明|特此证明": -3.0,
        r"序号|姓名": -1.5,
        r"劳动合同|劳动者": -2.5,
    }),
    extract=extract,
)
