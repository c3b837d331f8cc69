"""The list of examination results."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import ID_COLUMN, score, yes_no
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import Column, read_people
from archive_verify.model import DocType, Document, Page, Reading, Row, Span
from archive_verify.values import Found


def _result(text: str) -> Found[bool] | None:
    """合格, 不合格 and their like; 补考合格 is a pass."""
    return yes_no(re.sub(r"补\s*考(?:后)?\s*[,:]?", "", text))


_COLUMNS = {
    "id_number": ID_COLUMN,
    "theory": Column(re.compile(r"理论|知识|笔试"), score),
    "practice": Column(re.compile(r"实操|技能|实作|操作|实践|实训"), score),
    "total": Column(re.compile(r"总评|总成绩|综合|总分|平均|结业成绩|^成绩$|^分数$"), score),
    "retake": Column(re.compile(r"补考|重考"), score),
    "passed": Column(re.compile(r"结果|是否合格|合格|结论|评定|等级|备注"), _result),
}
PASS_MARK = 60.0                        # 百分制, where the sheet itself states no result


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Scores and result per person; without a column of results 60 in every part is a pass."""
    people = read_people(pages_of(span, pages), _COLUMNS)
    return empty_document(span).model_copy(update={
        "rows": tuple(_with_result(row) for row in people.rows), "unread_rows": people.unread_rows,
    })


def _with_result(row: Row) -> Row:
    stated = row.get("passed")
    marks = [row[part] for part in ("theory", "practice") if part in row]
    marks = marks or [row[part] for part in ("total",) if part in row]
    if stated is not None and stated.state == "read":
        failed = bool(marks) and all(mark.state == "read" and mark.value < PASS_MARK for mark in marks)
        if stated.value is True and failed and not _may_pass(row, unread_total=False):
            # a seal or a fold may have swallowed the 不 of 不合格
            return {**row, "passed": stated.model_copy(update={"state": "unread", "value": None})}
        return row
    if not marks or any(mark.state != "read" for mark in marks):
        return row
    passed = all(mark.value >= PASS_MARK for mark in marks)
    if not passed and _may_pass(row):
        return row
    weakest = min(marks, key=lambda mark: mark.confidence)
    result = Reading(value=passed, text=weakest.text, page=weakest.page, box=weakest.box, confidence=weakest.confidence)
    return {**row, "passed": result}


def _may_pass(row: Row, *, unread_total: bool = True) -> bool:
    """Whether a part below 60 may still be a pass: a remark that was not understood, another try, or a total
    that reaches it, or (`unread_total`) that was not read."""
    stated, again, total = row.get("passed"), row.get("retake"), row.get("total")
    return (
        (stated is not None and stated.state == "unread")
        or (again is not None and again.state != "blank")
        or (total is not None and (unread_total if total.state != "read" else total.value >= PASS_MARK))
    )


SCORE_SHEET = DocumentType(
    type=DocType.SCORE_SHEET,
    titles=patterns(r".*成绩(册|单|(汇总|登记)?表)"),
    cues=cues(**{
        r"^(理论|知识|笔试)(知识)?(成绩|分数|考试|得分)?$|理论(知识|考试)?成绩": 1.1,
        r"^(实操|技能|实作|操作|实践|实训)(成绩|分数|考核|考试|得分)?$|(实操|技能|操作|实作)(考核)?成绩": 1.1,
        r"总评|总成绩|综合成绩|总分|平均分": 1.4,
        r"成绩": 0.7,
        r"^.{0,6}成绩$": 1.0,
        r"^(合格|不合格|及格|不及格|优秀|良好)$": 1.1,
        r"考评员|阅卷人|评卷人|统分人|登分人|考核(日期|时间)|考试(日期|时间)": 0.9,
        r"合格率|及格率|合格人数|参考人数|应考|实考": 1.5,
        r"考核结果|鉴定结果|评定结果|是否合格|等级评定": 1.2,
        r"证书编号|领取人|领证": -1.5,
        r"就业(形式|单位|方式)": -2.0,
        r"选择题|判断题": -2.5,
        r"配分|扣分|评分标准|评分要点": -3.0,
        r"准考证号[::]|姓名[::]": -1.5,
    }),
    extract=_extract,
)
