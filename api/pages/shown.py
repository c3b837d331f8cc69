"""How values stand on the pages: money, times, sizes, names of the contract in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from api.pages.language import Catalogue, later
from archive_verify import words
from archive_verify.store.archives import State
from archive_verify.store.decisions import State as Decision
from archive_verify.store.runs import Kind
from archive_verify.store.runs import State as RunState

# The offices that use it are in China, which keeps one time all year; the database keeps UTC.
OFFICE = timezone(timedelta(hours=8))

STATES: Mapping[str, str] = {
    State.DRAFT: later("草稿"), State.SUBMITTED: later("已提交"), State.RETURNED: later("已退回补正"),
    State.ACCEPTED: later("已通过"), State.DELETED: later("已删除"),
}  # fmt: skip
RUN_STATES: Mapping[str, str] = {
    RunState.QUEUED: later("排队中"), RunState.OPENING: later("正在打开"), RunState.READING: later("正在识别"),
    RunState.JUDGING: later("正在核验"), RunState.DONE: later("已完成"), RunState.FAILED: later("失败"),
    RunState.CANCELLED: later("已取消"),
}  # fmt: skip
RUN_KINDS: Mapping[str, str] = {
    Kind.CHECK: later("核查"), Kind.SUPPLEMENT: later("补件核查"), Kind.REJUDGE: later("重新核验"),
}
DECISIONS: Mapping[str, str] = {
    Decision.OPEN: later("待处理"), Decision.CONFIRMED: later("已确认"), Decision.DISMISSED: later("已排除"),
    Decision.ILLEGIBLE: later("无法辨认"),
}  # fmt: skip
# The fields of forms, as their refusals name them.
FIELDS: Mapping[str, str] = {
    **words.FACTS, "login": later("账号"), "password": later("密码"), "old": later("原密码"), "new": later("新密码"),
    "role": later("角色"), "institution_id": later("机构"), "credit_code": later("统一社会信用代码"),
    "headcount": later("人数"), "text": later("内容"), "reason": later("理由"), "note": later("说明"),
    "year": later("年度"), "money": later("金额"),
}  # fmt: skip
# Every list of words that pages show by name.
NAMES: Mapping[str, Mapping[Any, str]] = {
    "state": STATES, "run_state": RUN_STATES, "run_kind": RUN_KINDS, "decision": DECISIONS,
    "verdict": words.VERDICTS, "code": words.CODES, "doc_type": words.DOC_TYPES, "severity": words.SEVERITIES,
    "employment": words.EMPLOYMENT_TYPES, "fact": words.FACTS, "flag": words.FLAGS, "source": words.SOURCES,
    "value": words.VALUES,
}  # fmt: skip


def filters(say: Catalogue) -> dict[str, Callable[..., Any]]:
    """The filters of the templates in one language."""

    def name(value: Any, kind: str) -> str:
        return say(NAMES[kind].get(value, str(value)))

    return {
        "name": name, "say": say, "yuan": yuan, "fen": lambda fen: yuan(Decimal(fen) / 100), "day": day,
        "moment": moment, "size": size, "percent": percent, "show": lambda value: say(words.show_value(value)),
        "page_runs": words.page_runs, "plain": lambda value: json.dumps(value, ensure_ascii=False),
    }  # fmt: skip


def yuan(amount: Decimal | str | int | None) -> str:
    """66,000.00 as 66,000; a dash for none."""
    if amount is None or amount == "":
        return "—"
    text = f"{Decimal(amount):,.2f}"
    return text.removesuffix(".00")


def day(when: date | None) -> str:
    """2024-03-20; a dash for none."""
    return when.isoformat() if when else "—"


def moment(when: datetime | None) -> str:
    """2024-03-20 17:00, as clocks in the office show it."""
    return when.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M") if when else "—"


def size(count: int) -> str:
    """Bytes as KB or MB."""
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{max(1, count // 1024)} KB"


def percent(part: float | Decimal | None) -> str:
    """0.825 as 82.5 %; a dash for none."""
    return "—" if part is None else f"{(Decimal(str(part)) * 100).quantize(Decimal('0.1')).normalize():f} %"
