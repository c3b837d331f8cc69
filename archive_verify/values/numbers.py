"""Text -> ID numbers, credit codes and phone numbers, with their check characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import combinations, product

from archive_verify.values.found import Found, plain

# GB 11643-1999, 4.2: weights of the first 17 digits and the check characters
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
# GB 32100-2015, 4.2 and annex A: alphabet without I, O, S, V, Z; weights 3^i mod 31
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))

_TO_DIGIT = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "〇": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1",
    "Z": "2", "z": "2", "S": "5", "s": "5", "B": "8", "b": "6", "g": "9", "q": "9", "]": "1", "[": "1",
}
_TO_CODE = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2", "|": "1"}
# digits that OCR takes for one another, printed or handwritten
_DIGIT_LOOKS = {
    "0": "68", "1": "74", "2": "7", "3": "85", "4": "91", "5": "63", "6": "085", "7": "129", "8": "306",
    "9": "47", "X": "4",
}
_ID = re.compile(
    r"(?<![0-9A-Za-z])[0-9OoQDlIi|!ZzSsBb](?:[ \-]?[0-9OoQDlIi|!ZzSsBbgq\[\]〇]){16}"
    r"[ \-]?[0-9OoQDlI|!ZzSBXx×✕*＊Ⅹ]"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z|](?:[ ]?[0-9A-Za-z|]){17}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9OolI](?:[\s\-]?[0-9OolISBZ]){8}(?![0-9Xx|lIO])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])\(?0\d{2,3}\)?[\s\-]*\d{7,8}(?![0-9])")
_LOCAL = re.compile(r"(?<![0-9A-Za-z.\-])[2-8]\d{6,7}(?![0-9.])")


def id_check_character(first17: str) -> str:
    """The check character that GB 11643 asks for after 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11]


def id_is_valid(number: str) -> bool:
    """18 characters with a day of the calendar and the right check character (GB 11643).

    The place prefix is not judged: places were renamed and renumbered, the numbers were not.
    """
    return (
        bool(re.fullmatch(r"\d{17}[\dX]", number))
        and birth_date(number) is not None
        and id_check_character(number[:17]) == number[17]
    )


def birth_date(number: str) -> date | None:
    """The day of birth in an ID number."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def id_sex(number: str) -> str:
    """男 or 女, by the 17th digit."""
    return "男" if int(number[16]) % 2 else "女"


def normal_id(text: str) -> str:
    """Full-width digits, spaces and a small or mathematical x in one form; letters stay letters."""
    squeezed = "".join(plain(text).split()).upper().lstrip("'‘’`")
    if squeezed[-1:] in ("×", "✕", "Ⅹ"):
        squeezed = squeezed[:-1] + "X"
    return squeezed


def find_ids(text: str) -> tuple[Found[str], ...]:
    """All runs of 18 characters that can be an ID number, whatever their checksum.

    Letters that cannot stand in an ID number (O, l, S ...) are taken for the digits they look like,
    and `repaired` says so. Digits are never changed.
    """
    text = plain(text)
    found = []
    for match in _ID.finditer(text):
        raw = re.sub(r"[\s\-]", "", match[0])
        following = text[match.end() : match.end() + 1]
        if len(raw) != 18 or following.isdigit():
            continue
        last = "X" if raw[17] in "Xx×✕*＊Ⅹ" else _TO_DIGIT.get(raw[17], raw[17])
        body = "".join(_TO_DIGIT.get(char, char) for char in raw[:17])
        if sum(char.isdigit() for char in raw) < 10 or body[6:8] not in ("18", "19", "20"):
            continue
        number = body + last
        # a small x or a times sign is the same number; the others are repairs
        same = number == raw.replace("x", "X").replace("×", "X").replace("✕", "X").replace("Ⅹ", "X")
        found.append(Found(number, match.start(), match.end(), not same))
    return tuple(found)


def find_id(text: str) -> Found[str] | None:
    """The first ID number."""
    return next(iter(find_ids(text)), None)


def id_repairs(number: str, changes: int = 1) -> tuple[str, ...]:
    """Valid ID numbers that `number` may be a misreading of, by up to `changes` look-alike digits.

    They are candidates to look at again, never values: a number with a wrong checksum is as likely
    wrong on paper as misread.
    """
    number = normal_id(number)
    if len(number) != 18:
        return ()
    return tuple(_changed(number, changes, id_is_valid, _DIGIT_LOOKS))


def _changed(text: str, changes: int, valid: object, looks: dict[str, str]) -> Iterable[str]:
    assert callable(valid)
    for count in range(1, changes + 1):
        for places in combinations(range(len(text)), count):
            for chars in product(*(looks.get(text[place], "") for place in places)):
                candidate = list(text)
                for place, char in zip(places, chars, strict=True):
                    candidate[place] = char
                if valid("".join(candidate)):
                    yield "".join(candidate)


def code_is_valid(code: str) -> bool:
    """Whether a 统一社会信用代码 has the right check character (GB 32100)."""
    if len(code) != 18 or any(char not in _CODE_ALPHABET for char in code):
        return False
    total = sum(
        _CODE_ALPHABET.index(char) * weight for char, weight in zip(code[:17], _CODE_WEIGHTS, strict=True)
    )
    return _CODE_ALPHABET[(31 - total % 31) % 31] == code[17]


def normal_code(text: str) -> str:
    """Capitals, with letters that no credit code holds taken for the characters they look like."""
    return "".join(_TO_CODE.get(char, char) for char in text.upper())


def find_codes(text: str) -> tuple[Found[str], ...]:
    """All runs of 18 characters that can be a credit code, whatever their check character.

    A run that can only be an ID number (digits with a day of birth) is left out.
    """
    text = plain(text)
    found = []
    for match in _CODE.finditer(text):
        raw = "".join(match[0].split())
        code = normal_code(raw)
        if re.fullmatch(r"\d{17}[\dX]", code) and birth_date(code) and not code_is_valid(code):
            continue
        if not re.match(r"[1-9ANY][1-9]", code) or sum(char.isdigit() for char in code) < 8:
            continue
        found.append(Found(code, match.start(), match.end(), code != raw))
    return tuple(found)


def find_code(text: str) -> Found[str] | None:
    """The first credit code."""
    return next(iter(find_codes(text)), None)


def code_repairs(code: str) -> tuple[str, ...]:
    """Valid codes one look-alike away from `code`: candidates to look at again, never values."""
    looks = {**_DIGIT_LOOKS, "B": "8", "8": "306B", "G": "6", "6": "085G", "D": "0", "0": "68DQ", "Q": "0",
             "U": "W", "W": "U", "C": "G", "E": "F", "F": "E", "M": "N", "N": "M", "1": "74L", "L": "1",
             "X": "Y", "Y": "X", "P": "R", "R": "P", "T": "1", "5": "63", "2": "7", "A": "4", "4": "91A"}
    return tuple(_changed(code, 1, code_is_valid, looks)) if len(code) == 18 else ()


def find_phones(text: str, labelled: bool = False) -> tuple[Found[str], ...]:
    """All phone numbers, digits only (a landline keeps the dash after its area code).

    `labelled` says that the text stands behind a label such as 联系电话: then 7 or 8 digits without an
    area code are a phone as well.
    """
    text = plain(text)
    found: list[Found[str]] = []
    for match in _MOBILE.finditer(text):
        raw = re.sub(r"[\s\-]", "", match[0])
        digits = "".join(_TO_DIGIT.get(char, char) for char in raw)
        found.append(Found(digits, match.start(), match.end(), digits != raw))
    for match in _LANDLINE.finditer(text):
        if not any(match.start() < one.end and one.start < match.end() for one in found):
            digits = re.sub(r"\D", "", match[0])
            area = 3 if digits.startswith(("01", "02")) else 4
            found.append(Found(f"{digits[:area]}-{digits[area:]}", match.start(), match.end()))
    if labelled:
        for match in _LOCAL.finditer(text):
            if not any(match.start() < one.end and one.start < match.end() for one in found):
                found.append(Found(match[0], match.start(), match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def find_phone(text: str, labelled: bool = False) -> Found[str] | None:
    """The first phone number."""
    return next(iter(find_phones(text, labelled)), None)
