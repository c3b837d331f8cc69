"""The tables, by subject."""

from archive_verify.store.tables.archives import Archive, IdempotentCall, Upload, UploadPart, Volume
from archive_verify.store.tables.base import Base, Moment
from archive_verify.store.tables.findings import (
    CorrectionRow,
    Decision,
    DismissalReason,
    EvidenceBand,
    EvidenceMark,
    IssueRow,
    TraineeRow,
    TraineeTerm,
    YearlyTask,
)
from archive_verify.store.tables.ledger import AuditHead, AuditRow, SettingRow
from archive_verify.store.tables.people import ApiToken, Institution, LoginFailure, User, UserSession
from archive_verify.store.tables.runs import PageReadingRow, ReadingUse, Run, RunResult, RunSheet, RunSpan

__all__ = [
    "ApiToken", "Archive", "AuditHead", "AuditRow", "Base", "CorrectionRow", "Decision", "DismissalReason",
    "EvidenceBand", "EvidenceMark", "IdempotentCall", "Institution", "IssueRow", "LoginFailure", "Moment",
    "PageReadingRow", "ReadingUse", "Run", "RunResult", "RunSheet", "RunSpan", "SettingRow", "TraineeRow",
    "TraineeTerm", "Upload", "UploadPart", "User", "UserSession", "Volume", "YearlyTask",
]  # fmt: skip
