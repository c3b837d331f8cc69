"""The training plan or syllabus."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.class_forms import class_fields, class_slots
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Span


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """Occupation, days and hours planned."""
    flow = flow_of(pages_of(span, pages))
    return empty_document(span).model_copy(update={"fields": class_fields(flow, class_slots(flow))})


TRAINING_PLAN = DocumentType(
    type=DocType.TRAINING_PLAN,
    titles=patterns(r".*(培训|教学)(计划|方案|大纲)"),
    cues=cues(**{
        r"培训目标|教学目标|培养目标|培训目的|教学目的": 2.2,
        r"培训(内容|要求|方式|方法)|教学(内容|要求|方法|方式|重点)": 1.2,
        r"课时(分配|安排|数)|学时(分配|安排)|总(课时|学时)": 1.5,
        r"(理论|实操|实训|实际操作|技能)(课时|学时)": 1.0,
        r"考核(方式|办法|方法|标准|要求)|结业(考核|考试)": 1.0,
        r"使用教材|教材(名称|选用)|师资(配备|安排)|教学设备": 1.2,
        r"掌握.{0,20}(基本|要求|方法|技能|知识|要领)|能够?(独立|熟练)|了解.{0,20}(知识|原理|特点)": 1.3,
        r"讲授|讲解|示范|演示": 0.6,
        r"一人一套|理论和实操": 0.6,
        r"指导思想|组织(领导|实施|管理)|培训对象": 0.8,
        r"教学计划|培训计划|教学大纲|培训方案|培训大纲": 1.2,
        r"^第[一二三四五六七八九十]+[章节单元]|模块[一二三四五六1-9]|项目[一二三四五六]": 1.0,
        r"星期[一二三四五六日]|上午|下午": -0.6,
        r"应到|实到": -2.0,
        r"甲方|乙方": -2.0,
        r"(开班|办班)(申请|报告)": -0.6,
    }),
    extract=_extract,
)
