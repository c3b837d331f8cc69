"""A whole class binder without faults: the persons, their routes, and all papers in order."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from . import papers, proofs
from .calendar_cn import add_months
from .case import ClassInfo, Firm, Form, Person, Route, Trainee
from .people import Invent, age_at, aged, credit_code

OCCUPATIONS = (
    ("中式面点师", "初级（五级）", ("面点工", "面案师傅", "厨房帮工")),
    ("中式烹调师", "初级（五级）", ("炒菜厨师", "切配工", "厨房帮工")),
    ("家政服务员", "专项能力", ("家政服务员", "保洁员", "月嫂")),
    ("育婴员", "初级（五级）", ("育婴员", "月嫂", "保育员")),
    ("养老护理员", "初级（五级）", ("护理员", "护工", "楼层管理员")),
    ("电工", "初级（五级）", ("电工", "维修工", "设备操作工")),
    ("焊工", "初级（五级）", ("焊工", "装配工", "操作工")),
    ("缝纫工", "专项能力", ("缝纫工", "裁剪工", "质检员")),
    ("保育员", "初级（五级）", ("保育员", "生活老师", "保洁员")),
    ("美发师", "初级（五级）", ("美发师", "美发助理", "前台")),
    ("电子商务师", "初级（五级）", ("网店客服", "运营专员", "仓库打包员")),
)
YOUNGEST = 16
RETIRED = {"男": 60, "女": 55}  # the last year of life that is let in
SCHOOLS = (
    "文水县启航职业培训学校",
    "文水县博才职业技能培训学校",
    "吕梁市众创职业培训学校",
    "文水县德胜职业培训中心",
    "文水县育英职业培训学校",
    "山西晋匠职业技能培训学校",
    "文水县金桥职业培训学校",
)


@dataclass(frozen=True)
class CatalogueFault:
    """A line of the catalogue and the binder disagree; texts are title and range."""

    title: str
    expected: str | None
    found: str | None


@dataclass
class Case:
    """A binder as data. Faults change the lists; the drawing and the truth are made from them.

    `trainees` is the roster file; the papers hold their own copies of the persons. `groups` gives,
    by the id of a form, the heading under which the catalogue lists it.
    """

    info: ClassInfo
    trainees: list[Trainee]
    forms: list[Form]
    blocks: dict[int, str] = field(default_factory=dict)  # id(form) -> packet key, employment block
    catalogue_by: str = "packet"  # packet | one | type
    displaced: dict[int, Form] = field(default_factory=dict)  # papers bound out of the order
    catalogue_faults: list[CatalogueFault] = field(default_factory=list)
    rest_days: int = 1
    needs_routes: bool = False  # the roster must carry the claimed routes
    invent: Invent | None = None

    def swap(self, old: Form, new: Form) -> None:
        """Put `new` in the place of `old`, in the same packet."""
        at = next(i for i, form in enumerate(self.forms) if form is old)
        self.forms[at] = new
        if id(old) in self.blocks:
            self.blocks[id(new)] = self.blocks.pop(id(old))
        if id(old) in self.displaced:
            del self.displaced[id(old)]
            self.displaced[id(new)] = new

    def drop(self, old: Form) -> None:
        """Take a paper out of the binder."""
        self.forms = [form for form in self.forms if form is not old]
        self.blocks.pop(id(old), None)

    def insert_after(self, form: Form, new: Form) -> None:
        """Bind a paper behind another, in its packet."""
        at = next(i for i, other in enumerate(self.forms) if other is form)
        self.forms.insert(at + 1, new)
        if id(form) in self.blocks:
            self.blocks[id(new)] = self.blocks[id(form)]


@dataclass(frozen=True)
class Wish:
    """What a binder is to be like."""

    trainees: int = 10
    kind: str = "general"  # general | order
    order_extras: bool = False  # contracts of the ordered trainees besides the agreement
    routes: tuple[Route, ...] = ()  # at least one trainee of each
    by_person: bool | None = None  # employment proof bound by person or by employer
    same_names: bool = False  # two trainees of one name
    duplicate: bool = False  # the last row repeats an earlier person
    failures: int | None = None  # trainees who failed; None: a few, under the limit
    days: int = 0  # training days, 0: chosen
    idle: int | None = None  # trainees who claim no employment; None likewise


def make(rng: random.Random, wish: Wish) -> Case:
    """A clean binder for `wish`, the same for the same random source."""
    invent = Invent(rng)
    info, jobs = _info(rng, invent, wish)
    trainees, firms = _trainees(rng, invent, info, jobs, wish)
    case = Case(info, trainees, [], invent=invent)
    case.rest_days = rng.choice((1, 1, 2))
    case.catalogue_by = rng.choice(("packet", "packet", "one", "type"))
    proof = proofs.block(rng, invent, info, trainees, firms, wish.by_person, wish.order_extras, case.rest_days)
    before, after = papers.around(rng, invent, info, trainees)
    case.forms = [*before, *(form for form, _ in proof), *after]
    case.blocks = {id(form): key for form, key in proof}
    return case


def _info(rng: random.Random, invent: Invent, wish: Wish) -> tuple[ClassInfo, tuple[str, ...]]:
    occupation, level, jobs = rng.choice(OCCUPATIONS)
    year = rng.choice((2022, 2023, 2023, 2024))
    start = date(year, rng.randint(3, 8), rng.randint(1, 28))
    while start.weekday() > 1:
        start += timedelta(days=1)
    count = wish.days or rng.choice((6, 7, 8, 9, 10))
    days: list[date] = []
    day = start
    while len(days) < count:
        if day.weekday() != 6:
            days.append(day)
        day += timedelta(days=1)
    notice = 15 if wish.kind == "order" else 7
    exam = days[-1]
    issue = exam + timedelta(days=rng.randint(10, 25))
    as_of = add_months(start, rng.randint(7, 9)).replace(day=rng.randint(12, 28))
    school = rng.choice(SCHOOLS)
    level = level if rng.random() < 0.8 else "培训合格"
    name = rng.choice(
        (
            f"{year}年第{rng.randint(2, 30)}期{occupation}班",
            f"{year}年{occupation}培训班（第{rng.randint(1, 12)}期）",
            f"{year}年度第{rng.randint(2, 20)}期{occupation}培训班",
        )
    )
    gender = rng.choice(("男", "女"))
    info = ClassInfo(
        name=name,
        institution=school,
        institution_code=credit_code(rng, "52141121"),
        principal=invent.name(gender),
        contact=invent.name("女"),
        contact_phone=invent.phone(),
        institution_address=f"文水县凤城镇{rng.choice(('大陵街', '文峰路', '则天大道'))}{rng.randint(2, 120)}号",
        institution_seal_number=f"1411210{rng.randrange(10**6):06d}",
        bureau="文水县人力资源和社会保障局",
        occupation=occupation,
        level=level,
        training_kind="order" if wish.kind == "order" else "general",
        report_date=start - timedelta(days=notice + rng.randint(0, 12)),
        start=start,
        end=days[-1],
        days=tuple(days),
        approved=wish.trainees,
        daily_subsidy=rng.choice((60, 80, 100, 150)),
        place=rng.choice((f"{school}一楼教室", f"{school}201教室", "下曲镇农民夜校", "南安镇党群服务中心")),
        teachers=(invent.name("女"), invent.name("男")),
        exam_date=exam,
        issue_date=issue,
        application_date=as_of - timedelta(days=rng.randint(0, min(9, as_of.day - 1))),
        as_of=as_of,
    )
    return info, jobs


def _routes(rng: random.Random, wish: Wish) -> list[Route]:
    count = wish.trainees
    allowed_none = max(0, count - -(-count * 8 // 10))
    idle = rng.randint(0, min(2, allowed_none)) if wish.idle is None else wish.idle
    routes: list[Route] = [*wish.routes, *["none"] * idle]  # type: ignore[list-item]
    while len(routes) < count:
        routes.append(
            "order" if wish.kind == "order" else rng.choices(("enterprise", "flexible", "self_employed"), (5, 3, 2))[0]
        )
    routes = routes[:count] if wish.idle is None else routes[-count:]
    rng.shuffle(routes)
    return routes


def _trainees(
    rng: random.Random, invent: Invent, info: ClassInfo, jobs: tuple[str, ...], wish: Wish
) -> tuple[list[Trainee], dict[int, Firm]]:
    routes = _routes(rng, wish)
    companies = [invent.firm("company") for _ in range(rng.choice((1, 2, 2, 3)))]
    shops = [invent.firm(rng.choice(("individual", "individual", "company"))) for _ in range(rng.choice((1, 2, 2, 3)))]
    buyer = invent.firm("company")
    failures = rng.randint(0, wish.trainees // 5) if wish.failures is None else wish.failures
    failed = set(rng.sample(range(wish.trainees), failures))
    serial = rng.randrange(2_000, 90_000)
    first_days: dict[str, date] = {}
    trainees: list[Trainee] = []
    firms: dict[int, Firm] = {}
    for i, route in enumerate(routes):
        person = _of_age(invent.person(row=i + 1), info.start)
        firm: Firm | None = None
        if route == "enterprise":
            firm = rng.choice(companies)
        elif route == "flexible":
            firm = rng.choice(shops)
        elif route == "order":
            firm = buyer
        elif route == "self_employed":
            kind = rng.choice(("individual", "individual", "individual", "company"))
            firm = invent.firm("company" if kind == "company" else "individual", owner=person)
            opened = info.end + timedelta(days=rng.randint(6, 60))
            firm = replace(firm, established=opened)
        since = None
        if firm:
            firms[i + 1] = firm
            usual = first_days.setdefault(firm.name, _first_day(rng, info))
            since = usual if rng.random() < 0.75 else _first_day(rng, info)
        passed = i not in failed
        theory, practice = (
            (rng.randint(61, 96), rng.randint(64, 97)) if passed else (rng.randint(31, 57), rng.randint(40, 58))
        )
        trainees.append(
            Trainee(
                person,
                route,
                firm.name if firm else "",
                rng.choice(jobs) if firm else "",
                passed,
                theory,
                practice,
                f"{info.issue_date.year}14112100{serial + i:05d}" if passed else "",
                f"{info.start.year}{info.start.month:02d}{i + 1:04d}",
                since,
                rng.randrange(20, 48) * 100 if firm else None,
            )
        )
    if wish.duplicate:
        _repeat_a_person(rng, trainees, firms)
    if wish.same_names and len(trainees) > 4:
        _make_namesakes(rng, trainees)
    return trainees, firms


def _first_day(rng: random.Random, info: ClassInfo) -> date:
    """Hired within some weeks after the class, at the latest two months before the review."""
    day = info.end + timedelta(days=rng.randint(3, 62))
    latest = add_months(info.as_of, -3)
    day = min(day, latest)
    first = day.replace(day=1) if rng.random() < 0.6 else day
    return first if first >= info.start else day


def _of_age(person: Person, start: date) -> Person:
    """A person whom the age limits let in: born some years later, where he would be too old."""
    if age_at(person.id_number, start) < RETIRED[person.gender] - 1:
        return person
    return replace(person, id_number=aged(person.id_number, 8))


def _repeat_a_person(rng: random.Random, trainees: list[Trainee], firms: dict[int, Firm]) -> None:
    """Put a person with a route on the roster a second time, in the last row."""
    last = trainees[-1]
    first = rng.choice([t for t in trainees[:-1] if t.route != "none"])
    trainees[-1] = replace(first, person=replace(first.person, row=last.row))
    firms[last.row] = firms[first.row]


def _make_namesakes(rng: random.Random, trainees: list[Trainee]) -> None:
    """Give two trainees of different units, told apart by ID number, the same name."""
    for one in trainees:
        for other in trainees:
            if (
                one.row < other.row
                and one.employer != other.employer
                and one.route != "none"
                and other.route not in ("none", "self_employed")
                and one.person.gender == other.person.gender
                and sum(t.person.id_number == other.person.id_number for t in trainees) == 1
            ):
                at = other.row - 1
                trainees[at] = replace(other, person=replace(other.person, name=one.person.name))
                return


def money(value: int | str | Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))
