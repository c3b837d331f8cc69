"""The list of recordings and the labels of discs."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

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
    extract=no_fields,
)
