"""Cards and official certificates: ID card copies, skill certificates, business licences."""

from __future__ import annotations

from sample_archives.calendar_cn import capitals, chinese, written
from sample_archives.canvas import BLACK, Canvas, Rect
from sample_archives.case import (
    BusinessLicence,
    CertificateCopy,
    IdCardCopy,
    Person,
    SheetDrawing,
    Style,
    Trainee,
)
from sample_archives.flow import Flow, Look

from .common import seal

GREY = (150, 152, 156)
GOLD = (168, 128, 60)


def _wrap(canvas: Canvas, text: str, size: float, look: Look, width: float) -> list[str]:
    out = [""]
    for char in text:
        if canvas.text_width(out[-1] + char, size, look.body) > width:
            out.append("")
        out[-1] += char
    return out


# --- ID cards ----------------------------------------------------------------------------------------


def id_card(form: IdCardCopy, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    flow = Flow(style, look)
    canvas = flow.canvas
    if look.variant % 3:
        flow.heading(form.title, 16, spread=2, gap=4)
    top = flow.y + 2
    for i, (person, valid) in enumerate(zip(form.persons, form.valid, strict=True)):
        if len(form.persons) == 1:
            _front(canvas, 62, top + 16, person, look)
            _back(canvas, 62, top + 88, valid, form.authority, look)
        else:
            y = top + i * 116
            if look.variant % 2:
                _front(canvas, 62, y, person, look)
                _back(canvas, 62, y + 57, valid, form.authority, look)
            else:
                _front(canvas, 16, y + 14, person, look)
                _back(canvas, 108, y + 14, valid, form.authority, look)
    if look.variant % 4 == 0:
        canvas.text(30, 280, "此复印件仅供职业技能培训使用", 12, look.body)
    return flow.drawings()


def _front(canvas: Canvas, x: float, y: float, person: Person, look: Look) -> None:
    canvas.shade(x, y, x + 85.6, y + 54, (236, 240, 243))
    canvas.rect(x, y, x + 85.6, y + 54, 0.2, GREY)
    small, face, tint = 8.5, look.body, (70, 90, 120)
    for label, value, dy, dx in (
        ("姓 名", person.name, 8, 0.0),
        ("性 别", person.gender, 15.5, 0.0),
        ("民 族", "汉", 15.5, 21.0),
    ):
        canvas.text(x + 6 + dx, y + dy, label, 7.5, face, tint)
        box = canvas.text(x + 17 + dx, y + dy, value, 10 if label == "姓 名" else small, face)
        if label == "姓 名":
            canvas.field("employee", person.name, box, person)
    born = person.birth
    canvas.text(x + 6, y + 23, "出 生", 7.5, face, tint)
    canvas.text(x + 17, y + 23, f"{born.year} 年 {born.month} 月 {born.day} 日", small, face)
    canvas.text(x + 6, y + 30, "住 址", 7.5, face, tint)
    for i, line in enumerate(_wrap(canvas, person.address, small, look, 36)[:3]):
        canvas.text(x + 17, y + 30 + i * 4.6, line, small, face)
    canvas.text(x + 6, y + 49.5, "公民身份号码", 7.5, face, tint)
    box = canvas.text(x + 28, y + 49.7, person.id_number, 11, face, spread=0.55)
    canvas.field("id_number", person.id_number, box, person)
    _portrait(canvas, (x + 58, y + 8, x + 81, y + 38))


def _portrait(canvas: Canvas, box: Rect) -> None:
    """A head-and-shoulders silhouette, nobody's."""
    rng = canvas.style.rng
    canvas.shade(*box, (212, 218, 226))
    s = canvas.scale
    mid = (box[0] + box[2]) / 2
    tone = rng.randint(150, 190)
    pen = canvas.pen
    pen.ellipse(
        [(mid - 5.6) * s, (box[1] + 5.5) * s, (mid + 5.6) * s, (box[1] + 20) * s], fill=(tone + 30, tone + 14, tone)
    )
    pen.pieslice([(mid - 6.2) * s, (box[1] + 4) * s, (mid + 6.2) * s, (box[1] + 18) * s], 180, 360, fill=(52, 48, 46))
    pen.pieslice(
        [(mid - 11) * s, (box[1] + 19) * s, (mid + 11) * s, (box[3] + 12) * s],
        180,
        360,
        fill=(rng.randint(40, 110),) * 3,
    )
    canvas.rect(*box, 0.1, GREY)


def _back(canvas: Canvas, x: float, y: float, valid: str, authority: str, look: Look) -> None:
    canvas.shade(x, y, x + 85.6, y + 54, (238, 240, 238))
    canvas.rect(x, y, x + 85.6, y + 54, 0.2, GREY)
    canvas.pen.ellipse(
        [v * canvas.scale for v in (x + 7, y + 7, x + 21, y + 21)],
        outline=(190, 60, 60),
        width=max(1, round(canvas.scale * 0.6)),
    )
    canvas.text(x + 27, y + 14, "中华人民共和国", 13, look.body, spread=1.0)
    canvas.text(x + 25, y + 25, "居 民 身 份 证", 16, look.head, spread=0.6)
    canvas.text(x + 14, y + 41, f"签发机关  {authority}", 9, look.body)
    canvas.text(x + 14, y + 48, f"有效期限  {valid}", 9, look.body)


# --- skill certificates --------------------------------------------------------------------------------


def certificate(form: CertificateCopy, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    flow = Flow(style, look)
    for i, t in enumerate(form.trainees):
        y = 32 + i * 124 if len(form.trainees) > 1 else 52
        _one_certificate(form, flow, t, y)
    return flow.drawings()


def _one_certificate(form: CertificateCopy, flow: Flow, t: Trainee, y: float) -> None:
    canvas, look, info = flow.canvas, flow.look, form.info
    x, width, height = 24.0, 162.0, 114.0
    canvas.shade(x, y, x + width, y + height, (250, 247, 238))
    canvas.rect(x, y, x + width, y + height, 0.8, GOLD)
    canvas.rect(x + 2, y + 2, x + width - 2, y + height - 2, 0.2, GOLD)
    canvas.centred(x + width / 2, y + 16, form.title, 20, look.head, spread=1.5)
    _portrait(canvas, (x + width - 38, y + 24, x + width - 13, y + 58))
    lines = [
        ("姓    名", t.person.name, "employee"),
        ("性    别", t.person.gender, ""),
        ("身份证号", t.person.id_number, "id_number"),
        ("职业名称", info.occupation, ""),
        ("等    级", info.level, ""),
        ("证书编号", t.certificate_number, "certificate_number"),
        ("发证日期", written(info.issue_date), ""),
    ]
    for i, (label, value, name) in enumerate(lines):
        box = canvas.text(x + 12, y + 30 + i * 9, f"{label}：", 11.5, look.body)
        box = canvas.text(box[2], y + 30 + i * 9, value, 11.5, look.body)
        if name:
            canvas.field(name, value, box, t.person)
    canvas.text(x + 82, y + 98, f"发证单位：{info.institution}", 10.5, look.body)
    seal(canvas, x + width - 34, y + 92, info.institution, info.institution_seal_number, "institution")


# --- business licences -----------------------------------------------------------------------------------


def licence(form: BusinessLicence, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    flow = Flow(style, look, landscape=form.original, left=22, right=22)
    canvas = flow.canvas
    w, h = flow.size
    # the upper right corner stays free for the archive's number, as on a reduced photocopy
    canvas.rect(13, 20, w - 13, h - 13, 0.9, GOLD)
    canvas.rect(15, 22, w - 15, h - 15, 0.25, GOLD)
    canvas.pen.ellipse(
        [v * canvas.scale for v in (w / 2 - 8, 26, w / 2 + 8, 42)],
        outline=(200, 40, 40),
        width=max(2, round(canvas.scale * 0.9)),
    )
    flow.y = 44 if form.original else 48
    flow.heading("营 业 执 照", 32 if form.original else 28, gap=3)
    if not form.original or look.variant % 2:
        flow.heading("（副 本）" if not form.original else "", 13, gap=4)
    code = form.firm.credit_code
    _qr(canvas, w - 44, 40 if form.original else 52, 22)
    box = canvas.text(22, 34, "统一社会信用代码", 10.5, look.body)
    box = canvas.text(22, 40, code, 12, look.body)
    canvas.field("credit_code", code, box)
    if form.original:
        _original(form, flow)
    else:
        _copy(form, flow)
    return flow.drawings()


def _entries(form: BusinessLicence) -> list[tuple[str, str, str, str, Person | None]]:
    """label, printed value, field name, canonical value, person"""
    firm = form.firm
    name = "***" if form.name_blank else firm.name
    boss = form.operator.name if form.operator else firm.legal_representative
    if firm.kind == "company":
        kind = "股份有限公司" if "股份" in firm.name else "有限责任公司（自然人投资或控股）"
        return [
            ("名称", name, "employer", firm.name, None),
            ("类型", kind, "", "", None),
            ("法定代表人", boss, "legal_representative", boss, form.operator),
            ("经营范围", firm.scope, "", "", None),
            ("注册资本", _capital(firm.capital_wan or 100), "", "", None),
            ("成立日期", written(firm.established, 1), "established", firm.established.isoformat(), None),
            ("营业期限", "长期", "", "", None),
            ("住所", firm.address, "address", firm.address, None),
        ]
    return [
        ("名称", name, "" if form.name_blank else "employer", firm.name, None),
        ("类型", "个体工商户", "", "", None),
        ("经营者", boss, "operator", boss, form.operator),
        ("组成形式", "个人经营", "", "", None),
        ("注册日期", written(firm.established, 1), "established", firm.established.isoformat(), None),
        ("经营场所", firm.address, "address", firm.address, None),
        ("经营范围", firm.scope, "", "", None),
    ]


def _capital(wan: int) -> str:
    return (
        capitals(wan * 10_000).replace("元整", "") + "元整"
        if wan % 100
        else f"{capitals(wan).replace('元整', '')}万元整"
    )


def _entry(
    flow: Flow, x: float, y: float, width: float, entry: tuple[str, str, str, str, Person | None], size: float
) -> float:
    canvas, look = flow.canvas, flow.look
    label, text, name, value, person = entry
    spread = (4 - len(label)) * size * 0.3528 / max(1, len(label) - 1) if 1 < len(label) < 4 else 0.0
    canvas.text(x, y, label, size, look.body, (60, 60, 64), spread=spread)
    start = x + 28 if len(label) > 4 else x + 25
    lines = _wrap(canvas, text, size, look, width - (start - x))
    union: Rect | None = None
    for i, line in enumerate(lines[:6]):
        box = canvas.text(start, y + i * size * 0.3528 * 1.45, line, size, look.body, BLACK)
        union = box if union is None else (union[0], union[1], max(union[2], box[2]), box[3])
    if name and union:
        canvas.field(name, value, union, person)
    return y + max(1, len(lines)) * size * 0.3528 * 1.45 + size * 0.3528 * 0.9


def _original(form: BusinessLicence, flow: Flow) -> None:
    """Two columns below the title, authority and seal at the lower right."""
    entries = _entries(form)
    half = (len(entries) + 1) // 2
    w = flow.size[0]
    y = 82.0
    for entry in entries[:half]:
        y = _entry(flow, 28, y, w / 2 - 40, entry, 11.5)
    y = 82.0
    for entry in entries[half:]:
        y = _entry(flow, w / 2 + 6, y, w / 2 - 32, entry, 11.5)
    _authority(form, flow, w - 104, 172)


def _copy(form: BusinessLicence, flow: Flow) -> None:
    y = max(flow.y + 12, 92)
    for entry in _entries(form):
        y = _entry(flow, 28, y, 150, entry, 12)
    _authority(form, flow, 112, 248)


def _authority(form: BusinessLicence, flow: Flow, x: float, y: float) -> None:
    canvas, look = flow.canvas, flow.look
    canvas.text(x, y, "登记机关", 13, look.body, spread=1)
    shown = written(form.issued_on) if look.variant % 4 else chinese(form.issued_on)
    canvas.text(x + 30, y + 12, shown, 12, look.body)
    seal(canvas, x + 44, y + 2, form.firm.authority, "1411210000026", "authority")
    canvas.text(24, flow.size[1] - 18.5, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", 7.5, look.body)


def _qr(canvas: Canvas, x: float, y: float, side: float) -> None:
    """A picture that looks like a QR code and says nothing."""
    rng = canvas.style.rng
    count = 25
    step = side / count
    s = canvas.scale
    for row in range(count):
        for column in range(count):
            corner = (column < 7 and (row < 7 or row > count - 8)) or (row < 7 and column > count - 8)
            if not corner and rng.random() < 0.47:
                canvas.pen.rectangle(
                    [
                        (x + column * step) * s,
                        (y + row * step) * s,
                        (x + (column + 1) * step) * s,
                        (y + (row + 1) * step) * s,
                    ],
                    fill=BLACK,
                )
    for cx, cy in ((0, 0), (count - 7, 0), (0, count - 7)):
        for inset, tone in ((0, BLACK), (1, (255, 255, 255)), (2, BLACK)):
            canvas.pen.rectangle(
                [
                    (x + (cx + inset) * step) * s,
                    (y + (cy + inset) * step) * s,
                    (x + (cx + 7 - inset) * step) * s,
                    (y + (cy + 7 - inset) * step) * s,
                ],
                fill=tone,
            )
