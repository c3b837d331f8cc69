"""Which lines of a page can wait: the questions of an examination and the prose of a teaching log.

No rule looks at them and nobody is identified by them, but they are a fifth of all print in a binder.
They are read in a later pass that fills the text that people search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from archive_verify.model import Line, PageReading
from archive_verify.ocr.base import Engine, Pixels, Quad
from archive_verify.ocr.crops import cut, reading_order, size

_LONG = 9.0                 # width over height: about nine characters; what is shorter is an entry, label or option
_HEAD, _FOOT = 0.24, 0.90   # of the page's height, between which lines may wait: heads name, feet are signed
_PROBE = 4                  # each fourth long line is read where the others do not tell what the page is
_FEW = 6                    # long lines from which a later pass is worth while
_SURE = 0.85                # mean confidence of what was read, under which the page is read as a whole

_EXAM_TITLE = re.compile(r"(试卷|试题|考试卷|答题卡|答卷|考卷)")
_EXAM_HEAD = re.compile(r"选择题|判断题|是非题|填空题|简答题|问答题|论述题|案例分析题|名词解释|多选题|单选题")
_OPTION = re.compile(r"(?:^|[^A-Za-z])[(]?([A-D])[)]?[、..::,)]")
_QUESTION = re.compile(r"^([(].{0,3}[)])?[(]?\d{1,3}[)、..,].{5,}")
_BRACKET = re.compile(r"[(][\sA-D√×✓XVO对错]{0,6}[)]|_{3,}")
_EXAM_ENOUGH = 6            # signs of an examination
_LOG_TITLE = re.compile(r"日志")
_LOG_ASKED = (re.compile(r"应\s*[到出]"), re.compile(r"实\s*[到出]"), re.compile(r"\d\s*[年月日.\-/]"))
# Words of papers that rules read line by line; questions ask about contracts, too.
_OTHER = re.compile(r"甲方|乙方|劳动合同|协议|工资|兹证明|营业执照|租赁|身份证号|公民身份|承诺书|名单|花名册")
_ASKED = re.compile(r"([(].{0,3}[)])?[(]?\d{1,3}[)、..,]|[(]?[A-D][)、..::]|[一二三四五六七八]、")


def part(quads: Sequence[Quad], height: int) -> tuple[list[int], list[int], list[int]]:
    """Indexes of the lines to read at once, of some long lines that tell what the page is, and of the others.

    The last two are empty where the page, of so many pixels in height, has no long lines that may wait.
    """
    middles = [float(quad[:, 1].mean()) / height for quad in quads]
    long = [
        index for index, quad in enumerate(quads)
        if size(quad)[0] >= _LONG * size(quad)[1] and _HEAD <= middles[index] <= _FOOT
    ]
    if len(long) < _FEW:
        return list(range(len(quads))), [], []
    long.sort(key=lambda index: middles[index])
    probes = long[:: _PROBE]
    return sorted(set(range(len(quads))) - set(long)), probes, [index for index in long if index not in probes]


def can_wait(lines: Sequence[Line]) -> bool:
    """Whether what was read so far tells that the page's other lines are questions or a log's prose."""
    told = sorted((line for line in lines if len(line.text) > 1), key=lambda line: line.box.y0)
    if not told or sum(line.confidence for line in told) < _SURE * len(told):
        return False
    texts = ["".join(unicodedata.normalize("NFKC", line.text).split()) for line in told]
    if any(_OTHER.search(text) and not _ASKED.match(text) for text in texts):
        return False
    return _is_exam(texts) or _is_log(texts)


def read_waiting(pixels: Pixels, reading: PageReading, engine: Engine) -> PageReading:
    """The reading with the lines read that wait; `pixels` are those of the page, turned and not deskewed.

    All else stays as it is: what is judged does not depend on whether this was done.
    """
    if not reading.waits:
        return reading
    quads = [np.array(line.quad, dtype=np.float32).reshape(4, 2) for line in reading.waiting]
    read = engine.recognise([cut(pixels, quad) for quad in quads])
    return reading.model_copy(update={"waiting": tuple(
        line.model_copy(update={"text": one.text, "confidence": one.confidence})
        for line, one in zip(reading.waiting, read, strict=True)
    )})


def text_of(reading: PageReading) -> tuple[Line, ...]:
    """All lines of a page whose text was read, in reading order."""
    late = [
        Line(text=line.text, box=line.box, confidence=line.confidence) for line in reading.waiting if line.text
    ]
    return reading_order([*reading.lines, *late]) if late else reading.lines


def _is_exam(texts: Sequence[str]) -> bool:
    titled = any(_EXAM_TITLE.search(text) for text in texts[:8])
    headed = sum(bool(_EXAM_HEAD.search(text)) for text in texts)
    options = sum(len(set(_OPTION.findall(text))) for text in texts)
    questions = sum(bool(_QUESTION.match(text)) for text in texts)
    gaps = sum(bool(_BRACKET.search(text)) for text in texts)
    signs = 3 * titled + 3 * headed + options + min(questions, 3) + gaps
    return signs >= _EXAM_ENOUGH and (titled or headed > 0 or options >= 4) and questions > 0


def _is_log(texts: Sequence[str]) -> bool:
    """A log of which all that the rules ask has been read."""
    return any(_LOG_TITLE.search(text) for text in texts[:8]) and all(
        any(asked.search(text) for text in texts) for asked in _LOG_ASKED
    )
