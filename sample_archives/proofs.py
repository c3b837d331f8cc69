"""The employment proof of every trainee by his route, as data without faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from .calendar_cn import add_months, days_of, month_of, shift_month, term_end, workdays
from .case import (
    AttendanceRow,
    BusinessLicence,
    ClassInfo,
    Firm,
    FlexibleCertificate,
    FlexibleRow,
    Form,
    LabourContract,
    OrderAgreement,
    Payroll,
    PayRow,
    Person,
    PremisesProof,
    SignedBy,
    Trainee,
    WorkAttendance,
)
from .people import Invent

Block = list[tuple[Form, str]]
CENT = Decimal("0.01")

CONTRACT_TITLES = ("劳动合同", "劳动合同书", "劳动合同（通用）", "简易劳动合同", "劳动合同书")
PAYROLL_TITLES = ("工资表", "工资发放表", "工资明细表", "职工工资表", "工资结算表", "员工工资表")
ATTENDANCE_TITLES = ("考勤表", "职工考勤表", "员工考勤表", "出勤登记表", "月考勤表")
CERTIFICATE_TITLES = ("灵活就业证明", "就业证明", "灵活就业人员就业证明", "务工证明", "从业证明")
PREMISES_TITLES = {
    "lease": ("房屋租赁合同", "租房协议", "门面房租赁协议"),
    "use": ("营业场地证明", "经营场所证明", "场地使用证明"),
    "free": ("场地无偿使用证明", "无偿使用证明"),
}
SYMBOLS = (
    {"work": "√", "rest": "休", "personal": "事", "sick": "病", "absent": "×", "half": "半"},
    {"work": "√", "rest": "○", "personal": "△", "sick": "☆", "absent": "×", "half": "▲"},
    {"work": "1", "rest": "", "personal": "事", "sick": "病", "absent": "0", "half": "0.5"},
    {"work": "/", "rest": "休", "personal": "△", "sick": "○", "absent": "×", "half": "半"},
    {"work": "√", "rest": "/", "personal": "○", "sick": "+", "absent": "×", "half": "V"},
    {"work": "8", "rest": "休", "personal": "S", "sick": "B", "absent": "K", "half": "4"},
)


@dataclass
class Unit:
    """One employer's habits: coworkers, forms, who signs; and what each worker did in each month."""

    firm: Firm
    rng: random.Random
    coworkers: tuple[Person, ...]
    bookkeeper: str
    keeper: str
    pay_look: int
    with_id: bool
    attendance_id: bool
    symbols: dict[str, str]
    rest_days: int
    worked: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def marks(self, person: Person, month: str, since: date | None) -> tuple[str, ...]:
        key = (person.id_number, month)
        if key not in self.worked:
            on = set(workdays(month, since, self.rest_days))
            out = []
            for day in days_of(month):
                if since and day < since:
                    out.append("")
                elif day not in on:
                    out.append("rest")
                else:
                    slip = self.rng.random()
                    out.append("personal" if slip < 0.015 else "sick" if slip < 0.022 else "work")
            self.worked[key] = tuple(out)
        return self.worked[key]


def unit(rng: random.Random, invent: Invent, firm: Firm, rest_days: int, few: bool = False) -> Unit:
    others = rng.randint(0, 1) if few else rng.choice((2, 3, 5, 8, 12))
    return Unit(
        firm,
        rng,
        tuple(invent.person() for _ in range(others)),
        invent.name("女"),
        invent.name("男"),
        rng.randrange(1000),
        rng.random() < 0.5,
        rng.random() < 0.25,
        rng.choice(SYMBOLS),
        rest_days,
    )


# --- single papers ---------------------------------------------------------------------------------


def contract(rng: random.Random, firm: Firm, trainee: Trainee, look: int) -> LabourContract:
    assert trainee.employed_from and trainee.income
    months = rng.choice((6, 12, 12, 12, 24, 36, 0))
    start = trainee.employed_from
    names = {
        6: ("6个月", "陆个月", "半年"),
        12: ("12个月", "壹年", "一年", "1年"),
        24: ("24个月", "贰年", "2年"),
        36: ("36个月", "叁年", "3年"),
    }
    stated = rng.choice(names[months]) if months and rng.random() < 0.4 else None
    probation = None
    if months >= 12 and rng.random() < 0.4:
        probation = term_end(start, 1)
    chooser = random.Random(look)
    signed: SignedBy = rng.choice(("signature", "signature", "signature+fingerprint", "fingerprint"))
    return LabourContract(
        title=chooser.choice(CONTRACT_TITLES),
        look=look,
        employer=firm.name,
        credit_code=firm.credit_code if chooser.random() < 0.7 else None,
        legal_representative=firm.legal_representative,
        employer_phone=firm.phone if chooser.random() < 0.6 else None,
        employer_address=firm.address,
        seal_number=firm.seal_number,
        employee=trainee.person,
        start=start,
        end=term_end(start, months) if months else None,
        months_stated=stated,
        probation_end=probation,
        position=trainee.job,
        place=chooser.choice((firm.address, "文水县", "公司厂区内")),
        wage=trainee.income,
        pay_day=chooser.choice((5, 10, 15, 20)),
        sign_date=start - timedelta(days=rng.choice((0, 0, 1, 3))),
        signed=signed,
        sealed=True,
        representative_seal=rng.random() < 0.5,
    )


def pay_row(
    rng: random.Random, maker: Unit, person: Person, month: str, wage: int, since: date | None, share: float = 1.0
) -> PayRow:
    """A month's pay. `share` under 1 pays less than the contract (a fault)."""
    marks = maker.marks(person, month, since)
    days = Decimal(sum(mark == "work" for mark in marks))
    calendar_days = [day for day in days_of(month) if since is None or day >= since]
    all_work = len(workdays(month, None, maker.rest_days))
    part = max(
        len(calendar_days) / len(days_of(month)), len(workdays(month, since, maker.rest_days)) / max(1, all_work)
    )
    full = Decimal(wage) * Decimal(str(round(share, 2)))
    target = full * Decimal(part)
    target = (target / 10).to_integral_value(rounding="ROUND_CEILING") * 10
    style = maker.pay_look % 3
    base = target if style == 0 else (target * Decimal("0.7") / 10).to_integral_value() * 10
    performance = target - base
    overtime = Decimal(rng.choice((0, 0, 0, 60, 100, 150))) if share == 1 else Decimal(0)
    allowance = Decimal(rng.choice((0, 0, 50, 100, 200))) if share == 1 else Decimal(0)
    gross = base + performance + overtime + allowance
    insured = maker.pay_look % 2 == 0
    pension = (gross * Decimal("0.08")).quantize(CENT) if insured else Decimal("0.00")
    medical = (gross * Decimal("0.02")).quantize(CENT) if insured else Decimal("0.00")
    unemployment = (gross * Decimal("0.003")).quantize(CENT) if insured else Decimal("0.00")
    tax = Decimal(0)
    net = gross - pension - medical - unemployment - tax
    return PayRow(
        person,
        days,
        base.quantize(CENT),
        performance.quantize(CENT),
        overtime.quantize(CENT),
        allowance.quantize(CENT),
        gross.quantize(CENT),
        pension,
        medical,
        unemployment,
        tax.quantize(CENT),
        net.quantize(CENT),
        signed=True,
    )


def payroll(rng: random.Random, maker: Unit, month: str, people: list[tuple[Person, int, date | None]]) -> Payroll:
    chooser = random.Random(maker.pay_look)
    rows = [pay_row(rng, maker, person, month, wage, since) for person, wage, since in people]
    return Payroll(
        title=chooser.choice(PAYROLL_TITLES),
        look=maker.pay_look,
        employer=maker.firm.name,
        month=month,
        rows=tuple(rows),
        with_id=maker.with_id,
        preparer=maker.bookkeeper,
        reviewer=maker.firm.legal_representative,
        sealed=chooser.random() < 0.8,
        seal_number=maker.firm.seal_number,
    )


def attendance(maker: Unit, month: str, people: list[tuple[Person, int, date | None]]) -> WorkAttendance:
    chooser = random.Random(maker.pay_look + 7)
    rows = []
    for person, _, since in people:
        marks = maker.marks(person, month, since)
        rows.append(AttendanceRow(person, marks, Decimal(sum(mark == "work" for mark in marks))))
    return WorkAttendance(
        title=chooser.choice(ATTENDANCE_TITLES),
        look=maker.pay_look + 7,
        employer=maker.firm.name,
        month=month,
        rows=tuple(rows),
        symbols=maker.symbols,
        with_legend=chooser.random() < 0.75,
        with_id=maker.attendance_id,
        keeper=maker.keeper,
        reviewer=maker.firm.legal_representative,
        sealed=chooser.random() < 0.6,
        seal_number=maker.firm.seal_number,
    )


def licence(rng: random.Random, firm: Firm, operator: Person | None = None) -> BusinessLicence:
    issued = firm.established if rng.random() < 0.6 else firm.established + timedelta(days=rng.randint(40, 200))
    return BusinessLicence(
        title="营业执照",
        look=rng.randrange(1000),
        firm=firm,
        name_blank=bool(operator) and firm.kind == "individual" and rng.random() < 0.15,
        operator=operator,
        original=rng.random() < 0.5,
        issued_on=issued,
    )


def premises(rng: random.Random, invent: Invent, firm: Firm, trainee: Trainee) -> PremisesProof:
    kinds: tuple[Literal["lease", "use", "free"], ...] = ("lease", "use", "free")
    kind = rng.choice(kinds)
    assert trainee.employed_from
    start = firm.established - timedelta(days=rng.randint(5, 40))
    village = firm.address.split("县")[-1][:3]
    unit_owner = kind == "use" or rng.random() < 0.2
    owner = (
        f"文水县{village}{rng.choice(('社区居民委员会', '村民委员会', '商贸市场管理处'))}"
        if unit_owner
        else invent.name(rng.choice(("男", "女")))
    )
    return PremisesProof(
        title=rng.choice(PREMISES_TITLES[kind]),
        look=rng.randrange(1000),
        kind=kind,
        operator=trainee.person,
        owner=owner,
        owner_is_unit=unit_owner,
        business=firm.name,
        address=firm.address,
        area=rng.choice((20, 30, 45, 60, 80, 120)),
        start=start,
        end=term_end(start, rng.choice((12, 24, 36))),
        rent_yearly=rng.choice((6000, 8000, 12000, 15000, 20000)) if kind == "lease" else None,
        sign_date=start,
        sealed=unit_owner,
        seal_number=f"1411210{rng.randrange(10**6):06d}",
    )


def certificate(
    rng: random.Random, info: ClassInfo, firm: Firm, members: list[Trainee], as_list: bool, look: int
) -> FlexibleCertificate:
    rows = []
    for member in members:
        assert member.employed_from and member.income
        signed: SignedBy = rng.choice(("signature", "signature", "fingerprint", "signature+fingerprint"))
        until = add_months(member.employed_from, 12) if rng.random() < 0.2 else None
        rows.append(FlexibleRow(member.person, member.employed_from, until, member.income, member.person.phone, signed))
    issued = info.application_date - timedelta(days=rng.randint(10, 50))
    chooser = random.Random(look)
    return FlexibleCertificate(
        title=chooser.choice(CERTIFICATE_TITLES),
        look=look,
        issuer=firm.name,
        issuer_in_text=as_list or chooser.random() < 0.8,
        legal_representative=firm.legal_representative,
        legal_representative_phone=firm.phone,
        legal_title="经营者"
        if firm.kind == "individual" and chooser.random() < 0.5
        else chooser.choice(("法定代表人", "负责人", "法人")),
        job=members[0].job,
        rows=tuple(rows),
        as_list=as_list,
        issued_on=issued,
        sealed=True,
        seal_number=firm.seal_number,
    )


# --- the block -------------------------------------------------------------------------------------


def needed_months(info: ClassInfo, since: date, rng: random.Random | None = None) -> tuple[str, str]:
    """First month and the latest one that counts: the month before the review's."""
    first = month_of(since)
    latest = shift_month(month_of(info.as_of), -1)
    return first, latest


def block(
    rng: random.Random,
    invent: Invent,
    info: ClassInfo,
    trainees: list[Trainee],
    firms: dict[int, Firm],
    by_person: bool | None,
    order_extras: bool,
    rest_days: int,
) -> Block:
    """All employment proof with the packet each paper belongs to, in binder order."""
    by_person = rng.random() < 0.4 if by_person is None else by_person
    packets: list[tuple[int, Block]] = []
    routes: dict[str, dict[str, list[Trainee]]] = {}
    met: set[str] = set()
    for trainee in trainees:
        if trainee.route != "none" and trainee.person.id_number not in met:
            met.add(trainee.person.id_number)
            routes.setdefault(trainee.route, {}).setdefault(trainee.employer, []).append(trainee)
    for members in routes.get("enterprise", {}).values():
        maker = unit(rng, invent, firms[members[0].row], rest_days, few=by_person)
        packets += enterprise(rng, info, maker, members, by_person)
    for members in routes.get("flexible", {}).values():
        packets += flexible(rng, info, firms[members[0].row], members, by_person)
    for members in routes.get("self_employed", {}).values():
        for trainee in members:
            firm = firms[trainee.row]
            packets.append(
                (
                    trainee.row,
                    [
                        (licence(rng, firm, trainee.person), trainee.person.name),
                        (premises(rng, invent, firm, trainee), trainee.person.name),
                    ],
                )
            )
    for members in routes.get("order", {}).values():
        packets.append((0, order(rng, info, firms[members[0].row], members, order_extras)))
    if by_person:
        packets.sort(key=lambda packet: packet[0])
    return [item for _, packet in packets for item in packet]


def enterprise(
    rng: random.Random, info: ClassInfo, maker: Unit, members: list[Trainee], by_person: bool
) -> list[tuple[int, Block]]:
    look = rng.randrange(1000)
    contracts = {t.row: contract(rng, maker.firm, t, look) for t in members}

    def months(of: list[Trainee]) -> list[str]:
        wanted: set[str] = set()
        for t in of:
            assert t.employed_from
            wanted.update(needed_months(info, t.employed_from))
        return sorted(wanted)

    def staff(of: list[Trainee], month: str, others: bool) -> list[tuple[Person, int, date | None]]:
        people: list[tuple[Person, int, date | None]] = []
        for t in of:
            assert t.employed_from and t.income
            if month_of(t.employed_from) <= month:
                since = t.employed_from if month_of(t.employed_from) == month else None
                people.append((t.person, t.income, since))
        if others:
            people += [(p, 2200 + 100 * (i % 9), None) for i, p in enumerate(maker.coworkers)]
            random.Random(maker.pay_look).shuffle(people)
        return people

    if by_person:
        out = []
        for t in members:
            papers: Block = [(contracts[t.row], t.person.name)]
            papers += [(payroll(rng, maker, m, staff([t], m, False)), t.person.name) for m in months([t])]
            papers += [(attendance(maker, m, staff([t], m, False)), t.person.name) for m in months([t])]
            out.append((t.row, papers))
        return out
    name = maker.firm.name
    shared: Block = [(contracts[t.row], name) for t in members]
    paid: Block = [(payroll(rng, maker, m, staff(members, m, True)), name) for m in months(members)]
    came: Block = [(attendance(maker, m, staff(members, m, True)), name) for m in months(members)]
    if rng.random() < 0.4:
        pairs = [item for pair in zip(paid, came, strict=True) for item in pair]
        return [(members[0].row, shared + pairs)]
    return [(members[0].row, shared + paid + came)]


def flexible(
    rng: random.Random, info: ClassInfo, firm: Firm, members: list[Trainee], by_person: bool
) -> list[tuple[int, Block]]:
    look = rng.randrange(1000)
    paper = licence(rng, firm)
    if len(members) > 1 and rng.random() < 0.5:
        listed = certificate(rng, info, firm, members, True, look)
        return [(members[0].row, [(listed, firm.name), (paper, firm.name)])]
    out: Block = []
    key = members[0].person.name if len(members) == 1 and by_person else firm.name
    for member in members:
        out.append((certificate(rng, info, firm, [member], False, look), key))
    out.insert(rng.choice((0, len(out))), (paper, key))
    return [(members[0].row, out)]


def order(rng: random.Random, info: ClassInfo, firm: Firm, members: list[Trainee], extras: bool) -> Block:
    agreement = OrderAgreement(
        title=rng.choice(("订单式培训协议", "订单式培训协议书", "定单式培训就业协议", "订单培训三方协议")),
        look=rng.randrange(1000),
        info=info,
        firm=firm,
        persons=tuple(t.person for t in members),
        job=members[0].job,
        wage=members[0].income or 2600,
        sign_date=info.report_date - timedelta(days=4),
    )
    out: Block = [(agreement, firm.name)]
    if extras:
        look = rng.randrange(1000)
        out += [(contract(rng, firm, replace(t), look), firm.name) for t in members]
    return out
