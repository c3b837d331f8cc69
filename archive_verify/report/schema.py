"""The report's shape, `archive-verify/report/1`; its JSON Schema is exported by `archive-verify schema`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from archive_verify.model import (
    Assessment,
    DocType,
    Frozen,
    Issue,
    PageFlag,
    Position,
    Rotation,
    TextSource,
    Trainee,
)

# What a report directory holds beside the report itself.
DOSSIERS = "dossiers"
NOTICE = "correction-notice.pdf"

BoxList = Annotated[
    tuple[float, float, float, float],
    Field(description="x0, y0, x1, y1 as fractions of the upright page, origin top left"),
]


class PolicyInfo(Frozen):
    id: str
    title: str


class FactInfo(Frozen):
    """A fact of the class: dates ISO 8601, money a decimal string."""

    value: Any
    source: str = Field(description="class.toml, binder, roster or default")
    page: int | None = None
    box: BoxList | None = None


class FileInfo(Frozen):
    name: str
    sha256: str
    bytes: int
    pages: int


class PageNumberInfo(Frozen):
    value: int
    text: str
    position: Position
    box: BoxList
    confidence: float


class PageInfo(Frozen):
    index: int = Field(description="1-based over the whole binder, scan order")
    file: int = Field(description="index into files")
    file_page: int
    half: Literal["left", "right", "top", "bottom"] | None = Field(
        None, description="which half of a scan that held two facing pages, as the file shows it"
    )
    text_source: TextSource
    rotation: Rotation = Field(description="clockwise turn that makes the page upright, as a viewer shows it")
    skew_degrees: float
    doc_type: DocType
    confidence: float
    page_number: PageNumberInfo | None
    flags: tuple[PageFlag, ...]
    failure: str | None = Field(None, description="why the page could not be read, for flag failed")


class FieldInfo(Frozen):
    """A value read from paper; value null with state unread (ink, but no value) or blank (empty)."""

    value: Any
    text: str
    page: int
    box: BoxList
    confidence: float
    state: Literal["read", "unread", "blank"] = "read"


class MarkInfo(Frozen):
    kind: Literal["seal", "signature", "fingerprint"]
    party: str
    page: int
    box: BoxList


class DocumentInfo(Frozen):
    id: str
    type: DocType
    title: str
    pages: tuple[int, ...]
    fields: dict[str, FieldInfo]
    rows: tuple[dict[str, FieldInfo], ...]
    marks: tuple[MarkInfo, ...]


class RequirementInfo(Frozen):
    """One paper that a trainee's route of employment asks for, and what became of it."""

    label: str
    state: Literal["met", "missing", "faulty", "review"]
    documents: tuple[str, ...] = Field((), description="ids of the documents that serve it")
    pages: tuple[int, ...] = ()


class DossierInfo(Frozen):
    """A trainee's dossier: which pages of the binder follow its cover sheets."""

    trainee: int = Field(description="roster row")
    file: str | None = Field(None, description="path beside report.json; null where no page is the trainee's")
    cover_pages: int = 0
    pages: tuple[int, ...] = Field((), description="page indexes, in the dossier's order after its cover sheets")
    requirements: tuple[RequirementInfo, ...] = ()


class Report(Frozen):
    """All that one check found out."""

    schema_: Literal["archive-verify/report/1"] = Field("archive-verify/report/1", alias="schema")
    policy: PolicyInfo
    class_: dict[str, FactInfo] = Field(alias="class")
    files: tuple[FileInfo, ...]
    skipped: tuple[str, ...] = Field((), description="files of a folder or ZIP that hold no page")
    pages: tuple[PageInfo, ...]
    documents: tuple[DocumentInfo, ...]
    trainees: tuple[Trainee, ...]
    issues: tuple[Issue, ...]
    dismissed: tuple[str, ...] = Field(
        (), description="ids of issues that a reviewer dismissed: they count for no verdict and no amount"
    )
    assessment: Assessment
    dossiers: tuple[DossierInfo, ...] = Field((), description="one for each trainee")
    notice: str | None = Field(
        None, description="path of the correction notice beside report.json; null where nothing is to be mended"
    )
