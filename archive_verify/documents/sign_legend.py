"""What the signs of an attendance sheet mean: by the sheet's own legend, or because they mean nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

# a day of work, half a day, none; "other" is a day on which signs alone do not say which (加班, 迟到, 出差)
Meaning = Literal["present", "half", "away", "other"]

_WORDS: tuple[tuple[Meaning, str], ...] = (
    ("away", "缺勤|缺课|缺席|旷工|旷课|旷班|旷职|未出勤|未到岗?|不到|没到|"
             "休息日?|公休日?|轮休|调休|工休|例休|双休|节假日|法定假日?|公假|放假|补休|倒休|"
             "事假|病假|年休假?|年假|请假|婚假|产假|丧假|护理假|陪产假|工伤假?|探亲假?|告假"),
    ("half", "半天班?|半日|半班|半勤"),
    ("other", "迟到|早退|加班|出差|外出|公出|公差|值班|夜班|白班|中班|早班|晚班|学习|停工|离职|辞职|入职"),
    ("present", "正常出勤|正常上班|全勤|全天|整天|一天|出勤|到岗|到课|上班|在岗|正常|实到|到"),
)
_WORD = "|".join(f"(?P<{meaning}>{words})" for meaning, words in _WORDS)
_SIGN = (
    r"(?P<sign>[√✓✔∨VvＶ○〇◯OoQ×✕╳xX△▲☆★●◎⊙□■/／\\+＋十*#—\-]|0\.5|[0148](?![\d.])|[A-Z]"
    r"|[休事病半旷年婚产丧迟早退差加公缺])"
)
_TOKEN = re.compile(f"{_WORD}|{_SIGN}")
_HEAD = re.compile(r"^.{0,4}(?:注|说明|符号|图例|标记|标识|备注|代号|记号)|符号|图例")
_BETWEEN = re.compile(r"(?:[\s:\uff1a=为是\"“”'‘’「」()（）\[\]-]|代表|表示){0,6}")
_APART = re.compile(r"[\s,，;；、.。|]")
_ONE = MappingProxyType({
    **dict.fromkeys("✓✔∨", "√"), **dict.fromkeys("〇◯", "○"), **dict.fromkeys("✕╳", "×"),
    "／": "/", "＋": "+", "Ｖ": "V",
})
# signs that reading takes for one another: one stands for the other where that is not on the sheet itself
_LIKE = (("√", "V", "v"), ("○", "O", "o", "Q", "0"), ("×", "X", "x"), ("/", "1"), ("+", "十"), ("—", "-"))
_PLAIN: Mapping[str, Meaning] = MappingProxyType({**dict.fromkeys("休事病年婚产丧假旷缺", "away"), "半": "half"})


@dataclass(frozen=True, slots=True)
class Legend:
    """Signs with what the sheet says of them, and the meanings whose signs were lost in reading."""

    signs: Mapping[str, Meaning]
    lost: tuple[Meaning, ...] = ()


def read_legend(texts: Iterable[str]) -> Legend:
    """The legend in a sheet's lines of text, sign first ("√出勤") or last ("出勤：√").

    A sign that is given two meanings has none.
    """
    found: dict[str, set[Meaning]] = {}
    lost: list[Meaning] = []
    for text in texts:
        pairs, alone = _pairs(text)
        lost += alone
        for sign, meaning in pairs:
            found.setdefault(_ONE.get(sign, sign), set()).add(meaning)
    return Legend({sign: meanings.pop() for sign, meanings in found.items() if len(meanings) == 1}, tuple(lost))


def _pairs(text: str) -> tuple[list[tuple[str, Meaning]], list[Meaning]]:
    """Signs with their meanings in a line, and the meanings that stand there without a sign."""
    tokens = list(_TOKEN.finditer(text))
    signs_first = _signs_first(text, tokens)
    if signs_first is None:
        return [], []
    pairs: list[tuple[str, Meaning]] = []
    paired: set[int] = set()
    for left, right in pairwise(tokens):
        if bool(left["sign"]) is not signs_first or bool(right["sign"]) is signs_first:
            continue
        sign, word = (left, right) if signs_first else (right, left)
        # a character stands for a word that it is part of
        fits = not re.fullmatch(r"[㐀-鿿]", sign["sign"]) or sign["sign"] in (*word[0], "十", "〇")
        if fits and _BETWEEN.fullmatch(text[left.end() : right.start()]):
            pairs.append((sign["sign"], _meaning(word)))
            paired.add(word.start())
    figures = [sign for sign, _ in pairs if sign.isascii() and sign.isalnum()]
    if not pairs or (figures and len(pairs) == 1 and not _HEAD.search(text)):
        return [], []
    return pairs, [_meaning(word) for word in tokens if not word["sign"] and word.start() not in paired]


def _meaning(word: re.Match[str]) -> Meaning:
    return next(name for name, _ in _WORDS if word[name])


def _signs_first(text: str, tokens: Sequence[re.Match[str]]) -> bool | None:
    """Whether signs stand before their words, as a line's ends or its colons tell; None where they do not."""
    if len(tokens) < 2:
        return None
    first, last = (bool(token["sign"]) for token in (tokens[0], tokens[-1]))
    if first == last:
        colons = {
            bool(left["sign"]) for left, right in pairwise(tokens)
            if bool(left["sign"]) != bool(right["sign"]) and re.search(r"[:\uff1a=]", text[left.end() : right.start()])
        }
        return colons.pop() if len(colons) == 1 else None
    spaces = {True: 0, False: 0}
    for left, right in pairwise(tokens):
        paired = bool(left["sign"]) is first and bool(right["sign"]) is not first
        spaces[paired] += len(_APART.findall(text[left.end() : right.start()]))
    # where what belongs together stands apart, the line's first sign and its last word were lost
    return first if spaces[True] <= spaces[False] else None


def meanings(signs: Collection[str], legend: Legend) -> dict[str, Meaning]:
    """What each of a sheet's signs means; a sign without a certain meaning is left out.

    Without a legend √ beside blanks, × and characters that speak for themselves is a day of work;
    ○, △ and the rest mean one thing here and another there.
    """
    known: dict[str, Meaning] = {}
    for sign in signs:
        alike = next((group for group in _LIKE if sign in group), ())
        named = [other for other in alike if other in legend.signs and other not in signs]
        if sign in legend.signs:
            known[sign] = legend.signs[sign]
        elif len(named) == 1:
            known[sign] = legend.signs[named[0]]
        elif sign in _PLAIN:
            known[sign] = _PLAIN[sign]
    left = [sign for sign in signs if sign not in known]
    if not legend.signs and "√" in left and set(left) <= {"√", "×"}:
        known["√"], known["×"] = "present", "away"
    elif left and len(left) <= len(legend.lost) and set(legend.lost) == {"away"} and "present" in known.values():
        # the legend names as many absences whose signs were not read there
        known.update(dict.fromkeys(left, legend.lost[0]))
    return known
