"""Which layout draws which paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sample_archives import case
from sample_archives.family_b import (
    applications,
    contracts,
    cover_pages,
    flexible,
    licences,
    openings,
    payrolls,
    premises,
    results,
    teaching,
    work_attendances,
)
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet

LAYOUTS: dict[type[case.Form], Callable[[Any, Context], list[Sheet]]] = {
    case.Cover: cover_pages.cover,
    case.Catalogue: cover_pages.catalogue,
    case.OpeningReport: openings.report,
    case.OpeningApproval: openings.approval,
    case.TraineeRoster: openings.roster,
    case.IdCardCopy: openings.id_cards,
    case.TrainingPlan: teaching.plan,
    case.Timetable: teaching.timetable,
    case.TeachingLog: teaching.log,
    case.TrainingAttendance: teaching.attendance,
    case.ExamPaper: results.exam,
    case.ScoreSheet: results.scores,
    case.CertificateRegister: results.register,
    case.CertificateCopy: results.certificates,
    case.EmploymentSummary: results.employment,
    case.LabourContract: contracts.layout,
    case.Payroll: payrolls.layout,
    case.WorkAttendance: work_attendances.layout,
    case.BusinessLicence: licences.layout,
    case.PremisesProof: premises.layout,
    case.FlexibleCertificate: flexible.layout,
    case.OrderAgreement: applications.order,
    case.TruthfulnessCommitment: applications.commitment,
    case.SubsidyApplication: applications.application,
    case.CallbackRecord: applications.callbacks,
    case.VideoRecord: applications.video,
    case.OtherPaper: applications.other,
    case.BlankSheet: applications.nothing,
}
