"""The data of one class binder: persons, firms, class facts and the papers with every value they print.

A family of layouts turns one paper into drawn sheets and knows nothing else of the binder:

    FAMILY.draw(form: Form, style: Style) -> list[SheetDrawing]

Rules between this data and every family:

- A value that is None (or an empty tuple of rows) is not on the paper; any other value must be
  printed where a reader of that paper would look for it. What a layout adds of its own (clauses,
  legends, footers, a form number) must not contradict the values.
- `look` picks the layout: forms with equal type and equal `look` get the same layout and fonts
  (an employer's contracts all look alike). Fills and signatures vary with `style.rng`.
- The archive's page number is drawn later, over the sheet: the top 11 mm of every sheet and the
  top 17 mm of its right 45 mm stay free of ink. A form's own footer (`第1页 共4页`) is welcome below.
- `SheetDrawing.image` is upright: portrait A4 or, for landscape forms, landscape A4, white paper,
  RGB, `style.dpi` dots per inch. Scanning (skew, noise, turns) is done later.
- `SheetDrawing.fields` lists what was printed on that sheet under the names of the contract's
  section 2, as canonical text (ISO dates, decimal yuan, YYYY-MM), with a box in page fractions.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, Protocol

from PIL import Image

Box = tuple[float, float, float, float]
Route = Literal["enterprise", "self_employed", "flexible", "order", "none"]
SignedBy = Literal["signature", "fingerprint", "signature+fingerprint", "personal_seal"]


# --- persons, firms, the class -------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A person as one paper prints him. `row` is his roster row, None for everybody else."""

    name: str
    gender: Literal["男", "女"]
    id_number: str
    phone: str
    address: str
    education: str
    row: int | None = None

    @property
    def birth(self) -> date:
        digits = self.id_number[6:14]
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


@dataclass(frozen=True)
class Firm:
    """A unit with its register entry. `kind`: company (企业) or individual (个体工商户)."""

    name: str
    kind: Literal["company", "individual"]
    credit_code: str
    legal_representative: str  # 法定代表人, or 经营者 of an individual business
    phone: str  # of the unit and its legal representative
    address: str
    established: date
    capital_wan: int | None  # registered capital in 万元, companies only
    scope: str
    authority: str  # 登记机关
    seal_number: str  # 13 digits under the star of the seal


@dataclass(frozen=True)
class Trainee:
    """One row of the roster with what is claimed of the person."""

    person: Person
    route: Route
    employer: str  # claimed employing unit, "" for none
    job: str
    passed: bool
    theory: int  # points of 100
    practice: int
    certificate_number: str  # "" when not passed
    candidate_number: str  # 准考证号
    employed_from: date | None
    income: int | None  # yuan per month, claimed

    @property
    def row(self) -> int:
        assert self.person.row is not None
        return self.person.row


@dataclass(frozen=True)
class ClassInfo:
    """The class as its own papers print it."""

    name: str  # 2023年第12期中式面点师班
    institution: str
    institution_code: str
    principal: str  # 法定代表人 / 校长 of the institution
    contact: str
    contact_phone: str
    institution_address: str
    institution_seal_number: str
    bureau: str  # 文水县人力资源和社会保障局
    occupation: str
    level: str  # 初级（五级）/ 专项能力 ...
    training_kind: Literal["general", "order"]
    report_date: date
    start: date
    end: date
    days: tuple[date, ...]  # the training days
    approved: int
    daily_subsidy: int
    place: str
    teachers: tuple[str, ...]  # theory first
    exam_date: date
    issue_date: date  # of the certificates
    application_date: date  # of the subsidy application
    as_of: date


# --- the papers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """Base of every paper. `title` is the heading to print, chosen from the usual variants."""

    doc_type: ClassVar[str] = "other"
    title: str
    look: int


@dataclass(frozen=True)
class Cover(Form):
    doc_type: ClassVar[str] = "cover"
    info: ClassInfo
    archive_number: str  # 档号
    pages: int  # 本卷共…页
    volume: str  # 第1册 共1册
    retention: str  # 10年 / 长期
    filed_on: date


@dataclass(frozen=True)
class CatalogueLine:
    number: int
    title: str
    author: str
    dated: str  # 20230620 or 2023.06.20, may be ""
    first: int
    last: int
    pages: int
    remark: str = ""


@dataclass(frozen=True)
class Catalogue(Form):
    """`column`: start (页号 is the first page, the last line's a range), range (12-15), count (页数)."""

    doc_type: ClassVar[str] = "catalogue"
    column: Literal["start", "range", "count"]
    lines: tuple[CatalogueLine, ...]


@dataclass(frozen=True)
class OpeningReport(Form):
    doc_type: ClassVar[str] = "opening_report"
    info: ClassInfo
    reported_on: date
    headcount: int


@dataclass(frozen=True)
class OpeningApproval(Form):
    doc_type: ClassVar[str] = "opening_approval"
    info: ClassInfo
    headcount: int  # 批准人数
    approved_on: date
    opinion: str  # 同意开班 ...
    sealed: bool = True  # by the bureau
    signed: bool = True


@dataclass(frozen=True)
class TraineeRoster(Form):
    doc_type: ClassVar[str] = "trainee_roster"
    info: ClassInfo
    trainees: tuple[Trainee, ...]


@dataclass(frozen=True)
class IdCardCopy(Form):
    """Front and back of one or two cards per sheet."""

    doc_type: ClassVar[str] = "id_card_copy"
    persons: tuple[Person, ...]
    valid: tuple[str, ...]  # 2015.03.01-2035.03.01, one per person
    authority: str  # 文水县公安局


@dataclass(frozen=True)
class PlanModule:
    name: str
    theory: int  # 课时
    practice: int
    content: str


@dataclass(frozen=True)
class TrainingPlan(Form):
    doc_type: ClassVar[str] = "training_plan"
    info: ClassInfo
    modules: tuple[PlanModule, ...]
    textbook: str


@dataclass(frozen=True)
class Session:
    day: date
    half: Literal["上午", "下午"]
    hours: str  # 8:30-12:00
    topic: str
    teacher: str
    place: str
    practical: bool


@dataclass(frozen=True)
class Timetable(Form):
    doc_type: ClassVar[str] = "timetable"
    info: ClassInfo
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class TeachingLog(Form):
    """One training day: its two sessions."""

    doc_type: ClassVar[str] = "teaching_log"
    info: ClassInfo
    day: date
    sessions: tuple[Session, ...]
    expected: int  # 应到
    present: int  # 实到
    absent: tuple[str, ...]  # names
    note: str


@dataclass(frozen=True)
class TrainingAttendance(Form):
    """`grid`: name x day with marks; `sign_in`: one day with handwritten names, morning and afternoon."""

    doc_type: ClassVar[str] = "training_attendance"
    info: ClassInfo
    style: Literal["grid", "sign_in"]
    days: tuple[date, ...]  # one day for sign_in
    trainees: tuple[Trainee, ...]
    absent: tuple[tuple[int, date], ...]  # (roster row, day)


@dataclass(frozen=True)
class ExamPaper(Form):
    """A paper filled in by one trainee: theory with answers, or a practice marking sheet."""

    doc_type: ClassVar[str] = "exam_paper"
    info: ClassInfo
    trainee: Trainee
    part: Literal["theory", "practice"]
    score: int


@dataclass(frozen=True)
class ScoreSheet(Form):
    doc_type: ClassVar[str] = "score_sheet"
    info: ClassInfo
    trainees: tuple[Trainee, ...]


@dataclass(frozen=True)
class CertificateRegister(Form):
    doc_type: ClassVar[str] = "certificate_register"
    info: ClassInfo
    trainees: tuple[Trainee, ...]  # those who passed


@dataclass(frozen=True)
class CertificateCopy(Form):
    doc_type: ClassVar[str] = "certificate_copy"
    info: ClassInfo
    trainees: tuple[Trainee, ...]  # one or two per sheet


@dataclass(frozen=True)
class EmploymentSummary(Form):
    doc_type: ClassVar[str] = "employment_summary"
    info: ClassInfo
    trainees: tuple[Trainee, ...]  # also those with route none
    filled_on: date


@dataclass(frozen=True)
class LabourContract(Form):
    """`sealed`/`signed` tell whether the mark is on the paper; `signed` None means no signature at all."""

    doc_type: ClassVar[str] = "labour_contract"
    employer: str
    credit_code: str | None
    legal_representative: str
    employer_phone: str | None
    employer_address: str
    seal_number: str
    employee: Person  # as this paper prints him
    start: date
    end: date | None  # None: open-ended (无固定期限)
    months_stated: str | None  # 12个月 / 壹年 / 一年, printed beside the dates
    probation_end: date | None
    position: str
    place: str
    wage: int  # yuan per month
    pay_day: int
    sign_date: date
    signed: SignedBy | None
    sealed: bool
    representative_seal: bool  # the legal representative's personal seal beside it


@dataclass(frozen=True)
class PayRow:
    person: Person
    days: Decimal  # 出勤天数
    base: Decimal  # 基本工资 (for the days worked)
    performance: Decimal
    overtime: Decimal
    allowance: Decimal
    gross: Decimal  # 应发 = the four above
    pension: Decimal
    medical: Decimal
    unemployment: Decimal
    tax: Decimal
    net: Decimal  # 实发 = gross less the four above
    signed: bool  # 领款人签字


@dataclass(frozen=True)
class Payroll(Form):
    """All rows of one employer and month; several sheets where it is long."""

    doc_type: ClassVar[str] = "payroll"
    employer: str
    month: str  # YYYY-MM
    rows: tuple[PayRow, ...]
    with_id: bool  # an ID number column
    preparer: str
    reviewer: str
    sealed: bool
    seal_number: str


@dataclass(frozen=True)
class AttendanceRow:
    person: Person
    marks: tuple[str, ...]  # per day: work, rest, personal, sick, absent, half or "" (none)
    total: Decimal  # days worked


@dataclass(frozen=True)
class WorkAttendance(Form):
    doc_type: ClassVar[str] = "work_attendance"
    employer: str
    month: str
    rows: tuple[AttendanceRow, ...]
    symbols: dict[str, str]  # mark -> symbol printed, e.g. {"work": "√", "rest": "休"}
    with_legend: bool
    with_id: bool
    keeper: str  # 考勤员
    reviewer: str
    sealed: bool
    seal_number: str


@dataclass(frozen=True)
class BusinessLicence(Form):
    """`original` is the landscape 正本, else the portrait 副本."""

    doc_type: ClassVar[str] = "business_licence"
    firm: Firm
    name_blank: bool  # an individual business may be registered without a name (***)
    operator: Person | None  # the trainee whose own licence it is, as printed
    original: bool
    issued_on: date


@dataclass(frozen=True)
class PremisesProof(Form):
    """`kind`: lease (房屋租赁合同), use (场地使用证明, by village or market), free (无偿使用证明)."""

    doc_type: ClassVar[str] = "premises_proof"
    kind: Literal["lease", "use", "free"]
    operator: Person
    owner: str  # lessor, or the village committee that certifies
    owner_is_unit: bool
    business: str  # name of the shop
    address: str
    area: int  # square metres
    start: date
    end: date
    rent_yearly: int | None
    sign_date: date
    sealed: bool
    seal_number: str


@dataclass(frozen=True)
class FlexibleRow:
    """One person of a certificate. A None is a part that is missing from it."""

    person: Person  # person.phone is printed only if `phone` is given
    since: date | None  # 就业时间
    until: date | None  # None: 至今
    income: int | None
    phone: str | None
    signed: SignedBy | None


@dataclass(frozen=True)
class FlexibleCertificate(Form):
    """For one person, or for several as a list."""

    doc_type: ClassVar[str] = "flexible_certificate"
    issuer: str
    issuer_in_text: bool  # False: the seal alone names the issuer
    legal_representative: str
    legal_representative_phone: str | None
    legal_title: str  # 法定代表人 / 负责人 / 经营者
    job: str
    rows: tuple[FlexibleRow, ...]
    as_list: bool
    issued_on: date
    sealed: bool
    seal_number: str


@dataclass(frozen=True)
class OrderAgreement(Form):
    doc_type: ClassVar[str] = "order_agreement"
    info: ClassInfo
    firm: Firm
    persons: tuple[Person, ...]  # the annexed list of trainees
    job: str
    wage: int
    sign_date: date


@dataclass(frozen=True)
class TruthfulnessCommitment(Form):
    doc_type: ClassVar[str] = "truthfulness_commitment"
    info: ClassInfo
    signed_on: date
    sealed: bool = True
    signed: bool = True


@dataclass(frozen=True)
class SubsidyApplication(Form):
    doc_type: ClassVar[str] = "subsidy_application"
    info: ClassInfo
    headcount: int
    training_days: int
    passed: int
    employed: int
    amount: Decimal
    bank: str
    account: str
    applied_on: date


@dataclass(frozen=True)
class CallbackRow:
    trainee: Trainee
    reached: bool
    attended: bool
    employed: bool
    note: str


@dataclass(frozen=True)
class CallbackRecord(Form):
    doc_type: ClassVar[str] = "callback_record"
    info: ClassInfo
    rows: tuple[CallbackRow, ...]
    caller: str
    called_on: date


@dataclass(frozen=True)
class VideoRecord(Form):
    """A list of recordings, or a photocopied disc label."""

    doc_type: ClassVar[str] = "video_record"
    info: ClassInfo
    sessions: tuple[Session, ...]
    disc: str  # 光盘1 / 硬盘 01


@dataclass(frozen=True)
class OtherPaper(Form):
    """Anything else: 备考表, 培训总结, 教材发放表, 师资表 ... as paragraphs and an optional table."""

    doc_type: ClassVar[str] = "other"
    paragraphs: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    signer: str
    dated: date | None


@dataclass(frozen=True)
class BlankSheet(Form):
    """An empty side; some scanners leave faint shine-through on it."""

    doc_type: ClassVar[str] = "blank"


# --- what a family gives back --------------------------------------------------------------------


@dataclass(frozen=True)
class FieldTruth:
    name: str
    value: str
    box: Box
    person: Person | None = None  # whose value it is, for tables and personal papers


@dataclass(frozen=True)
class MarkTruth:
    kind: Literal["seal", "signature", "fingerprint"]
    party: str  # employer, employee, issuer, institution, authority
    box: Box
    personal: bool = False


@dataclass
class SheetDrawing:
    """One drawn side. `vector` is a PDF of one page with a text layer, for born-digital binders."""

    image: Image.Image
    fields: list[FieldTruth] = field(default_factory=list)
    marks: list[MarkTruth] = field(default_factory=list)
    vector: bytes | None = None


@dataclass(frozen=True)
class Style:
    """How one paper is to be drawn: its own random source and the resolution."""

    rng: random.Random
    dpi: int = 200
    vector: bool = False  # the binder is born digital: give `vector` where possible


class Family(Protocol):
    """A set of layouts for all papers."""

    name: str

    def draw(self, form: Form, style: Style) -> list[SheetDrawing]: ...
