"""The types of papers found in a binder, one file each."""

from __future__ import annotations

from archive_verify.documents.blank import BLANK
from archive_verify.documents.business_licence import BUSINESS_LICENCE
from archive_verify.documents.callback_record import CALLBACK_RECORD
from archive_verify.documents.catalogue import CATALOGUE
from archive_verify.documents.certificate_copy import CERTIFICATE_COPY
from archive_verify.documents.certificate_register import CERTIFICATE_REGISTER
from archive_verify.documents.cover import COVER
from archive_verify.documents.employment_summary import EMPLOYMENT_SUMMARY
from archive_verify.documents.exam_paper import EXAM_PAPER
from archive_verify.documents.flexible_certificate import FLEXIBLE_CERTIFICATE
from archive_verify.documents.id_card_copy import ID_CARD_COPY
from archive_verify.documents.kind import DocumentType
from archive_verify.documents.labour_contract import LABOUR_CONTRACT
from archive_verify.documents.opening_approval import OPENING_APPROVAL
from archive_verify.documents.opening_report import OPENING_REPORT
from archive_verify.documents.order_agreement import ORDER_AGREEMENT
from archive_verify.documents.other import OTHER
from archive_verify.documents.payroll import PAYROLL
from archive_verify.documents.premises_proof import PREMISES_PROOF
from archive_verify.documents.score_sheet import SCORE_SHEET
from archive_verify.documents.subsidy_application import SUBSIDY_APPLICATION
from archive_verify.documents.teaching_log import TEACHING_LOG
from archive_verify.documents.timetable import TIMETABLE
from archive_verify.documents.trainee_roster import TRAINEE_ROSTER
from archive_verify.documents.training_attendance import TRAINING_ATTENDANCE
from archive_verify.documents.training_plan import TRAINING_PLAN
from archive_verify.documents.truthfulness_commitment import TRUTHFULNESS_COMMITMENT
from archive_verify.documents.video_record import VIDEO_RECORD
from archive_verify.documents.work_attendance import WORK_ATTENDANCE
from archive_verify.model import DocType

DOCUMENT_TYPES: dict[DocType, DocumentType] = {
    kind.type: kind
    for kind in (
        COVER, CATALOGUE, OPENING_REPORT, OPENING_APPROVAL, TRAINEE_ROSTER, ID_CARD_COPY, TRAINING_PLAN,
        TIMETABLE, TEACHING_LOG, TRAINING_ATTENDANCE, EXAM_PAPER, SCORE_SHEET, CERTIFICATE_REGISTER,
        CERTIFICATE_COPY, EMPLOYMENT_SUMMARY, LABOUR_CONTRACT, PAYROLL, WORK_ATTENDANCE, BUSINESS_LICENCE,
        PREMISES_PROOF, FLEXIBLE_CERTIFICATE, ORDER_AGREEMENT, TRUTHFULNESS_COMMITMENT, SUBSIDY_APPLICATION,
        CALLBACK_RECORD, VIDEO_RECORD, OTHER, BLANK,
    )
}
