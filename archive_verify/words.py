"""The Chinese words for the names of the contract: types, codes, verdicts, flags, facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from archive_verify.model import DocType, EmploymentType, Verdict

DOC_TYPES: Mapping[DocType, str] = {
    DocType.COVER: "档案封面",
    DocType.CATALOGUE: "卷内目录",
    DocType.OPENING_REPORT: "开班报告",
    DocType.OPENING_APPROVAL: "开班审批表",
    DocType.TRAINEE_ROSTER: "学员花名册",
    DocType.ID_CARD_COPY: "身份证复印件",
    DocType.TRAINING_PLAN: "培训计划",
    DocType.TIMETABLE: "课程表",
    DocType.TEACHING_LOG: "教学日志",
    DocType.TRAINING_ATTENDANCE: "学员考勤表",
    DocType.EXAM_PAPER: "试卷",
    DocType.SCORE_SHEET: "成绩册",
    DocType.CERTIFICATE_REGISTER: "证书发放登记表",
    DocType.CERTIFICATE_COPY: "证书复印件",
    DocType.EMPLOYMENT_SUMMARY: "就业情况汇总表",
    DocType.LABOUR_CONTRACT: "劳动合同",
    DocType.PAYROLL: "工资表",
    DocType.WORK_ATTENDANCE: "单位考勤表",
    DocType.BUSINESS_LICENCE: "营业执照",
    DocType.PREMISES_PROOF: "营业场地证明",
    DocType.FLEXIBLE_CERTIFICATE: "灵活就业证明",
    DocType.ORDER_AGREEMENT: "订单式培训协议",
    DocType.TRUTHFULNESS_COMMITMENT: "真实性承诺书",
    DocType.SUBSIDY_APPLICATION: "补贴资金申请",
    DocType.CALLBACK_RECORD: "电话回访记录",
    DocType.VIDEO_RECORD: "影像资料",
    DocType.BLANK: "空白页",
    DocType.OTHER: "其他材料",
}

# What no binder shows by itself, only the service with all archives before it.
ACROSS_CODES: Mapping[str, str] = {
    "trainee_in_two_classes": "同时参加两个班",
    "trainee_repeated_in_year": "同年重复参训",
    "evidence_reused": "证明材料重复使用",
}

CODES: Mapping[str, str] = {
    "page_number_missing": "未编页码",
    "page_number_position": "页码位置不符",
    "page_number_duplicate": "页码重号",
    "page_number_gap": "页码漏号",
    "page_number_order": "页序错误",
    "page_blank": "空白页",
    "page_rotated": "页面倒置或横置",
    "page_illegible": "页面无法辨认",
    "page_repeated": "重复扫描",
    "document_missing": "缺少材料",
    "document_order": "材料顺序不符",
    "catalogue_mismatch": "目录与实际不符",
    "employment_proof_missing": "无就业证明材料",
    "contract_missing": "缺劳动合同",
    "contract_term_short": "劳动合同期限不足",
    "contract_signature_missing": "合同缺本人签字",
    "contract_seal_missing": "合同缺单位公章",
    "payroll_first_month_missing": "缺首月工资表",
    "payroll_latest_month_missing": "缺最近月工资表",
    "attendance_first_month_missing": "缺首月考勤表",
    "attendance_latest_month_missing": "缺最近月考勤表",
    "licence_missing": "缺营业执照",
    "premises_proof_missing": "缺营业场地证明",
    "flexible_certificate_missing": "缺灵活就业证明",
    "flexible_certificate_incomplete": "灵活就业证明内容不全",
    "order_agreement_missing": "缺订单式培训协议",
    "name_mismatch": "姓名不一致",
    "id_number_mismatch": "身份证号不一致",
    "id_number_invalid": "身份证号无效",
    "employer_mismatch": "用人单位不一致",
    "credit_code_invalid": "统一社会信用代码无效",
    "wage_mismatch": "工资低于合同约定",
    "duplicate_trainee": "学员重复",
    "trainee_not_on_roster": "花名册外人员",
    "opening_report_late": "开班报告提交过晚",
    "headcount_mismatch": "人数不一致",
    "pass_rate_low": "合格率不足",
    "employment_rate_low": "就业率不足",
    "order_share_low": "订单式培训占比不足",
    "trainee_list_mismatch": "名单与花名册不一致",
    "score_mismatch": "成绩或证书不一致",
    "trainee_age": "年龄超出范围",
    "employment_before_training": "就业早于开班",
    "phone_shared": "电话重复",
    "application_mismatch": "申请与核算不符",
    "class_paper_unsigned": "材料缺签章",
    "needs_review": "需人工复核",
    **ACROSS_CODES,
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.VERIFIED: "已核实",
    Verdict.NEEDS_REVIEW: "需人工复核",
    Verdict.INCOMPLETE: "材料不全",
    Verdict.INCONSISTENT: "材料不一致",
    Verdict.MISSING: "无证明材料",
    Verdict.NOT_CLAIMED: "未就业",
}

VERDICT_MARKS: Mapping[Verdict, str] = {
    Verdict.VERIFIED: "√", Verdict.NEEDS_REVIEW: "？", Verdict.INCOMPLETE: "△", Verdict.INCONSISTENT: "≠",
    Verdict.MISSING: "×", Verdict.NOT_CLAIMED: "—",
}  # fmt: skip

EMPLOYMENT_TYPES: Mapping[EmploymentType, str] = {
    EmploymentType.ENTERPRISE: "企业就业",
    EmploymentType.SELF_EMPLOYED: "自主创业",
    EmploymentType.FLEXIBLE: "灵活就业",
    EmploymentType.ORDER: "订单式",
    EmploymentType.NONE: "未就业",
}

SEVERITIES: Mapping[str, str] = {"error": "错误", "warning": "警告", "info": "提示"}

FLAGS: Mapping[str, str] = {
    "blank": "空白", "rotated": "已转正", "illegible": "无法辨认", "repeated": "重复", "failed": "读取失败",
}

FACTS: Mapping[str, str] = {
    "name": "班级名称",
    "institution": "培训机构",
    "occupation": "培训工种",
    "training_kind": "培训类型",
    "opening_report_date": "开班报告日期",
    "start_date": "开班日期",
    "end_date": "结业日期",
    "training_days": "培训天数",
    "approved_headcount": "审批人数",
    "daily_subsidy_yuan": "每人每天补贴（元）",
    "as_of": "验收日期",
    "verified_headcount": "现场核实人数",
    "missing_video_half_days": "影像缺失（半天）",
    "callbacks_not_attended": "回访未参训",
    "callbacks_not_employed": "回访未就业",
    "general_daily_subsidy_yuan": "普惠制每人每天补贴（元）",
    "annual_task_headcount": "机构全年任务人数",
    "annual_order_headcount": "机构全年订单式人数",
}

SOURCES: Mapping[str, str] = {
    "class.toml": "班级信息", "binder": "档案", "roster": "花名册", "default": "默认",
}

# The six parts of a flexible-employment certificate, and other names that issues carry as values.
VALUES: Mapping[str, str] = {
    "period": "就业时间",
    "income": "工资收入",
    "phone": "本人联系电话",
    "legal_representative_phone": "法定代表人联系电话",
    "signature": "本人签字",
    "seal": "单位公章",
    "general": "普通培训",
    "order": "订单式培训",
    "top_left": "左上角",
    "top_center": "页眉居中",
    "top_right": "右上角",
    "bottom_left": "左下角",
    "bottom_center": "页脚居中",
    "bottom_right": "右下角",
}


def show_value(value: object) -> str:
    """A value of the report in words: types and parts by their names, rates in percent, no list as 无."""
    if value is None:
        return "未知"
    if isinstance(value, list | tuple):
        return "、".join(show_value(item) for item in value) or "无"
    text = str(value)
    if text in DocType.__members__.values():
        return DOC_TYPES[DocType(text)]
    if re.fullmatch(r"0\.\d+", text):         # the only figures under one are rates
        return f"{(Decimal(text) * 100).normalize():f}%"
    return VALUES.get(text, text)


def mask_id(id_number: str) -> str:
    """An ID number fit for lists and logs: only the last four places are shown."""
    return "*" * max(0, len(id_number) - 4) + id_number[-4:]


def page_runs(pages: Iterable[int]) -> str:
    """31、33–36: page numbers in runs; empty for none."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
