"""The frozen types that flow between the stages.

Conventions: a box is (x0, y0, x1, y1) as fractions of the upright page, origin top left; page
indexes are 1-based over the whole binder in scan order; dates are `datetime.date`, money is
`Decimal` yuan, months are "YYYY-MM" strings. The report's own shape is in `report/schema.py`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value that never changes after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(NamedTuple):
    """A rectangle in fractions of the upright page, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def union(self, other: Box) -> Box:
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0),
            max(self.x1, other.x1), max(self.y1, other.y1),
        )

    def overlap(self, other: Box) -> float:
        """Area of the intersection, in page fractions."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return width * height if width > 0 and height > 0 else 0.0


class DocType(StrEnum):
    """The document types of the contract, section 3."""

    COVER = "cover"
    CATALOGUE = "catalogue"
    OPENING_REPORT = "opening_report"
    OPENING_APPROVAL = "opening_approval"
    TRAINEE_ROSTER = "trainee_roster"
    ID_CARD_COPY = "id_card_copy"
    TRAINING_PLAN = "training_plan"
    TIMETABLE = "timetable"
    TEACHING_LOG = "teaching_log"
    TRAINING_ATTENDANCE = "training_attendance"
    EXAM_PAPER = "exam_paper"
    SCORE_SHEET = "score_sheet"
    CERTIFICATE_REGISTER = "certificate_register"
    CERTIFICATE_COPY = "certificate_copy"
    EMPLOYMENT_SUMMARY = "employment_summary"
    LABOUR_CONTRACT = "labour_contract"
    PAYROLL = "payroll"
    WORK_ATTENDANCE = "work_attendance"
    BUSINESS_LICENCE = "business_licence"
    PREMISES_PROOF = "premises_proof"
    FLEXIBLE_CERTIFICATE = "flexible_certificate"
    ORDER_AGREEMENT = "order_agreement"
    TRUTHFULNESS_COMMITMENT = "truthfulness_commitment"
    SUBSIDY_APPLICATION = "subsidy_application"
    CALLBACK_RECORD = "callback_record"
    VIDEO_RECORD = "video_record"
    BLANK = "blank"
    OTHER = "other"


class EmploymentType(StrEnum):
    ENTERPRISE = "enterprise"
    SELF_EMPLOYED = "self_employed"
    FLEXIBLE = "flexible"
    ORDER = "order"
    NONE = "none"


class Verdict(StrEnum):
    NOT_CLAIMED = "not_claimed"
    MISSING = "missing"
    INCONSISTENT = "inconsistent"
    INCOMPLETE = "incomplete"
    NEEDS_REVIEW = "needs_review"
    VERIFIED = "verified"


Severity = Literal["error", "warning", "info"]
TextSource = Literal["text_layer", "ocr", "none"]
Rotation = Literal[0, 90, 180, 270]
PageFlag = Literal["blank", "rotated", "illegible", "repeated", "failed"]

# One time step of the recogniser: the likely characters ("" is the CTC blank) with natural-log
# probabilities, best first, pruned. A lattice is the list of time steps of one text line.
LatticeStep = tuple[tuple[str, float], ...]
Lattice = tuple[LatticeStep, ...]


# --- the binder as handed in ----------------------------------------------------------------------


class SourceFile(Frozen):
    """One file that holds pages.

    `path` is where it can be read, a repaired or unpacked copy where needed; `name`, `sha256` and
    `bytes` are those of the file as handed in.
    """

    name: str
    path: Path
    sha256: str
    bytes: int
    pages: int
    kind: Literal["pdf", "image"]


class Sheet(Frozen):
    """One page of one file."""

    file: int                           # index into Binder.files
    file_page: int                      # 1-based


class Binder(Frozen):
    """The files in reading order and their sheets; `skipped` names companions that hold no page."""

    files: tuple[SourceFile, ...]
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...] = ()


# --- what a worker reads from one page -------------------------------------------------------


class Line(Frozen):
    """One text line as read: a box of the upright page, the text, the recogniser's confidence."""

    text: str
    box: Box
    confidence: float
    vertical: bool = False
    # the middle of each character in thousandths of the box's width; empty where that is not known
    centres: tuple[int, ...] = ()
    lattice: Lattice | None = None  # kept for lines that are unsure or hold names, digits or dates


class WaitingLine(Frozen):
    """A line that no rule asks for and that is read last, see `reading.need`.

    `quad` holds the four corners (x, y from the top left clockwise) in pixels of the page as turned
    and not deskewed; `text` is None as long as it was not read.
    """

    box: Box
    quad: tuple[float, ...]
    text: str | None = None
    confidence: float = 0.0


class Corner(Frozen):
    """One candidate for a page number, found in an edge zone of the page.

    `fresh` tells that it comes from the second pass over the edge zone alone. `turn` is the
    clockwise turn of the upright page in which this text stands upright: 90 or 270 for a number
    in the top right corner of the sheet as bound, where a landscape form was bound sideways.
    """

    text: str
    box: Box
    confidence: float
    fresh: bool = False
    lattice: Lattice | None = None
    turn: Rotation = 0


class Ruling(Frozen):
    """A straight ruling line, as a thin box; `horizontal` by its longer side."""

    box: Box
    horizontal: bool


class MarkShape(StrEnum):
    ROUND_SEAL = "round_seal"          # 公章: round, or oval, of a unit
    PERSONAL_SEAL = "personal_seal"    # 名章: small, square or round
    FINGERPRINT = "fingerprint"
    HANDWRITING = "handwriting"        # ink that is no print: a signature or a hand-filled blank


class PageMark(Frozen):
    """A seal, fingerprint or handwriting seen on the page image, before any party is known."""

    shape: MarkShape
    box: Box
    confidence: float
    colour: Literal["red", "black", "other"]
    text: str = ""                     # what could be read in it, mostly the unit's name
    guess: str = ""                    # what may stand in a seal whose text was not read for certain


class Sign(Frozen):
    """What stands in one day's cell of an attendance sheet.

    `text` is a sign (√ V × ○ △ ▲ ● ☆ / \\ + —), a character or short word (休, 半, 1, 0.5), or "?" where
    there is ink that cannot be told; `box` is the ink's. Empty cells have none.
    """

    text: str
    box: Box
    confidence: float


class InkMap(Frozen):
    """How much dark ink lies in each cell of a grid over the upright page, and how much red.

    `dark` and `red` are zlib-compressed rows*cols bytes, row-major, 0 (none) to 255 (full),
    base64-encoded, so that later stages can ask for ink in a box without the image.
    """

    rows: int
    cols: int
    dark: str
    red: str


class PageReading(Frozen):
    """All that was read from one page image. Cached by content; holds no position in a binder."""

    width: int                          # of the upright page, in pixels as scanned
    height: int
    dpi: float                          # as scanned; 0 where the file does not say
    text_source: TextSource
    rotation: Rotation                  # clockwise turn that made the page upright
    skew_degrees: float
    # of a scan that held two facing pages, as the file shows it: top and bottom where it lies sideways
    half: Literal["left", "right", "top", "bottom"] | None = None
    flags: frozenset[PageFlag] = frozenset()
    lines: tuple[Line, ...] = ()        # reading order: top to bottom, left to right
    waiting: tuple[WaitingLine, ...] = ()   # what else stands on the page; judged by nobody
    corners: tuple[Corner, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    marks: tuple[PageMark, ...] = ()
    signs: tuple[Sign, ...] = ()        # in the day columns of an attendance sheet
    ink: InkMap | None = None
    fingerprint: str = ""               # see raster.fingerprint
    colour: bool = False                # whether the scan carries colour: on a black-and-white
    #                                     copy a seal's absence cannot be told from its colour
    halftone: bool = False              # whether the scan carries grey levels: on a 1-bit copy a red
    #                                     seal may have vanished without a trace
    sharpness: float = 0.0              # see raster
    failure: str = ""                   # why nothing could be read, for flag "failed"

    def bare(self) -> PageReading:
        """How the page lies and looks, without what was read on it: all that its image is loaded and turned by."""
        return self.model_copy(update={
            "lines": (), "waiting": (), "corners": (), "rulings": (), "marks": (), "signs": (), "ink": None
        })

    @property
    def waits(self) -> bool:
        """Whether part of its text is still to be read."""
        return any(line.text is None for line in self.waiting)


class Page(Frozen):
    """A page in its place in the binder."""

    index: int                          # 1-based, scan order
    file: int                           # index into the binder's files
    file_page: int                      # 1-based
    reading: PageReading


# --- values read from paper --------------------------------------------------------------------

State = Literal["read", "unread", "blank"]


class Reading(Frozen):
    """A value and the spot it was read at.

    state "read": `value` holds the normalised value (str, date, Decimal, int or bool).
    state "unread": the label or cell was found and carries ink, but no value could be made of it.
    state "blank": the label or cell was found and is empty.
    A field that was not found at all has no Reading: absent, unread and blank are different.
    """

    value: Any = None
    text: str = ""
    page: int
    box: Box
    confidence: float
    state: State = "read"
    lattice: Lattice | None = None
    confirmed: bool = False             # a second, enlarged reading gave the same value


class Mark(Frozen):
    """A mark with the party it stands for. `kind` per contract section 2.

    party: "employer", "employee", "issuer", "institution", "authority" or "" (unknown).
    """

    kind: Literal["seal", "signature", "fingerprint"]
    party: str
    page: int
    box: Box
    confidence: float = 1.0
    personal: bool = False              # a personal seal (名章), not a unit's
    text: str = ""


class PageClass(Frozen):
    """What a page is taken for. `starts` tells that it begins a document (carries a title)."""

    index: int
    doc_type: DocType
    confidence: float
    starts: bool
    title: str = ""
    title_box: Box | None = None


class Span(Frozen):
    """The pages of one document. Pages need not be adjacent where one was bound out of place."""

    id: str                             # "d1", "d2", ... in order of their first page
    type: DocType
    pages: tuple[int, ...]
    title: str = ""
    confidence: float = 1.0


Row = dict[str, Reading]


class Document(Frozen):
    """One paper of the binder with what was extracted from it.

    `unread_rows` counts table rows that the ruling lines or serial numbers show but the reading
    lost: while it is not 0, a person's absence from the table is "unread", not "absent".
    `missing_marks` lists (what, party) of marks whose place was found, looked at and is empty,
    e.g. ("signature", "employee"); `unsure_marks` those where the copy cannot tell. A mark in both:
    its place is empty on a 1-bit copy, which may have lost it.
    """

    id: str
    type: DocType
    pages: tuple[int, ...]
    title: str = ""
    confidence: float = 1.0
    fields: dict[str, Reading] = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    unread_rows: int = 0
    marks: tuple[Mark, ...] = ()
    missing_marks: tuple[tuple[str, str], ...] = ()
    unsure_marks: tuple[tuple[str, str], ...] = ()


Position = Literal[
    "top_left", "top_center", "top_right", "bottom_left", "bottom_center", "bottom_right", "other"
]


class PageNumber(Frozen):
    value: int
    text: str
    position: Position
    box: Box
    confidence: float


class Numbering(Frozen):
    """The binder's page numbers, one best reading of the whole sequence.

    `numbers` maps page index to its number; a page without an entry carries none that could be
    found. `unread` lists pages where a number stands but could not be read. `out_of_place` lists
    pages numbered right but bound or scanned in the wrong place (both pages, where two neighbours
    changed places). `starts` lists the first page of each further volume that numbers its pages
    anew: across it there is no gap and no duplicate.
    """

    numbers: dict[int, PageNumber] = Field(default_factory=dict)
    unread: tuple[int, ...] = ()
    out_of_place: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()


# --- the roster and the class --------------------------------------------------------------------


class RosterRow(Frozen):
    """One person of the roster file. `row` counts persons from 1 in the sheet's order."""

    row: int
    name: str
    id_number: str                      # normalised: half-width, capital X; "" if the cell is empty
    gender: str = ""
    phone: str = ""
    employment_type: EmploymentType | None = None   # None: cell empty, to be inferred
    employer: str = ""
    passed: bool | None = None
    certificate_number: str = ""
    id_digits_lost: bool = False        # stored as a number: the spreadsheet cut it to 15 digits;
    #                                     "?" stands in id_number for each digit lost


class Roster(Frozen):
    file: str
    rows: tuple[RosterRow, ...]


class Fact(Frozen):
    """A fact of the class with its source: "class.toml", "binder" (then page and box), "default"."""

    value: Any
    source: str
    page: int | None = None
    box: Box | None = None


ClassFacts = dict[str, Fact]            # keys: contract section 1, CLASS.toml


# --- matching -------------------------------------------------------------------------------------

# Whether a value on paper agrees with the roster: "yes"; "no" (a different value, confirmed by a
# second reading); "unsure" (differs, but the reading is not certain); "absent" (nothing stands there).
Agreement = Literal["yes", "no", "unsure", "absent"]


class Evidence(Frozen):
    """One document, or one row of a table document, that belongs to a trainee."""

    trainee: int                        # roster row
    document: str                       # Document.id
    row_index: int | None = None        # index into Document.rows
    page: int
    box: Box | None = None
    name: Agreement = "absent"
    id_number: Agreement = "absent"
    name_reading: Reading | None = None
    id_reading: Reading | None = None
    linked_by: Literal["id_number", "name", "both", "neighbourhood", "employer"] = "both"
    sure: bool = True                   # False: whose paper it is hangs on a doubtful reading


class Stranger(Frozen):
    """A person named on a proof document whom the roster does not list."""

    name: str
    id_number: str
    document: str
    page: int
    box: Box
    confidence: float
    sure: bool


class Matching(Frozen):
    evidence: tuple[Evidence, ...] = ()
    strangers: tuple[Stranger, ...] = ()


# --- findings -------------------------------------------------------------------------------------


class IssueBox(Frozen):
    page: int
    box: Box


class Issue(Frozen):
    """One finding, as the report shows it (contract, section 2)."""

    id: str
    code: str
    severity: Severity
    message: str                        # Chinese, one sentence a reviewer can act on
    citation: str
    pages: tuple[int, ...] = ()
    trainee: int | None = None
    document: str | None = None
    expected: str | None = None
    found: str | None = None
    boxes: tuple[IssueBox, ...] = ()


class Trainee(Frozen):
    row: int
    name: str
    id_number: str
    employment_type: EmploymentType
    verdict: Verdict
    documents: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


class Step(Frozen):
    """One step of the computation."""

    text: str
    formula: str
    citation: str
    reading: str = ""                   # which reading of an open text was taken, and alternatives


Money = Annotated[Decimal, Field(decimal_places=2)]


class Assessment(Frozen):
    """Rates, deductions and the payable amount; contract section 6."""

    approved_headcount: int | None = None
    verified_headcount: int | None = None
    passed: int | None = None
    pass_rate: str | None = None        # exact decimal string, e.g. "0.72"
    employed: int = 0
    employed_with_review: int = 0       # the same with needs_review trainees counted
    employment_rate: str | None = None
    employment_rate_with_review: str | None = None
    subsidy_basis: Literal["order", "general"] | None = None
    training_days: str | None = None
    deducted_days: str | None = None
    headcount_deduction: int | None = None
    payable_headcount: int | None = None
    daily_subsidy_yuan: str | None = None
    payable_yuan: str | None = None
    provisional_yuan: str | None = None
    material_status: Literal["accepted", "to_be_supplemented"] = "to_be_supplemented"
    missing_inputs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
