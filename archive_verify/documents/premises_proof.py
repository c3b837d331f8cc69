"""营业场地证明: lease, certificate of use or free use of the premises of a business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.parties import find_parties
from archive_verify.documents.sign_places import Party
from archive_verify.layout import Flow, Slot, find_slots, flow_of, slots_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import (
    Found,
    add_months,
    find_amounts,
    find_date,
    find_dates,
    find_ids,
    find_periods,
    find_term,
)

_LABELS = {
    "landlord": ("出租方", "出租人", "甲方(?:\\(出租方\\))?", "房主", "房东", "产权人(?:签[字名章])?", "出借方",
        "提供方", "房屋所有(?:权)?人", "产权单位", "(?:房屋|不动产)?(?:所有权?|使用权?)?权利人"),
    "tenant": ("承租方", "承租人", "乙方(?:\\(承租方\\))?", "使用人(?:签[字名章])?", "使用方", "借用方",
        "经营者(?:姓名)?", "租赁[人方]", "租(?:房|用)[人方]", "使用单位"),
    "address": ("(?:房屋|场地|场所|经营|店铺|营业|商铺)?(?:坐落|座落|地址|位置|场所|地点)",
        "(?:房屋|场地)坐落(?:地址)?", "经营场所(?:地址)?", "房屋地址"),
    "business": ("(?:店铺|字号|商户|企业|单位|经营)名称", "店名"),
    "area": ("(?:建筑|使用|经营|租赁|房屋|营业)?面积",),
    "id": f.ID_LABELS,
    "phone": f.PHONE_LABELS,
    "signed": ("签订(?:日期|时间)", "日期"),
}
_TENANT_IN_PROSE = patterns(
    r"(?:提供给|租给|借给|出租给|交由|供|给)[\s:_]*(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*"
    r"(?=[,.;(]|\(|身份|无偿|免费|使用|经营|作|用于|做)",
    r"(?:兹\s*证\s*明|兹\s*有|今\s*有|现\s*有)[\s:_]*(?:我(?:村|社区|市场|单位))?(?:村民|居民|业主|商户|经营户)?[\s:_]*"
    r"(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,5}?)[\s_]*(?=[,.;(]|男|女|身份|性别|在|于|自|同志|租|使用|经营|系|因)",
    r"我(?:村|社区|街道|市场|单位)(?:的)?(?:村民|居民|业主|商户|经营户|职工)[\s:_]*"
    r"(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*(?=[,.;(]|男|女|身份|性别)",
    r"(?:本\s*人|我\s*叫)[\s:_,]*(?P<v>[㐀-鿿](?:[ ]?[㐀-鿿]){1,3}?)[\s_]*(?=[,.;(]|身份|在|租|自)",
)
# whom the paper gives the place to, with his ID number right behind the name
_NUMBERED = patterns(
    r"(?:提供给|租给|借给|出租给|交由|供|给)[\s:_]*(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*"
    r"[(,]?[\s]*(?:居民|公民)?身\s*份\s*证",
)
_LANDLORD_IN_PROSE = patterns(
    r"(?:甲方|出租[方人])[\s_]*(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*(?=与|和|将|,|\()",
    r"(?:兹\s*有|今\s*有|现\s*有|本\s*人)[\s:_]*(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*"
    r"(?:[(,][^()]{0,40}[),])?[\s_]*(?:自愿|同意)?将",
)
_PLACE_END = (
    r"(?=[ ]?的?[ ]?(?:房[ ]?屋|门[ ]?面|商铺|店铺|场地|房产|铺面|门市|房间|土地)|[,.;]|\n|\("
    r"|[ ]?(?:经营|开办|开设|从事|使用|出?租给))"
)
# behind a label, a sentence that holds the address
_SENTENCE = re.compile(r"(?:将|在)[ ]*(?:位于|坐落)|(?:租给|提供给|出租|交由)")
_ADDRESS_IN_PROSE = patterns(
    rf"(?:位于|坐落[于在]?|座落[于在]?|地址[为在])[\s_:]*(?P<v>(?:(?!位于|坐落)[^,.;:\n]){{4,40}}?){_PLACE_END}",
    rf"[在将][\s_]*(?P<v>[^,.;\n]{{4,40}}?(?:号|室|楼|层|街|路|村|巷|市场|[东西南北]侧)){_PLACE_END}",
    r"系[\s_]*(?P<v>[^,.;\n]{6,40}?(?:号|室|楼|层))[\s_]*的?(?:房屋|房产|商铺|门面)?的?(?:产权|所有权|权利)人",
)
_PARTIES = (
    Party("landlord", ("甲方", "出租方", "出租人", "产权人", "房主", "房东", "出借方", "提供方", "证明单位",
        "证明人", "单位", "村委会", "出具单位"), "signature"),
    Party("tenant", ("乙方", "承租方", "承租人", "租赁方", "使用人", "使用方", "借用方", "经营者"), "signature"),
)


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one proof of premises: who uses which place, and until when."""
    own = pages_of(span, pages)
    flow = flow_of(own)
    slots = find_slots(flow, _LABELS, (*f.OTHER_LABELS, *f.ADDRESS_LABELS, "用途", "租金", "租期"))
    tenant = f.take(flow, slots, "tenant", f.name_at_start)
    if tenant is None or tenant.state != "read":
        named = f.first_match(flow, _TENANT_IN_PROSE, lambda text: f.likely_name(f.name_at_start(text)))
        tenant = named or f.party_in_prose(flow, "乙方|承租[方人]") or f.name_before_id(flow) or tenant
    numbered = f.first_match(flow, _NUMBERED, lambda text: f.likely_name(f.name_at_start(text)))
    if numbered is not None and tenant is not None and _is_short(str(tenant.value or ""), str(numbered.value)):
        tenant = numbered
    fields = f.keep(
        tenant=tenant,
        operator=tenant,
        landlord=_landlord(flow, slots),
        id_number=_id_number(flow, tenant),
        employer=f.take(flow, slots, "business", f.unit_name) or _business(flow, slots),
        address=_address(flow, slots),
        phone=f.take(flow, slots, "phone", f.phone),
        sign_date=_last_date(flow),
        **_term(flow),
    )
    rent = next(iter(find_amounts(flow.text)), None)
    if rent is not None:
        fields["rent"] = flow.found(rent)
    findings = find_parties(flow, _PARTIES)
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence, fields=fields,
        marks=tuple(findings.marks),
    )


def _is_short(signed: str, printed: str) -> bool:
    """Whether a signature was read as a part of the name in print, or not at all."""
    return signed != printed and (not signed or signed in printed)


def _business(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The unit that stands where the tenant's name goes: the business, and not its owner, rents."""
    units = [slot for slot in slots_of(slots, "tenant") if f.name_at_start(slot.text) is None]
    read = f.take_from(flow, units, f.sure_unit)
    return read if read is not None and read.state == "read" else None


def _landlord(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """A person, or a unit such as a village committee."""
    own = slots_of(slots, "landlord")
    for slot in own:
        found = f.name_at_start(slot.text) or f.unit_name(slot.text)
        if found is not None:
            return flow.found(found, slot.start)
    prose = f.first_match(flow, _LANDLORD_IN_PROSE, f.name_at_start)
    return prose or f.take_from(flow, own, f.unit_name)


def _id_number(flow: Flow, tenant: Reading | None) -> Reading | None:
    """The tenant's: the first ID number after his name, else the only one."""
    found = find_ids(flow.text.replace("\n", " "))
    if not found:
        return f.id_unread(flow)
    if tenant is not None and tenant.state == "read":
        for one in found:
            reading = flow.found(one)
            below = reading.page > tenant.page or (
                reading.page == tenant.page and (
                    reading.box.centre[1] > tenant.box.y1
                    or (reading.box.y1 > tenant.box.y0 and reading.box.x0 >= tenant.box.x0)
                )
            )
            if below:
                return reading
    return flow.found(found[-1]) if len(found) == 1 else None


def _address(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, slots, "address", _place_words)
    if read is not None and read.state == "read":
        return read
    return f.first_match(flow, _ADDRESS_IN_PROSE, f.place) or read


def _place_words(text: str) -> Found[str] | None:
    """The address behind a label, up to the clause or bracket that goes on."""
    outside = re.sub(r"\([^()]*\)", lambda match: "~" * len(match[0]), text)
    end = re.search(r"[),;]|\.(?!\d)", outside)
    clause = text[: end.start()] if end else text
    return None if _SENTENCE.search(clause) else f.place(clause)


def _term(flow: Flow) -> dict[str, Reading]:
    text = flow.text.replace("\n", " ")
    for found in find_periods(text):
        term = find_term(text[found.end : found.end + 8]) if found.value.end is None else None
        if term is not None and isinstance(term.value, int):
            end = add_months(found.value.start, term.value) - timedelta(days=1)
            return {
                "period_start": flow.reading(found.start, found.end, found.value.start, found.repaired),
                "period_end": flow.reading(found.end + term.start, found.end + term.end, end),
            }
        half = find_dates(text[found.start : found.end])
        if found.value.end is not None and half:
            return {
                "period_start": flow.reading(found.start, found.start + half[0].end, found.value.start),
                "period_end": flow.reading(found.start + half[-1].start, found.end, found.value.end),
            }
    return {}


def _last_date(flow: Flow) -> Reading | None:
    dates = find_dates(flow.text)
    if not dates:
        return None
    periods = find_periods(flow.text.replace("\n", " "))
    loose = [one for one in dates if not any(p.start <= one.start < p.end for p in periods)]
    return flow.found(loose[-1]) if loose and find_date(flow.text) else None


PREMISES_PROOF = DocumentType(
    type=DocType.PREMISES_PROOF,
    titles=patterns(
        r"(?:营业|经营|办公|生产)?(?:场地|场所|用房|用地|房屋|住所)(?:无偿|免费)?(?:使用|租赁|权属|产权)?"
        r"(?:证明|协议|合同)书?(?:\(.{1,10}\))?",
        r"(?:房屋|门面|商铺|门市房?|店铺|场地|店面|铺面|摊位)(?:租赁|出租|转租|承租)(?:合同|协议)书?",
        r"租(?:房|赁|店|铺)(?:合同|协议)书?", r"(?:房屋|场地|门面)?无偿(?:使用|提供)(?:证明|协议)书?",
        r"(?:住所|经营场所|住所\(经营场所\))(?:使用)?(?:证明|承诺书|登记表)",
        r"不动产权证书?|房(?:屋)?(?:所有|产)权证", r"房产证明?",
    ),
    cues=cues(**{
        r"出租(方|人)|承租(方|人)|租赁(期限|物|合同)|租金|租期|房租|转租": 2.5,
        r"坐落|位于|房屋|门面|商铺|店铺|门市|场地|经营场所|营业场所": 1.2,
        r"(建筑|使用|占地|经营|房屋)?面积|平方米|平米|㎡": 1.4,
        r"产权(人|所有|归|单位)|房屋所有权|不动产|所有权人|权利人|无偿(使用|提供)": 2.2,
        r"用于.{0,12}(经营|营业|办公|开办|开店)|作为.{0,10}(经营|营业)": 1.8,
        r"水电|押金|物业|腾退|装修|交付|续租": 1.4,
        r"村(民)?委(员)?会|居委会|社区": 0.6, r"甲方|乙方": 0.5, r"劳动者|用人单位|劳动合同|社会保险|试用期": -3.0,
        r"登记机关|注册资本|经营范围": -1.5, r"培训(人数|工种|学员)|学员": -1.5,
    }),
    extract=extract,
)
