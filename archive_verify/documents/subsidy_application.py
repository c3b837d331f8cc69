"""The application for the subsidy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import ID_COLUMN, PHONE_COLUMN
from archive_verify.documents.class_forms import (
    LABELS,
    STOPS,
    class_fields,
    class_slots,
    institution_in_prose,
    sign_date,
)
from archive_verify.documents.fields import clause_before, money, take_from
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import Column, read_people
from archive_verify.layout import Flow, Slot, find_slots, flow_of, slots_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import Found, cell_money, find_amounts, plain

_AMOUNT_LABELS = (
    "(?:申请|申报|补贴|拨付|合计|申领|应补|拟补|核拨|补助|资金)(?:补贴|拨付|资金|补助|培训补贴)?(?:总)?(?:金额|"
    "资金|总额)(?:\\((?:元|小写|大写)\\))?",
    "合计金额", "金额(?:\\(元\\))?", "总金额", "小写", "人民币\\(大写\\)",
)
_RATE_LABELS = ("补贴标准(?:\\([^()]{0,10}\\))?", "(?:每天|日|每人每天)(?:补贴)?标准", "补助标准")
# A rate for a day says so: 元/人/天, 元/人·日, 元/天; 960元/人 is that of the whole course.
_A_DAY = r"(?:每[ \t]*)?(?:人[ \t]*(?:次|均)?[ \t]*[/·•.*×每,]?[ \t]*)?[天日]"
_RATE = re.compile(
    rf"(?<![\d.,])(?P<v>\d{{2,3}}(?:\.\d{{1,2}})?)[ \t]*(?:元?[ \t]*/|元[ \t]*每)[ \t]*{_A_DAY}"
    r"|(?:每人每[天日]|每[天日]每人|每人[/·][天日]|人均每[天日])[^\d\n]{0,6}(?P<w>\d{2,3}(?:\.\d{1,2})?)[ \t]*元"
)
# what makes a figure one of a person, a term or a class instead
_NO_DAY = re.compile(r"[/每][ \t]*(?:人|期|班|次|学时|课时)(?![ \t]*[/·•.*×每,]?[ \t]*[天日])")
# money that is not applied for
_OTHER_MONEY = re.compile(r"注册|开办资金|已[拨付支]|上年|去年|累计|全年|学费|收费|投资|人均")
_A_RATE = re.compile(r"[ \t]*[/每×*](?:[ \t]*(?:人|天|日|期|次))")
_COLUMNS = {
    "id_number": ID_COLUMN, "phone": PHONE_COLUMN,
    "amount": Column(re.compile(r"金额|补贴(?!标准|天数)"), cell_money),
}


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Headcount, days, rate and amount applied for, the day of the application, and the persons listed."""
    own = pages_of(span, pages)
    flow = flow_of(own)
    slots = class_slots(flow, (*_AMOUNT_LABELS, *_RATE_LABELS))
    fields = class_fields(flow, slots)
    others = [word for words in LABELS.values() for word in words]
    named = find_slots(flow, {"amount": _AMOUNT_LABELS, "rate": _RATE_LABELS}, (*STOPS, *others))
    applied = sign_date(flow, ("(?:申请|申报|填报|填表|上报|报送)(?:日期|时间)",))
    more = {
        "amount": _amount(flow, slots_of(named, "amount")),
        "daily_subsidy_yuan": _rate(flow) or _labelled_rate(flow, slots_of(named, "rate")),
        "applied_on": applied,
        "institution": fields.get("institution") or institution_in_prose(flow),
    }
    fields.update({name: reading for name, reading in more.items() if reading is not None})
    people = read_people(own, _COLUMNS)
    if people.rows:                     # headings of the list are no labels
        fields = {name: reading for name, reading in fields.items() if reading.state != "blank"}
    return empty_document(span).model_copy(update={
        "fields": fields, "rows": people.rows, "unread_rows": people.unread_rows,
    })


def _amount(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The largest amount that says it is money, or stands behind a label for it: the total, not a rate."""
    labelled = take_from(flow, slots, money)
    text = plain(flow.text)
    amounts = [
        found for found in find_amounts(flow.text)
        if found.value >= 1000 and not _A_RATE.match(text, found.end)
        and not _OTHER_MONEY.search(clause_before(text, found.start))
    ]
    most = max(amounts, key=lambda found: found.value, default=None)
    if most is None or (labelled is not None and labelled.state == "read" and labelled.value > most.value):
        return labelled
    return flow.found(most)


def _labelled_rate(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The rate behind its label, where neither label nor value speaks of another one than a day's."""
    text = plain(flow.text)
    daily = [slot for slot in slots if not _NO_DAY.search(text, slot.label_start, slot.end)]
    return take_from(flow, daily, money)


def _rate(flow: Flow) -> Reading | None:
    for match in _RATE.finditer(flow.text):
        group = "v" if match["v"] else "w"
        found = cell_money(match[group])
        if found is not None:
            return flow.found(Found(found.value, 0, len(match[group])), match.start(group))
    return None


SUBSIDY_APPLICATION = DocumentType(
    type=DocType.SUBSIDY_APPLICATION,
    titles=patterns(r".*(补贴|拨款).*申请.*"),
    cues=cues(**{
        r"补贴(资金|标准|金额|人数|申请|费)|培训补贴": 1.6,
        r"申请(补贴|拨付|金额|资金|拨款)|申报(金额|补贴|资金)|拟补贴|应补|请(予)?(拨付|核拨)": 2.0,
        r"(开户|收款)(银行|行|单位|户名|名称)|银行账[号户]|账号|户名": 1.8,
        r"金额.{0,3}大写|人民币.{0,2}大写|大写|[壹贰叁肆伍陆柒捌玖].{0,3}[万仟佰拾].*元整?": 1.5,
        r"(元|/)(人|天|\*)|元/人|元/天|×.{1,8}[天人元]": 1.5,
        r"培训(人数|天数|起止|期次)": 0.7,
        r"拨款|拨付": 1.5,
        r"财政局?(意见|审核)|人社(局|部门)(意见|审核|审批)": 0.8,
        r"公示(期|时间)?": 0.5,
        r"工资|基本工资|实发": -1.2,
        r"甲方|乙方": -1.8,
        r"承诺(单位|人)|郑重承诺": -1.5,
    }),
    extract=_extract,
)
