"""The list of recordings and the labels of discs."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots
from archive_verify.documents.fields import keep, take, words
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import find_slots, flow_of
from archive_verify.model import DocType, Document, Page, Span

_LABELS = {
    "place": ("(?:培训|拍摄|录制|授课|上课|教学)?地点", "(?:培训|教学)场所"),
    "time": ("(?:培训|拍摄|录制|授课|上课|起止|摄录)?(?:时间|日期)(?:段)?",),
}
_STOPS = ("培训(?:学校|机构|单位)", "学校", "班级", "班次", "工种", "内容", "编号", "拍摄人", "录制人", "备注",
    "容量", "份数", "数量")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """School, place and time, as the regulation wants them on a disc."""
    flow = flow_of(pages_of(span, pages))
    known = class_fields(flow, class_slots(flow))
    slots = find_slots(flow, _LABELS, _STOPS)
    fields = keep(
        institution=known.get("institution"), start_date=known.get("start_date"),
        place=take(flow, slots, "place", words), time=take(flow, slots, "time", words),
    )
    return empty_document(span).model_copy(update={"fields": fields})


VIDEO_RECORD = DocumentType(
    type=DocType.VIDEO_RECORD,
    titles=patterns(r".*(影像|视频|光盘).*"),
    cues=cues(**{
        r"影像(资料)?|录像|视频": 1.8,
        r"光盘|硬盘|移动硬盘|U盘|刻录": 2.2,
        r"拍摄(时间|地点|人|日期)|录制(时间|地点|人|日期)|摄录": 2.0,
        r"(文件名|文件名称|时长|起止时间|容量|摄像头|通道|机位)": 1.2,
        r"[0-9]{1,2}[时::][0-9]{2}分?.{0,4}[-~—至到].{0,14}[0-9]{1,2}[时::][0-9]{2}": 0.8,
        r"未(经)?(剪辑|拼接)|原始视频|监控": 1.2,
        r"\.(mp4|avi|mov|mkv|dav)": 2.0,
        r"照片(说明|说明:)|图[0-9一二三四五]": 0.8,
        r"应到|实到": -1.5,
        r"签到|签字": -0.6,
    }),
    extract=_extract,
)
