"""What an institution has to supply or mend, drawn from the issues: the content of the correction notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive_verify.model import Issue, Trainee
from archive_verify.report.schema import Report
from archive_verify.words import show_value

# What no new paper mends, and what is the bureau's own to settle.
NOT_FOR_THE_INSTITUTION = frozenset(
    {
        "needs_review", "page_blank", "page_rotated", "opening_report_late", "pass_rate_low",
        "employment_rate_low", "order_share_low", "trainee_age", "employment_before_training", "phone_shared",
    }
)  # fmt: skip

_REMEDIES: Mapping[str, str] = {
    "document_missing": "补交{expected}，按顺序装订并编入页码、目录",
    "document_order": "调整装订顺序，相应更正页码和目录",
    "catalogue_mismatch": "更正卷内目录，使之与材料一致",
    "page_number_missing": "在右上角补编页码",
    "page_number_position": "将页码改编在右上角",
    "page_number_duplicate": "更正重号",
    "page_number_gap": "核对是否缺页：缺页的补入，误编的更正",
    "page_number_order": "调整到页码所示的位置，或更正页码",
    "page_illegible": "重新复印或扫描，替换该页",
    "page_repeated": "核对重复的页：误装的撤出，缺的页补入",
    "headcount_mismatch": "核对人数，更正有误的材料并附说明",
    "trainee_not_on_roster": "核实是否本班学员：误装的撤出，漏列的更正花名册",
    "duplicate_trainee": "核实并更正花名册",
    "employment_proof_missing": "按就业形式补交全部就业证明材料",
    "contract_missing": "补交本人与用人单位签订的劳动合同",
    "contract_term_short": "补交符合期限要求的劳动合同或续签合同",
    "contract_signature_missing": "由本人在合同上补签",
    "contract_seal_missing": "由用人单位在合同上补盖公章",
    "payroll_first_month_missing": "补交该月工资表（列有本人）",
    "payroll_latest_month_missing": "补交该月工资表（列有本人）",
    "attendance_first_month_missing": "补交该月考勤表（列有本人）",
    "attendance_latest_month_missing": "补交该月考勤表（列有本人）",
    "licence_missing": "补交营业执照复印件",
    "premises_proof_missing": "补交营业场地证明",
    "flexible_certificate_missing": "补交灵活就业证明",
    "flexible_certificate_incomplete": "补齐{expected}",
    "order_agreement_missing": "补交列有本人的订单式培训协议",
    "name_mismatch": "核实姓名，更换或更正有误的材料",
    "id_number_mismatch": "核实身份证号，更换或更正有误的材料",
    "id_number_invalid": "对照身份证更正花名册",
    "employer_mismatch": "核实用人单位，更换不一致的材料",
    "credit_code_invalid": "核实代码，换交清晰的执照复印件或更正材料",
    "wage_mismatch": "核实工资，补交发放凭证或书面说明",
}

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("缺少的材料", ("document_missing",)),
    ("页码、装订与目录", ("page_number_", "document_order", "catalogue_mismatch")),
    ("须重新提交的页面", ("page_",)),
)
_OTHER = "内容不一致之处"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing to mend: what was found, what to do, the page indexes, the paragraph."""

    problem: str
    remedy: str
    pages: tuple[int, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """Those for the class, by group, and those for each trainee, in roster order."""

    of_class: tuple[tuple[str, tuple[Correction, ...]], ...]
    of_trainees: tuple[tuple[Trainee, tuple[Correction, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(found) for _, found in (*self.of_class, *self.of_trainees))


def corrections(report: Report, document_number: str) -> Corrections:
    """The issues an institution can mend. `document_number` is left out of each citation."""
    wanted = [issue for issue in report.issues if _mendable(issue)]
    grouped: dict[str, list[Correction]] = {name: [] for name in (*(name for name, _ in _GROUPS), _OTHER)}
    for issue in wanted:
        if issue.trainee is None:
            grouped[_group(issue.code)].append(_correction(issue, "", document_number))
    by_trainee = []
    for trainee in report.trainees:
        who = f"学员{trainee.name}（第{trainee.row}行）"
        own = tuple(_correction(issue, who, document_number) for issue in wanted if issue.trainee == trainee.row)
        if own:
            by_trainee.append((trainee, own))
    return Corrections(
        tuple((name, tuple(found)) for name, found in grouped.items() if found), tuple(by_trainee)
    )


def _mendable(issue: Issue) -> bool:
    return issue.severity != "info" and issue.code not in NOT_FOR_THE_INSTITUTION


def _group(code: str) -> str:
    return next((name for name, starts in _GROUPS if code.startswith(starts)), _OTHER)


def _correction(issue: Issue, who: str, document_number: str) -> Correction:
    remedy = _REMEDIES.get(issue.code, "核实并更正，或补交相应材料")
    return Correction(
        problem=issue.message.removeprefix(who),
        remedy=remedy.format(expected=show_value(issue.expected) if issue.expected else "所缺材料"),
        pages=issue.pages,
        citation=issue.citation.replace(document_number, "").strip(),
    )
