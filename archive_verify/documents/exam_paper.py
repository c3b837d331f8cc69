"""Examination papers, answer sheets and marking sheets."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.cells import score
from archive_verify.documents.fields import ID_LABELS, find_id, keep, name_at_start, take
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import find_slots, flow_of
from archive_verify.model import DocType, Document, Page, Span

_LABELS = {
    "employee": ("(?:考生)?姓名", "考生", "学员姓名", "考生签[字名]"),
    "id_number": ID_LABELS,
    "score": ("(?:总)?得分", "总分", "成绩", "总成绩", "分数"),
}
_STOPS = ("准考证号", "考号", "单位", "班级", "工种", "职业", "考试(?:时间|日期)", "阅卷人", "评卷人", "考评员",
    "监考(?:人|老师)?", "题号", "等级")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Whose paper, and the mark, where the head of the paper says so."""
    flow = flow_of(pages_of(span, pages)[:1])
    slots = find_slots(flow, _LABELS, _STOPS)
    fields = keep(
        employee=take(flow, slots, "employee", name_at_start),
        id_number=take(flow, slots, "id_number", find_id),
        score=take(flow, slots, "score", score),
    )
    return empty_document(span).model_copy(update={"fields": fields})


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
