"""The terms of a policy in words: what each term and each reading of an open text is called on the page."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.language import later

PARTS: Mapping[str, str] = {
    "pagination": later("页码"),
    "binder": later("材料和顺序"),
    "employment": later("就业证明"),
    "class_": later("班级"),
    "trainee": later("学员"),
    "computation": later("核算"),
    "citations": later("条款"),
}
TERMS: Mapping[str, str] = {
    "id": later("编号"),
    "document_number": later("文号"),
    "version": later("版本"),
    "effective": later("施行日期"),
    "position": later("页码位置"),
    "verso_top_left": later("背面可在左上角"),
    "unnumbered_page_uses_number": later("未编页码的页占一个号"),
    "starts_at_one": later("从 1 开始编号"),
    "required": later("必需材料"),
    "order": later("规定顺序"),
    "unlisted_allowed": later("目录中可不列"),
    "contract_months": later("劳动合同期限（月）"),
    "first_month": later("首月"),
    "latest_month_back": later("最近月往前推（月）"),
    "later_month_serves": later("更晚的月份也可以"),
    "certificate_parts": later("灵活就业证明须有"),
    "order_needs": later("订单式须有"),
    "opening_report_days": later("开班前报告（天）"),
    "opening_report_days_order": later("订单式开班前报告（天）"),
    "pass_rate": later("合格率"),
    "employment_rate": later("就业率"),
    "order_share": later("订单式占比"),
    "min_age": later("最小年龄"),
    "max_age_men": later("男性最大年龄"),
    "max_age_women": later("女性最大年龄"),
    "shared_phone": later("同一电话提示（人起）"),
    "lists": later("核对的名单"),
    "shortfall": later("不达标比例"),
    "shortfall_base": later("不达标比例乘以"),
    "person_rounding": later("核减人数取整"),
    "money_on": later("金额按"),
    "paid_persons": later("补贴人数"),
    "passed_means": later("合格指"),
    "employment_base": later("就业率的基数"),
    "below_employment_rate": later("就业率不足时"),
    "missing_video": later("影像缺失时"),
    "long_course_days": later("长班天数"),
    "long_course_daily_yuan": later("长班每天补贴（元）"),
    "callback_not_attended": later("回访未参训时"),
    "callback_not_employed": later("回访未就业时"),
    "withheld_until_supplemented": later("补正前暂不核拨"),
}
# What the paragraphs are cited for.
CITED: Mapping[str, str] = {
    "pagination": later("页码"),
    "binder": later("材料和顺序"),
    "catalogue": later("卷内目录"),
    "employment": later("就业证明"),
    "enterprise": later("企业就业"),
    "self_employed": later("自主创业"),
    "flexible": later("灵活就业"),
    "truthfulness": later("真实性"),
    "identity": later("身份"),
    "opening_report": later("开班报告"),
    "approval": later("开班审批"),
    "exam": later("考核"),
    "payment": later("拨付"),
    "headcount": later("人数"),
    "video": later("影像"),
    "supplement": later("补正"),
    "eligibility": later("补贴对象"),
    "order": later("订单式"),
    "pass_rate": later("合格率"),
    "employment_rate": later("就业率"),
    "order_share": later("订单式占比"),
}
# What an option may be set to, for terms whose value is a name.
CHOICES: Mapping[str, str] = {
    "contract_start": later("合同起始日所在月"),
    "first_full_month": later("第一个整月"),
    "agreement": later("协议"),
    "agreement+payroll": later("协议和工资表"),
    "agreement+contract": later("协议和劳动合同"),
    "employment_proof": later("就业证明材料"),
    "points_below_threshold": later("达标线减实际合格率"),
    "points_below_all": later("全额减实际合格率"),
    "relative": later("相对差额"),
    "verified": later("核实人数"),
    "approved": later("审批人数"),
    "passed": later("合格人数"),
    "ceil": later("进一"),
    "half_up": later("四舍五入"),
    "floor": later("舍去"),
    "rounded": later("取整后的人数"),
    "exact": later("未取整的人数"),
    "score": later("成绩合格"),
    "certificate": later("取得证书"),
    "general_rate": later("按普惠制标准"),
    "unchanged": later("不变"),
    "remaining_days": later("按其余天数"),
    "own_rate": later("按影像齐全的比例"),
    "one_less": later("减一人"),
    "none": later("不减"),
}


def in_words(value: str) -> str:
    """The words for the name of a reading; other values as they are."""
    return CHOICES.get(value, value)
