"""What makes a reviewer look twice at a trainee: age, employment before the class, shared phones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from archive_verify.model import DocType, EmploymentType, Reading
from archive_verify.policy.case import Case
from archive_verify.policy.certain import certain
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, spot, trainee_rule
from archive_verify.values import birth_date, id_is_valid, id_sex, normal_id, squeezed
from archive_verify.words import DOC_TYPES


@trainee_rule(
    "trainee_age", severity="warning", citation="eligibility",
    uses=("trainee.min_age", "trainee.max_age_men", "trainee.max_age_women"),
)
def trainee_age(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """开班时的年龄（按身份证号）在规定范围内"""
    start, number = case.fact("start_date"), normal_id(dossier.person.id_number)
    if not isinstance(start, date) or not id_is_valid(number):
        return
    born = birth_date(number)
    if born is None:
        return
    terms, woman = case.policy.trainee, id_sex(number) == "女"
    years = start.year - born.year - ((start.month, start.day) < (born.month, born.day))
    limit = terms.max_age_women if woman else terms.max_age_men
    if terms.min_age <= years <= limit:
        return
    what = f"未满{terms.min_age}周岁" if years < terms.min_age else f"超过{limit}周岁"
    yield Finding(
        f"{born}出生，{start}开班时{years}周岁（{'女' if woman else '男'}），{what}，请核对是否属于补贴对象",
        expected=f"{terms.min_age}-{limit}",
        found=str(years),
    )


# Digits that even a local number has; less is a stopgap.
_PHONE = 7
# Dates read from here on are print; below it they are mostly filled in by hand.
_PRINTED = 0.98
_BEGIN_WORDS = {
    DocType.LABOUR_CONTRACT: "合同起始", DocType.BUSINESS_LICENCE: "成立", DocType.FLEXIBLE_CERTIFICATE: "就业起始",
}


@trainee_rule("employment_before_training", severity="warning", citation="employment")
def employment_before_training(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """合同、营业执照、灵活就业的起始时间不早于开班"""
    start = case.fact("start_date")
    if not isinstance(start, date) or dossier.route is EmploymentType.NONE:
        return
    for paper in dossier.of(*_BEGIN_WORDS):
        reading = _begins(dossier, paper)
        if reading is None or not _before(str(reading.value), start):
            continue
        if not certain(case, reading) and not (case.sure(reading) and reading.confidence >= _PRINTED):
            continue
        word = _BEGIN_WORDS[paper.document.type]
        since = str(reading.value).split("/")[0]
        yield Finding(
            f"的{DOC_TYPES[paper.document.type]}（{pages_text([reading.page])}）{word}于{since}，早于开班日期{start}，"
            "请核对是否培训前已就业",
            pages=(reading.page,),
            boxes=spot(reading),
            document=paper.document.id,
            expected=str(start),
            found=since,
        )


def _begins(dossier: Dossier, paper: Paper) -> Reading | None:
    """When the employment that a paper shows began; a licence counts where it is the trainee's own."""
    kind = paper.document.type
    if kind is DocType.LABOUR_CONTRACT:
        return paper.reading("contract_start")
    if kind is DocType.FLEXIBLE_CERTIFICATE:
        return paper.reading("period")
    own = dossier.route is EmploymentType.SELF_EMPLOYED and paper.evidence.name == "yes"
    return paper.reading("established") if own else None


def _before(value: str, start: date) -> bool:
    """Whether an ISO day, month or period begins before a day; a month only where it ends before it."""
    since = value.split("/")[0]
    return bool(re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", since)) and since < str(start)[: len(since)]


@trainee_rule("phone_shared", severity="warning", citation="headcount", uses=("trainee.shared_phone",))
def phone_shared(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """一个电话只登记给一名学员，学员与法定代表人的电话不相同"""
    person = dossier.person
    phone = _digits(person.phone)
    sharing = [
        other for other in case.roster.rows
        if len(phone) >= _PHONE and _digits(other.phone) == phone
        and (other.row == person.row or normal_id(other.id_number) != normal_id(person.id_number))
    ]
    if len(sharing) >= case.policy.trainee.shared_phone:
        others = "、".join(f"{other.name}（第{other.row}行）" for other in sharing if other.row != person.row)
        yield Finding(f"的电话{phone}与{others}相同，请核对", found=phone, expected=None)
        return
    for paper in dossier.of(DocType.FLEXIBLE_CERTIFICATE):
        yield from _same_as_head(case, dossier, paper, phone)


def _same_as_head(case: Case, dossier: Dossier, paper: Paper, phone: str) -> Iterator[Finding]:
    head, own = paper.document.fields.get("legal_representative_phone"), paper.reading("phone")
    if head is None or not certain(case, head):
        return
    names = (paper.document.fields.get(key) for key in ("legal_representative", "operator"))
    if any(one is not None and squeezed(str(one.value)) == squeezed(dossier.person.name) for one in names):
        return                          # who heads the unit has one phone
    shown = _digits(str(own.value)) if own is not None and certain(case, own) and own.box != head.box else ""
    number = _digits(str(head.value))
    if number and number in (phone, shown):
        yield Finding(
            f"的电话{number}与灵活就业证明（{pages_text([head.page])}）上法定代表人的电话相同，请核对",
            pages=(head.page,),
            boxes=(*spot(head), *(spot(own) if shown else ())),
            document=paper.document.id,
            found=number,
        )


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


RULES: tuple[TraineeRule, ...] = (trainee_age, employment_before_training, phone_shared)
