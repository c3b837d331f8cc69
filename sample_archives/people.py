"""Invented persons, firms and numbers; every checksum is right, nobody is meant."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from .case import Firm, Person

SURNAMES = tuple("王李张刘陈杨赵武郭任孟梁韩马宋田成胡高冯曹吕阎石侯康温苏段牛贺郝程薛雷范姚岳靳申霍樊")
RARE_SURNAMES = ("闫", "蔚", "逯", "渠", "降", "弓", "郄", "麻", "欧阳", "令狐")
MALE = "建国志强军伟峰勇明斌波鹏飞亮杰涛超浩宇东海林文武旭刚平辉龙俊彦庆鑫磊宝贵福生根栓虎锁柱晓"
FEMALE = "秀英丽娟芳霞梅兰红艳玲燕萍巧云凤琴香桂花爱珍翠青雪慧敏静娜婷欣瑞润转变晓莲改仙"
VILLAGES = (
    "南安",
    "北峪口",
    "马西",
    "西槽头",
    "下曲",
    "刘胡兰",
    "孝义",
    "石侯",
    "胡兰",
    "南武",
    "宜儿",
    "岳村",
    "西韩",
    "东旧",
    "桥头",
    "里村",
    "东庄",
    "伯鱼",
    "段村",
    "南齐",
    "北张",
    "樊家庄",
    "章多",
    "温云营",
)
TOWNS = (
    "凤城镇",
    "开栅镇",
    "南庄镇",
    "南安镇",
    "刘胡兰镇",
    "下曲镇",
    "孝义镇",
    "南武乡",
    "西城乡",
    "北张乡",
    "马西乡",
    "西槽头乡",
)
EDUCATION = ("小学", "初中", "初中", "初中", "高中", "中专", "大专")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PREFIXES = ("141121",) * 5 + ("142322",) * 9 + ("141122", "142333", "142301", "140109", "141182")
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

COMPANY_KINDS = (
    "食品",
    "餐饮管理",
    "家政服务",
    "物业管理",
    "商贸",
    "建材",
    "农业开发",
    "酒业",
    "包装",
    "机械制造",
    "服饰",
    "养老服务",
    "酒店管理",
    "物流",
    "铸造",
    "电子科技",
)
BRANDS = (
    "鑫源",
    "恒通",
    "晋盛",
    "宏泰",
    "福瑞",
    "金谷",
    "汾源",
    "华康",
    "胡兰",
    "吕梁山",
    "瑞丰",
    "德信",
    "永兴",
    "嘉禾",
    "众诚",
    "聚义",
    "兴文",
    "鸿运",
    "万家福",
    "锦绣",
    "天和",
    "凯达",
    "同盛",
    "益民",
    "祥云",
    "旺达",
)
SHOP_KINDS = (
    "面馆",
    "饺子馆",
    "早餐店",
    "小吃店",
    "理发店",
    "便利店",
    "蛋糕房",
    "家政服务部",
    "电焊加工部",
    "烧烤店",
    "裁缝店",
    "母婴用品店",
    "豆腐坊",
    "干洗店",
    "汽车修理部",
    "农家乐",
)


def check_digit(first17: str) -> str:
    """The 18th character of an ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def id_number(rng: random.Random, gender: str, youngest: int = 1999, oldest: int = 1966) -> str:
    born = date(rng.randint(oldest, youngest), 1, 1) + timedelta(days=rng.randrange(364))
    order = rng.randrange(10, 99) * 10 + rng.randrange(5) * 2 + (1 if gender == "男" else 0)
    first = f"{rng.choice(PREFIXES)}{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def aged(number: str, years: int) -> str:
    """The number of a person born so many years later (or earlier, if negative), with its right check digit."""
    born = f"{int(number[6:10]) + years}{number[10:14] if number[10:14] != '0229' else '0228'}"
    first = f"{number[:6]}{born}{number[14:17]}"
    return first + check_digit(first)


def age_at(number: str, day: date) -> int:
    """Full years on a day."""
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def valid_id(number: str) -> bool:
    return len(number) == 18 and number[:17].isdigit() and check_digit(number[:17]) == number[17]


def credit_code(rng: random.Random, head: str) -> str:
    """An 18-character 统一社会信用代码 (GB 32100) that begins with `head`, e.g. 91141121."""
    body = head + "MA" + "".join(rng.choice(CODE_ALPHABET) for _ in range(17 - len(head) - 2))
    return body + code_check(body)


def code_check(first17: str) -> str:
    total = sum(CODE_ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(first17))
    return CODE_ALPHABET[(31 - total % 31) % 31]


def valid_code(code: str) -> bool:
    return len(code) == 18 and all(char in CODE_ALPHABET for char in code) and code_check(code[:17]) == code[17]


def phone(rng: random.Random) -> str:
    head = rng.choice(
        (
            "134",
            "135",
            "136",
            "137",
            "138",
            "139",
            "150",
            "151",
            "152",
            "158",
            "159",
            "182",
            "183",
            "187",
            "188",
            "130",
            "131",
            "155",
            "186",
            "133",
            "153",
            "180",
            "189",
            "177",
        )
    )
    return head + f"{rng.randrange(10**8):08d}"


class Invent:
    """Draws persons and firms that differ from all drawn before."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.names: set[str] = set()
        self.firms: set[str] = set()
        self.phones: set[str] = set()

    def name(self, gender: str) -> str:
        rng = self.rng
        while True:
            surname = rng.choice(RARE_SURNAMES) if rng.random() < 0.06 else rng.choice(SURNAMES)
            pool = MALE if gender == "男" else FEMALE
            given = rng.choice(pool) if rng.random() < 0.22 else "".join(rng.sample(pool, 2))
            if surname + given not in self.names:
                self.names.add(surname + given)
                return surname + given

    def phone(self) -> str:
        while True:
            made = phone(self.rng)
            if made not in self.phones:
                self.phones.add(made)
                return made

    def person(self, row: int | None = None, gender: str | None = None) -> Person:
        rng = self.rng
        gender = gender or rng.choice(("男", "女", "女"))
        sex: Literal["男", "女"] = "男" if gender == "男" else "女"
        county = rng.choice(("山西省文水县", "山西省吕梁市文水县", "文水县"))
        address = f"{county}{rng.choice(TOWNS)}{rng.choice(VILLAGES)}村{rng.randrange(1, 9)}组{rng.randrange(1, 260)}号"
        return Person(self.name(gender), sex, id_number(rng, gender), self.phone(), address, rng.choice(EDUCATION), row)

    def firm(
        self,
        kind: Literal["company", "individual"],
        owner: Person | None = None,
        established: tuple[int, int] = (2010, 2021),
    ) -> Firm:
        rng = self.rng
        while True:
            brand = rng.choice(BRANDS)
            if kind == "company":
                place = rng.choice(("文水县", "文水县", "山西", "吕梁市", "吕梁", "文水"))
                middle = rng.choice(COMPANY_KINDS)
                end = rng.choice(("有限公司", "有限公司", "有限责任公司", "股份有限公司"))
                name = f"{place}{brand}{middle}{end}"
            else:
                middle = rng.choice(SHOP_KINDS)
                name = f"文水县{rng.choice(TOWNS)}{brand}{middle}"
            if name not in self.firms and all(brand not in other for other in self.firms):
                break
            if len(self.firms) > 18 and name not in self.firms:
                break
        self.firms.add(name)
        gender = rng.choice(("男", "男", "女"))
        born = date(rng.randint(*established), rng.randint(1, 12), rng.randint(1, 28))
        street = rng.choice(
            (
                "凤城镇大陵街",
                "凤城镇文峰路",
                "开栅镇工业园区",
                "胡兰镇经济开发区",
                "南安镇兴安街",
                "凤城镇则天大道",
                "下曲镇商贸街",
                "凤城镇北关街",
                "刘胡兰镇振兴路",
            )
        )
        scope = {
            "company": f"{middle}；销售：预包装食品、日用百货、农副产品；普通货物道路运输",
            "individual": f"{middle}经营；小吃服务；日用百货零售",
        }[kind] + "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
        return Firm(
            name=name,
            kind=kind,
            credit_code=credit_code(rng, "91141121" if kind == "company" else "92141121"),
            legal_representative=owner.name if owner else self.name(gender),
            phone=owner.phone if owner else self.phone(),
            address=f"山西省吕梁市文水县{street}{rng.randrange(1, 200)}号",
            established=born,
            capital_wan=rng.choice((50, 100, 200, 300, 500, 1000, 3000)) if kind == "company" else None,
            scope=scope,
            authority=rng.choice(("文水县行政审批服务管理局", "文水县市场监督管理局")),
            seal_number=f"1411210{rng.randrange(10**6):06d}",
        )


def another_id(rng: random.Random, number: str) -> str:
    """A valid number that differs in one or two digits (a typing slip with a right checksum)."""
    while True:
        at = rng.randrange(12, 17)
        digit = rng.choice([d for d in "0123456789" if d != number[at]])
        first = number[:at] + digit + number[at + 1 : 17]
        try:
            date(int(first[6:10]), int(first[10:12]), int(first[12:14]))
        except ValueError:
            continue
        if first[16] in "02468" and number[16] not in "02468":
            continue
        if first[16] not in "02468" and number[16] in "02468":
            continue
        return first + check_digit(first)


def broken_id(rng: random.Random, number: str) -> str:
    """The number with one digit changed, so that its checksum fails."""
    while True:
        at = rng.choice((9, 14, 15, 16, 17))  # year, order or check digit: the birth stays a date
        digit = rng.choice([d for d in "0123456789" if d != number[at]])
        made = number[:at] + digit + number[at + 1 :]
        day = made[10:14] != "0229"
        if day and not valid_id(made):
            return made


def broken_code(rng: random.Random, code: str) -> str:
    while True:
        at = rng.randrange(8, 17)
        char = rng.choice([c for c in CODE_ALPHABET if c != code[at]])
        made = code[:at] + char + code[at + 1 :]
        if not valid_code(made):
            return made


def another_name(rng: random.Random, name: str) -> str:
    """A different name, one character away or more, as a slip of the clerk makes it."""
    similar = {
        "建": "健",
        "军": "君",
        "芳": "方",
        "丽": "利",
        "伟": "卫",
        "英": "瑛",
        "红": "宏",
        "志": "智",
        "明": "民",
        "平": "萍",
        "文": "雯",
        "海": "涛",
        "云": "芸",
        "玲": "铃",
    }
    options = [name[:i] + similar[char] + name[i + 1 :] for i, char in enumerate(name) if char in similar and i]
    pool = [c for c in MALE + FEMALE if c not in name]
    options.append(name[:-1] + rng.choice(pool))
    return rng.choice(options)


def replaced(person: Person, *, name: str | None = None, number: str | None = None) -> Person:
    return replace(person, name=name or person.name, id_number=number or person.id_number)
