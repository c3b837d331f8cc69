"""Labour contracts: the long general form, a two-page local one, a one-page one, and a table form."""

from __future__ import annotations

from sample_archives.calendar_cn import capitals, written
from sample_archives.case import LabourContract, SheetDrawing, Style
from sample_archives.flow import FOOTERS, Fill, Flow, Look, Segment
from sample_archives.tables import Cell, grid

from .common import day, pairs, personal_seal, seal, sign_as, signature, spaced
from .contract_text import CLAUSES, DUTIES, NOTICE


def draw(form: LabourContract, style: Style) -> list[SheetDrawing]:
    layouts = (general, general, local, local, simple, tabular)
    return layouts[form.look % len(layouts)](form, style)


def _party_a(form: LabourContract, label: str = "甲方（用人单位）") -> list[tuple[str, Fill]]:
    items = [(label, Fill(form.employer, "employer", form.employer))]
    if form.credit_code:
        items.append(("统一社会信用代码", Fill(form.credit_code, "credit_code", form.credit_code)))
    items.append(
        ("法定代表人（主要负责人）", Fill(form.legal_representative, "legal_representative", form.legal_representative))
    )
    items.append(("注册地址", Fill(form.employer_address)))
    if form.employer_phone:
        items.append(("联系电话", Fill(form.employer_phone)))
    return items


def _party_b(form: LabourContract, label: str = "乙方（劳动者）", long: bool = True) -> list[tuple[str, Fill]]:
    who = form.employee
    items = [
        (label, Fill(who.name, "employee", who.name, who)),
        ("居民身份证号码" if long else "身份证号", Fill(who.id_number, "id_number", who.id_number, who)),
        ("户籍地址" if long else "住址", Fill(who.address)),
        ("联系电话", Fill(who.phone, "phone", who.phone, who)),
    ]
    return items


def _term(form: LabourContract) -> list[Segment]:
    start = day(form.start, "contract_start", form.employee)
    if form.end is None:
        return ["自", start, "起至法定的解除或终止劳动合同条件出现时止"]
    parts: list[Segment] = ["自", start, "起至", day(form.end, "contract_end", form.employee), "止"]
    return parts


def _probation(form: LabourContract) -> list[Segment]:
    if form.probation_end is None:
        return []
    return ["其中，试用期自", day(form.start), "起至", day(form.probation_end), "止。"]


def _wage(form: LabourContract) -> Fill:
    return Fill(str(form.wage), "wage", f"{form.wage}.00", form.employee, least=16)


def general(form: LabourContract, style: Style) -> list[SheetDrawing]:
    """The general form: cover, notice, parties, articles, signatures; four to seven sheets."""
    look = Look(form, style)
    flow = Flow(style, look)
    canvas = flow.canvas
    if look.variant % 2:
        canvas.text(150, 34, f"编号：{style.rng.randrange(10**6):06d}", 11, look.body)
    flow.y = 78
    flow.heading(form.title, 30, spread=6, gap=26)
    flow.y = 150
    pairs(
        flow,
        [
            ("甲方（用人单位）", Fill(form.employer)),
            ("乙方（劳动者）", Fill(form.employee.name)),
            ("签订日期", Fill(written(form.sign_date))),
        ],
        indent=22,
    )
    canvas.centred(
        105,
        258,
        look.pick(("山西省人力资源和社会保障厅监制", "人力资源和社会保障局监制", "文水县劳动合同示范文本")),
        13,
        look.body,
    )
    flow.new_sheet()
    flow.heading("注 意 事 项", 18, gap=8)
    for text in NOTICE:
        flow.para(text)
    if look.variant % 4 < 2:
        flow.new_sheet()
    else:
        flow.space(10)
    flow.para(
        "甲乙双方根据《中华人民共和国劳动法》《中华人民共和国劳动合同法》等法律法规政策规定，在平等自愿、协商一致的"
        "基础上，订立本合同。"
    )
    pairs(flow, _party_a(form))
    flow.space(4)
    pairs(flow, _party_b(form))
    flow.space(3)
    number = _Articles(flow)
    number.chapter("劳动合同期限")
    kind = "2" if form.end is None else "1"
    number.article(
        ["甲乙双方自用工之日起建立劳动关系，双方约定按下列第", Fill(kind, least=8), "种方式确定劳动合同期限："]
    )
    if form.end is None:
        flow.para("1. 固定期限：自", Fill("", least=24), "起至", Fill("", least=24), "止。")
        flow.para("2. 无固定期限：", *_term(form), "。", *_probation(form))
    else:
        stated: list[Segment] = []
        if form.months_stated:
            stated = ["（合同期限", Fill(form.months_stated), "）"]
        flow.para("1. 固定期限：", *_term(form), *stated, "。", *_probation(form))
        flow.para("2. 无固定期限：自", Fill("", least=24), "起至依法解除、终止劳动合同时止。")
    flow.para("3. 以完成一定工作任务为期限：自", Fill("", least=24), "起至工作任务完成时止。")
    number.chapter("工作内容和工作地点")
    number.article(
        [
            "乙方工作岗位是",
            Fill(form.position, "position_title", form.position, form.employee, 26),
            "。乙方的工作地点为",
            Fill(form.place, least=30),
            "。",
        ]
    )
    for text in DUTIES:
        number.article([text])
    number.chapter("劳动报酬")
    number.article(
        [
            "甲方采用以下第",
            Fill("1", least=8),
            "种形式向乙方以货币形式支付工资，于每月",
            Fill(str(form.pay_day), least=8),
            "日前足额支付：",
        ]
    )
    flow.para("1. 月工资", _wage(form), "元。")
    flow.para("2. 计件工资。计件单价为", Fill("/", least=18), "。")
    flow.para("3. 基本工资和绩效工资相结合的工资分配办法，乙方月基本工资", Fill("/", least=16), "元。")
    for title, articles in CLAUSES:
        number.chapter(title)
        for text in articles:
            number.article([text])
    flow.need(62)
    flow.space(10)
    _signatures(form, flow)
    flow.footers(FOOTERS[look.variant % len(FOOTERS)])
    return flow.drawings()


class _Articles:
    """Counts chapters and articles."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.chapters = 0
        self.articles = 0

    def chapter(self, title: str) -> None:
        self.chapters += 1
        numeral = (
            "一二三四五六七八九十"[min(9, self.chapters - 1)]
            if self.chapters <= 10
            else ("十" + "一二三四五"[self.chapters - 11])
        )
        self.flow.need(20)
        self.flow.space(2)
        self.flow.para(f"{numeral}、{title}", indent=0, size=self.flow.look.size + 1.5, face=self.flow.look.head)

    def article(self, segments: list[Segment]) -> None:
        self.articles += 1
        tens, ones = divmod(self.articles, 10)
        digits = "零一二三四五六七八九"
        text = ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
        self.flow.para(f"第{text}条 ", *segments)


def _signatures(form: LabourContract, flow: Flow, height: float = 46.0) -> None:
    """Both parties side by side: seal left, employee right, dates below."""
    flow.need(height)
    canvas, look = flow.canvas, flow.look
    size, left, right = look.size, flow.left + 2, flow.left + flow.width * 0.56
    y = flow.y + 8
    canvas.text(left, y, look.pick(("甲方（盖章）：", "甲方（公章）：", "甲方：（盖章）")), size, look.body)
    canvas.text(right, y, look.pick(("乙方（签字）：", "乙方（签名）：", "乙方：（签字）")), size, look.body)
    box = canvas.text(
        left,
        y + 13,
        look.pick(("法定代表人（签字或盖章）：", "法定代表人或委托代理人：", "代表人签字：")),
        size,
        look.body,
    )
    signed_x = min(box[2] + 1, left + 46)
    if form.representative_seal:
        personal_seal(canvas, signed_x + 10, y + 11, form.legal_representative, "employer")
    elif style_says(flow, 0.7):
        signature(canvas, signed_x, y + 13, form.legal_representative, "employer", 15)
    date_text = spaced(form.sign_date, look)
    for x in (left, right):
        width = canvas.fill_width(date_text, size, look.pen)
        drawn = canvas.fill(x + 10, y + 27, date_text, size, look.pen)
        if x == right and width:
            canvas.field("sign_date", form.sign_date.isoformat(), drawn, form.employee)
    if form.sealed:
        seal(canvas, left + 38, y + 8, form.employer, form.seal_number, "employer")
    sign_as(canvas, right + 30, y + 1, form.employee.name, form.signed, "employee")
    flow.y += height


def style_says(flow: Flow, share: float) -> bool:
    return flow.style.rng.random() < share


def local(form: LabourContract, style: Style) -> list[SheetDrawing]:
    """A county's own text: parties in a block, ten numbered articles, about two sheets."""
    look = Look(form, style, by_hand=0.6)
    flow = Flow(style, look, left=27, right=25)
    flow.heading(form.title, 22, spread=4, gap=5)
    per = 1 if look.variant % 3 else 2
    pairs(flow, _party_a(form, "甲方（单位）"), per_line=per)
    pairs(flow, _party_b(form, "乙方（职工）", long=False), per_line=per)
    flow.space(2)
    flow.para("根据《中华人民共和国劳动合同法》及有关规定，甲乙双方在平等自愿、协商一致的基础上签订本合同，共同遵守。")
    stated: list[Segment] = [Fill(form.months_stated), "，"] if form.months_stated else []
    flow.para("一、合同期限：", *stated, *_term(form), "。", *_probation(form))
    flow.para(
        "二、工作岗位：乙方在甲方从事",
        Fill(form.position, "position_title", form.position, form.employee),
        "工作，工作地点：",
        Fill(form.place),
        "。",
    )
    capital: list[Segment] = ["（大写：", Fill(capitals(form.wage)), "）"] if look.variant % 2 else []
    flow.para(
        "三、劳动报酬：乙方月工资为人民币",
        _wage(form),
        "元",
        *capital,
        "，甲方于每月",
        Fill(str(form.pay_day)),
        "日前以货币形式支付，不得拖欠。",
    )
    numerals = "四五六七八九十"
    for numeral, (title, texts) in zip(numerals, CLAUSES, strict=False):
        count = 2 if look.variant % 5 else 1
        flow.para(f"{numeral}、{title}：", "".join(texts[:count]))
    flow.para("本合同一式两份，甲乙双方各执一份，签字盖章后生效。")
    flow.space(6)
    _signatures(form, flow)
    flow.footers(FOOTERS[look.variant % len(FOOTERS)])
    return flow.drawings()


def simple(form: LabourContract, style: Style) -> list[SheetDrawing]:
    """One sheet of plain sentences."""
    look = Look(form, style, by_hand=0.6)
    flow = Flow(style, look, left=28, right=26, top=30)
    who = form.employee
    flow.heading(form.title, 22, spread=3, gap=8)
    flow.para("甲方：", Fill(form.employer, "employer", form.employer, underline=False), indent=0)
    line: list[Segment] = [
        "法定代表人：",
        Fill(form.legal_representative, "legal_representative", form.legal_representative, underline=False),
    ]
    if form.employer_phone:
        line += ["    电话：", Fill(form.employer_phone, underline=False)]
    flow.para(*line, indent=0)
    if form.credit_code:
        flow.para(
            "统一社会信用代码：", Fill(form.credit_code, "credit_code", form.credit_code, underline=False), indent=0
        )
    flow.para(
        "乙方：",
        Fill(who.name, "employee", who.name, who, underline=False),
        f"    性别：{who.gender}    身份证号：",
        Fill(who.id_number, "id_number", who.id_number, who, underline=False),
        indent=0,
    )
    flow.para(
        "住址：",
        Fill(who.address, underline=False),
        "    联系电话：",
        Fill(who.phone, "phone", who.phone, who, underline=False),
        indent=0,
    )
    flow.space(3)
    flow.para("甲、乙双方经平等协商，自愿签订本劳动合同：")
    stated: list[Segment] = ["为", Fill(form.months_stated), "，"] if form.months_stated else ["："]
    flow.para("1、劳动合同期限", *stated, *_term(form), "。", *_probation(form))
    flow.para(
        "2、乙方同意在", Fill(form.position, "position_title", form.position, who), "岗位工作，服从甲方工作安排。"
    )
    flow.para("3、乙方月工资", _wage(form), "元，每月", Fill(str(form.pay_day)), "日发放上月工资。")
    flow.para("4、甲方实行每周工作六天、每天工作不超过八小时的工作制，法定节假日按国家规定执行。")
    flow.para("5、甲方按国家规定为乙方办理社会保险，提供必要的劳动保护用品和安全生产条件。")
    flow.para("6、乙方应遵守甲方规章制度，服从管理，爱护公物，安全生产。")
    flow.para("7、任何一方解除合同，应提前三十日书面通知对方。发生争议，协商解决，协商不成的依法申请仲裁。")
    flow.para("8、本合同一式两份，双方各执一份，自签订之日起生效。")
    flow.space(10)
    _signatures(form, flow)
    return flow.drawings()


def tabular(form: LabourContract, style: Style) -> list[SheetDrawing]:
    """A ruled form with both parties' data, the terms in a big cell and a signing row."""
    look = Look(form, style, by_hand=0.5)
    flow = Flow(style, look, left=22, right=20)
    who = form.employee
    flow.heading(form.title, 20, spread=3, gap=4)
    height = 11.0
    label = _label
    rows = [
        (height, [label("用人单位\n（甲方）"), Cell(Fill(form.employer, "employer", form.employer), 3)]),
        (
            height,
            [
                label("法定代表人"),
                Cell(Fill(form.legal_representative, "legal_representative", form.legal_representative)),
                label("单位电话"),
                Cell(Fill(form.employer_phone or "")),
            ],
        ),
    ]
    if form.credit_code:
        rows.append(
            (height, [label("统一社会\n信用代码"), Cell(Fill(form.credit_code, "credit_code", form.credit_code), 3)])
        )
    rows += [
        (height, [label("单位地址"), Cell(Fill(form.employer_address), 3)]),
        (
            height,
            [
                label("劳动者姓名\n（乙方）"),
                Cell(Fill(who.name, "employee", who.name, who)),
                label("性别"),
                Cell(Fill(who.gender)),
            ],
        ),
        (
            height,
            [
                label("身份证号码"),
                Cell(Fill(who.id_number, "id_number", who.id_number, who)),
                label("联系电话"),
                Cell(Fill(who.phone, "phone", who.phone, who)),
            ],
        ),
        (height, [label("家庭住址"), Cell(Fill(who.address), 3)]),
        (
            height,
            [
                label("工作岗位"),
                Cell(Fill(form.position, "position_title", form.position, who)),
                label("月工资"),
                Cell(Fill(f"{form.wage}元", "wage", f"{form.wage}.00", who)),
            ],
        ),
    ]
    end = Fill(written(form.end), "contract_end", form.end.isoformat(), who) if form.end else Fill("无固定期限")
    rows.append(
        (
            height,
            [
                label("合同起始日期"),
                Cell(Fill(written(form.start), "contract_start", form.start.isoformat(), who)),
                label("合同终止日期"),
                Cell(end),
            ],
        )
    )
    if form.months_stated or form.probation_end:
        rows.append(
            (
                height,
                [
                    label("合同期限"),
                    Cell(Fill(form.months_stated or "")),
                    label("试用期至"),
                    Cell(Fill(written(form.probation_end) if form.probation_end else "无")),
                ],
            )
        )
    grid(flow, (1.0, 2.0, 0.9, 1.6), rows, size=look.size)
    top = flow.y
    flow.space(3)
    flow.left, flow.right = flow.left + 4, flow.right + 4
    for i, (title, texts) in enumerate(CLAUSES[: 5 + look.variant % 2]):
        flow.para(f"{i + 1}、{title}：{texts[0]}", size=10.5, leading=1.4, indent=1)
    flow.left, flow.right = flow.left - 4, flow.right - 4
    flow.space(3)
    bottom = flow.y
    if bottom > top:
        flow.canvas.rect(flow.left, top, flow.left + flow.width, bottom, 0.25)
    start = flow.y
    _signatures(form, flow, 44)
    if flow.y > start:
        flow.canvas.rect(flow.left, start, flow.left + flow.width, flow.y, 0.25)
    return flow.drawings()


def _label(text: str) -> Cell:
    return Cell(text, label=True)
