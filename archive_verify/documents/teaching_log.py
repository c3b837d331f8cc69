"""The daily teaching log."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

TEACHING_LOG = DocumentType(
    type=DocType.TEACHING_LOG,
    titles=patterns(r".*(教学|培训|班级)日志"),
    cues=cues(**{
        r"应到": 1.8,
        r"实到": 1.8,
        r"缺勤|缺课|缺席|请假(人数|人员|学员|名单)": 0.8,
        r"(授课|教学|培训|讲课|上课)(内容|主题|课题)|教学(进度|过程|情况)": 1.0,
        r"(授课|任课|讲课|带班|指导)(教师|老师|人)": 0.8,
        r"班主任|班级管理员|管理员|记录人": 0.9,
        r"课堂(情况|纪律|记录|表现)|教学(效果|小结|反思|总结)|学员(表现|反馈|掌握)|作业(布置)?": 1.4,
        r"教学日志|培训日志|日志": 2.2,
        r"天气": 1.2,
        r"节次|第[一二三四1-4]节|上午|下午": 0.6,
        r"(授课|上课|培训)(日期|时间|地点)": 0.5,
        r"^日期|年[0-9]{1,2}月[0-9]{1,2}日": 0.2,
        r"身份证": -1.2,
        r"序号": -0.6,
    }),
    extract=no_fields,
)
