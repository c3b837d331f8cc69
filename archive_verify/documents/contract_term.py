"""The term of a contract: the option that was chosen, its dates, or its length."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.layout import Flow, Slot, slots_of
from archive_verify.model import Reading
from archive_verify.values import Found, Period, find_date, find_dates, find_periods, find_term

_SELECTOR = re.compile(
    r"(?:下列|以下|下述|按照?|选择|采[用取]|执行)[^\n。.]{0,12}?第?[ \t_(]*(?P<n>[1-3一二三①②③ABCabc壹贰叁])[ \t_)]*"
    r"(?:种|项|款|类)"
)
_TICKED = re.compile(r"[√☑■✓✔◆●][ \t]*(?:[(]?[1-3一二三ABC][)]?[.,、:]?)?[ \t]*(?P<w>无[ \t]*固定|固定|以完成)")
_TERM_BLANK = re.compile(
    r"(?:自|从)(?P<start>[^自从\n]{0,24}?)[ \t]*日?[ \t]*起?[ \t,]*(?:至|到)"
    r"(?P<end>[^\n至到]{0,24}?)[ \t]*(?:日[ \t]*)?止"
)
# "自…起至法定的解除或终止条件出现时止", without a choice of terms
_OPEN_END = re.compile(
    r"日[ \t]*起[ \t,]*(?:至|到)[^,.;至到]{0,12}(?:解[ \t]*除|终[ \t]*止)[^,.;]{0,24}?"
    r"(?:时[ \t]*(?:止|终止)|(?:出现|成就)(?:时|之日)?)"
)
PROBATION = re.compile(r"试\s*用(?!\s*期\s*(?:满|结束|过|后|合格))")
_LENGTH = re.compile(
    r"(?:合同|聘用|用工|劳动|聘)?期[ \t]*限?[ \t]*(?:为|共计?|是|:|定为)?[ \t_]*"
    r"(?P<v>[\d一二三四五六七八九十两半壹贰叁肆伍陆][^,.;\n]{0,8})"
)
_AFTER_START = re.compile(
    r"日[ \t]*起[ \t,]*(?:为期|共|计|期限)?[ \t_]*(?P<v>[\d一二三四五六七八九十两半壹贰叁][^,.;\n至到止]{0,6})"
)
# "自用工之日起一个月内订立书面劳动合同": a time limit is no term
_WITHIN = re.compile(r"[ \t]*[之以]?[ \t]*内")
_BEGINS = re.compile(r"[ \t]*日?[ \t]*(?:起|开始|正式)?[ \t]*(?:生效|开始|起|入职|上岗|到岗)")
# behind a beginning: "起长期有效", "至长期"; not "起至长期聘用的……解除"
_FOR_GOOD = re.compile(
    r"[ \t]*日?[ \t]*起?[ \t,]*(?:至|到|为)?[ \t]*(?:长期|永久|不定期)(?:有效|合同|聘用|用工)?(?=[,.;()\s]|$)"
)
# Beside a day "2025.11" is no month: it may as well have lost a point of 2025.1.1.
_POINTED_MONTH = re.compile(r"(?<![\d./\-])20\d\d[ ]*[./\-·][ ]*\d{1,2}(?![ ]*[./\-·]?[ ]*\d)")
_START_LABEL = re.compile(r"(?:起始|开始|生效)(?:日期?|时间)[:_]*$")
_END_LABEL = re.compile(r"(?:终止|截止|结束|到期|届满)(?:日期?|时间)[:_]*$")
_ENDS = re.compile(r"[ \t]*日?[ \t]*(?:止|终止|到期|届满|期满|结束)")


def term_of(flow: Flow, slots: Sequence[Slot]) -> dict[str, Reading]:
    """contract_start, contract_end, contract_months and contract_kind of the chosen option."""
    text = flow.text.replace("\n", " ")
    kind = _chosen(text)
    periods = [found for found in find_periods(text) if not is_probation(text, found.start)]
    best = max(periods, key=lambda found: _period_worth(text, found), default=None)
    fields: dict[str, Reading] = {}
    months = _months(flow, slots, text)
    if months is not None:
        fields["contract_months"] = months
    if best is not None and _period_worth(text, best) > 0:
        start, end = best.value.start, best.value.end
        first, second = _first_half(text, best), _second_half(text, best)
        fields["contract_start"] = flow.reading(*first, start, best.repaired)
        if end is not None and (kind is None or kind.value != "open"):
            fields["contract_end"] = flow.reading(*second, end, best.repaired)
            if not best.value.by_month:
                fields |= {
                    name: fields[name].model_copy(update={"value": None, "state": "unread"})
                    for name, half in (("contract_start", first), ("contract_end", second))
                    if _POINTED_MONTH.search(text[slice(*half)])
                }
        elif end is None and (kind is None or kind.value == "fixed"):
            blanks = _term_blanks(flow, text, kind)
            if "contract_end" in blanks and blanks["contract_start"].value == start:
                fields["contract_end"] = blanks["contract_end"]
            elif kind is None and re.search(r"无\s*固\s*定", text[max(0, best.start - 25) : best.start]):
                kind = Found("open", best.start, best.end)
    elif dated := _dated(flow, text):
        fields |= dated
    else:
        # "试用期截止日期" ends no contract
        own = [slot for slot in slots if not is_probation(text, slot.label_start)]
        fields |= f.keep(
            contract_start=f.take(flow, own, "start", find_date),
            contract_end=f.take(flow, own, "end", find_date),
        )
        if kind is not None and kind.value == "open":
            fields.pop("contract_end", None)
        if not any(reading.state == "read" for reading in fields.values() if reading is not months):
            fields |= _term_blanks(flow, text, kind)
    if kind is not None:
        fields["contract_kind"] = flow.found(kind)
    else:
        stated = [fields[name] for name in ("contract_end", "contract_months") if name in fields]
        for one in [one for one in stated if one.state == "read"][:1]:
            fields["contract_kind"] = one.model_copy(update={"value": "fixed"})
    return fields


def _dated(flow: Flow, text: str) -> dict[str, Reading]:
    """"于A生效 … 于B终止", "起始日期A 终止日期B": the wordings without a stretch of time."""
    out: dict[str, Reading] = {}
    for found in find_dates(text):
        if is_probation(text, found.start):
            continue
        before = "".join(text[max(0, found.start - 12) : found.start].split())
        if "contract_start" not in out and (_BEGINS.match(text, found.end) or _START_LABEL.search(before)):
            out["contract_start"] = flow.found(found)
        elif "contract_start" in out and (_ENDS.match(text, found.end) or _END_LABEL.search(before)):
            out["contract_end"] = flow.found(found)
            break
    return out


def _chosen(text: str) -> Found[str] | None:
    """The option that the selector number or a tick chooses: fixed, open or task."""
    ticked = _TICKED.search(text)
    if ticked:
        word = "".join(ticked["w"].split())
        kind = "open" if word.startswith("无") else "fixed" if word == "固定" else "task"
        return Found(kind, ticked.start(), ticked.end())
    for match in _SELECTOR.finditer(text):
        around = text[max(0, match.start() - 60) : match.end() + 60]
        said = text[match.start() : match.end() + 12]
        if not re.search(r"期\s*限", around) or re.search(r"工时|工作制|工资|报酬", said):
            continue
        number = next(i for i, same in enumerate(("1一①Aa壹", "2二②Bb贰", "3三③Cc叁")) if match["n"] in same)
        options = _options(text[match.end() : match.end() + 600])
        if number < len(options):
            return Found(options[number], match.start(), match.end())
    options = _options(text)
    only = re.search(r"无\s*固\s*定\s*期", text) if options == ["open"] else None
    only = only or (_OPEN_END.search(text) if not options else None)
    # that tasks are to be done (乙方应完成工作任务) is said of every work
    only = only or (_for_good(text) if options in ([], ["task"]) else None)
    return Found("open", only.start(), only.end()) if only else None


def _for_good(text: str) -> re.Match[str] | None:
    """Where a term that began is said to go on for good."""
    ends = (found.end for found in find_dates(text) if not is_probation(text, found.start))
    return next((match for end in ends if (match := _FOR_GOOD.match(text, end))), None)


def _options(text: str) -> list[str]:
    """The kinds of term in the order in which the form prints them."""
    at = {
        "open": re.search(r"无[ \t]*固[ \t]*定", text),
        "fixed": re.search(r"(?<!无)(?<!无 )固[ \t]*定[ \t]*期", text),
        "task": re.search(r"完成.{0,10}任务", text),
    }
    return [kind for _, kind in sorted((match.start(), kind) for kind, match in at.items() if match)]


def is_probation(text: str, at: int) -> bool:
    return bool(PROBATION.search(f.clause_before(text, at)))


def _period_worth(text: str, found: Found[Period]) -> float:
    """How likely a stretch of time is the contract's term."""
    before = "".join(text[max(0, found.start - 50) : found.start].split())
    worth = 1.0
    worth += 2.0 * bool(re.search(r"期限|固定期|聘期|合同期|起止", before))
    worth += 1.0 * bool(re.search(r"(?:自|从)[_:]*$", before))
    worth += 1.0 * (found.value.end is not None)
    worth -= 3.0 * bool(re.search(r"培训|服务期|竞业|保密|试用|工作时间|社保|租", before[-16:]))
    # hours of the day or months of a payroll are no term
    worth -= 2.0 * (found.value.end is not None and (found.value.end - found.value.start).days < 25)
    worth -= 0.5 * found.value.by_month
    return worth


def _first_half(text: str, found: Found[Period]) -> tuple[int, int]:
    date = find_date(text[found.start : found.end])
    if date is None:
        return found.start, found.end
    return found.start, found.start + (date.start or date.end)


def _second_half(text: str, found: Found[Period]) -> tuple[int, int]:
    dates = find_dates(text[found.start : found.end])
    if len(dates) > 1 or (dates and dates[0].start):
        return found.start + dates[-1].start, found.start + dates[-1].end
    return found.start + (dates[0].end if dates else 0), found.end


def _months(flow: Flow, slots: Sequence[Slot], text: str) -> Reading | None:
    """A term given as a length: "合同期限：壹年", "期限为12个月"."""
    for slot in slots_of(slots, "term"):
        found = find_term(slot.text)
        if found is not None and isinstance(found.value, int) and not is_probation(text, slot.start + found.start):
            return flow.found(found, slot.start)
    for match in [*_LENGTH.finditer(text), *_AFTER_START.finditer(text)]:
        found = find_term(match["v"])
        if found is None or not isinstance(found.value, int) or _WITHIN.match(text, match.start("v") + found.end):
            continue
        if not is_probation(text, match.start("v")):
            return flow.found(found, match.start("v"))
    return None


def _term_blanks(flow: Flow, text: str, kind: Found[str] | None) -> dict[str, Reading]:
    """The blanks of "自…起至…止" that hold no date that could be read."""
    for match in _TERM_BLANK.finditer(text):
        # "自A起,其中试用期至B止": B ends the probation alone
        probation = is_probation(text, match.start()) or PROBATION.search(match["start"])
        if probation or re.search("解除|终止|条件|法定|完成|任务", match["end"]):
            continue
        out: dict[str, Reading] = {}
        for name, group in (("contract_start", "start"), ("contract_end", "end")):
            part = match[group]
            found = find_date(part + "日")
            where = match.start(group), match.end(group)
            if found is not None:
                out[name] = flow.reading(*where, found.value, found.repaired)
                continue
            filled = bool(re.search(r"[^\s_年月日./\-:]", part))
            out[name] = flow.reading(*where, None).model_copy(update={"state": "unread" if filled else "blank"})
        if kind is not None and kind.value == "open":
            out.pop("contract_end", None)
        return out
    return {}
