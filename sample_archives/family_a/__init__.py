"""The first family of layouts: one draw function per type of paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sample_archives.case import Form, SheetDrawing, Style

from . import cards, certificates, class_lists, class_papers, contracts, lessons, premises, requests, wages

LAYOUTS: dict[str, Callable[[Any, Style], list[SheetDrawing]]] = {
    "cover": class_papers.cover,
    "catalogue": class_papers.catalogue,
    "opening_report": class_papers.opening_report,
    "opening_approval": class_papers.opening_approval,
    "trainee_roster": class_lists.roster,
    "id_card_copy": cards.id_card,
    "training_plan": class_papers.plan,
    "timetable": lessons.timetable,
    "teaching_log": lessons.log,
    "training_attendance": lessons.attendance,
    "exam_paper": lessons.exam,
    "score_sheet": class_lists.scores,
    "certificate_register": class_lists.register,
    "certificate_copy": cards.certificate,
    "employment_summary": class_lists.summary,
    "labour_contract": contracts.draw,
    "payroll": wages.payroll,
    "work_attendance": wages.attendance,
    "business_licence": cards.licence,
    "premises_proof": premises.premises,
    "flexible_certificate": certificates.flexible,
    "order_agreement": premises.order,
    "truthfulness_commitment": requests.commitment,
    "subsidy_application": requests.application,
    "callback_record": class_lists.callbacks,
    "video_record": class_lists.video,
    "blank": requests.blank,
    "other": requests.other,
}


class FamilyA:
    """The family used while building and in the committed samples."""

    name = "a"

    def draw(self, form: Form, style: Style) -> list[SheetDrawing]:
        """The upright sheets of one paper, in order."""
        return LAYOUTS[form.doc_type](form, style)


FAMILY = FamilyA()
