"""Examination papers, answer sheets and marking sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive_verify.documents.cells import score
from archive_verify.documents.fields import ID_LABELS, find_id, keep, name_at_start, take
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import Piece, find_slots, flow_of, piece, rows_of
from archive_verify.model import Box, DocType, Document, Page, Reading, Span

_LABELS = {
    "employee": ("(?:考生)?姓名", "考生", "学员姓名", "考生签[字名]"),
    "id_number": ID_LABELS,
    "score": ("(?:总)?得分", "总分", "成绩", "总成绩", "分数"),
}
_STOPS = ("准考证号", "考号", "单位", "班级", "工种", "职业", "考试(?:时间|日期)", "阅卷人", "评卷人", "考评员",
    "监考(?:人|老师)?", "题号", "等级")


_PRACTICE = re.compile(r"实操|实作|实践|实际操作|操作技能|技能操作|技能考核")
_TOTAL = re.compile(r"(?:总分|总成绩|总得分|合计(?:得分)?|总计)[:_]*")
_MARKS = re.compile(r"(?:实?得分|分数|成绩)[:_]*")
_FIGURE = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d)?(?=\s*分?(?:\s|$|[㐀-鿿]))")
# how far below its heading a mark may stand, in heights of the heading
_BELOW = 3.5


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Whose paper, and the mark: `theory` or `practice`, by what the paper examines."""
    own = pages_of(span, pages)
    flow = flow_of(own[:1])
    slots = find_slots(flow, _LABELS, _STOPS)
    mark = next((found for page in own if (found := _total(page)) is not None), None)
    if mark is None:
        mark = take(flow, slots, "score", score)
    fields = keep(
        employee=take(flow, slots, "employee", name_at_start),
        id_number=take(flow, slots, "id_number", find_id),
        score=mark,
    )
    if mark is not None:
        head = "".join((span.title or flow.text[:80]).split())
        fields["practice" if _PRACTICE.search(head) else "theory"] = mark
    return empty_document(span).model_copy(update={"fields": fields})


def _total(page: Page) -> Reading | None:
    """The mark below the heading of the total; or in the row of the total under the heading of the marks given."""
    rows = rows_of(piece(line) for line in page.reading.lines if line.text.strip() and not line.vertical)
    parts = [one for row in rows for one in row]
    column = next((one.box for one in parts if _MARKS.fullmatch(_squeezed(one))), None)
    for row in rows:
        for head in _heads(row):
            found = _below(page, head, parts) or _beside(page, head, column, row)
            if found is not None:
                return found
    return None


def _heads(row: Sequence[Piece]) -> list[Box]:
    """Where a row says total, its two letters set apart or not."""
    whole = [one.box for one in row if _TOTAL.fullmatch(_squeezed(one))]
    return whole + [
        one.box.union(other.box) for one, other in pairwise(row)
        if len(one.text) == 1 and _TOTAL.fullmatch(_squeezed(one) + _squeezed(other))
    ]


def _below(page: Page, head: Box, parts: Sequence[Piece]) -> Reading | None:
    """The figure under a heading, alone in its cell or with the marker's name behind it."""
    margin = max(0.02, 0.6 * head.width)
    for one in sorted(parts, key=lambda part: part.box.y0):
        if not 0.4 * head.height < one.box.centre[1] - head.centre[1] < _BELOW * head.height:
            continue
        for found in _FIGURE.finditer(one.text):
            part = one.cut(*found.span())
            if head.x0 - margin <= part.box.centre[0] <= head.x1 + margin:
                return _reading(page, part)
    return None


def _beside(page: Page, head: Box, column: Box | None, row: Sequence[Piece]) -> Reading | None:
    """The figure of the total's row under the heading of the marks, else its last: full marks stand before."""
    figures = [
        one.cut(*match.span()) for one in row if one.box.x1 > head.x1 for match in _FIGURE.finditer(one.text)
    ]
    if column is not None:
        under = [one for one in figures if column.x0 - 0.03 <= one.box.centre[0] <= column.x1 + 0.03]
        figures = under or ([] if column.x0 > head.x1 else figures)
    return _reading(page, figures[-1]) if figures else None


def _reading(page: Page, part: Piece) -> Reading | None:
    found = score(part.text)
    return None if found is None else Reading(
        value=found.value, text=part.text, page=page.index, box=part.box, confidence=part.confidence,
        lattice=part.lattice,
    )


def _squeezed(one: Piece) -> str:
    return "".join(one.text.split())


EXAM_PAPER = DocumentType(
    type=DocType.EXAM_PAPER,
    titles=patterns(r".*(试卷|试题|答题卡|评分表)"),
    cues=cues(**{
        r"(单项|单选|多项|多选|不定项)?选择题|单选题|多选题": 2.4,
        r"判断题|是非题": 2.4,
        r"填空题|简答题|问答题|论述题|名词解释|计算题": 2.2,
        r"准考证号|考生(姓名|签名|签字)|考号|座位号|考场": 1.5,
        r"评卷人|阅卷人|阅卷|监考|考评员|评分人|统分|合分": 1.3,
        r"得分|总分|满分|卷面分": 0.9,
        r"每(题|小题|空).{0,4}分|共[0-9]+分|[0-9]+分钟|考试时间|考核时间": 1.3,
        r"[((] ?[ABCDabcd√×✓]? ?[))]": 0.6,
        r"A[、..].{1,30}B[、..]|^A[、..::)]": 1.3,
        r"^[ABCD][、..].{2,}": 1.0,
        r"^[0-9]{1,2}[、..].{8,}": 0.5,
        r"配分|考核项目|姓名[::].{0,16}(准考证|考号)": 1.8,
        r"评分(标准|要点|项目|细则)|配分|扣分|考核(内容|要点|项目)": 1.4,
        r"试卷|试题|答题卡|答案": 1.6,
        r"甲方|乙方": -2.0,
        r"身份证号码|公民身份号码": -0.3,
        r"工资|劳动合同": -0.5,
    }),
    extract=_extract,
)
