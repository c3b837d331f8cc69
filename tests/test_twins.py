"""Marks that are printed over and over are read once; figures and names are read wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from archive_verify.ocr.base import Recognised
from archive_verify.ocr.twins import find_twins, is_mark
from tests.drawn import draw_page

_STEP = 12.3        # mm, so that the marks fall on other parts of pixels


def _crops(texts: Sequence[str]) -> list[NDArray[np.uint8]]:
    """The texts as a noisy scan shows them, one crop each."""
    places = [(10 + _STEP * (n % 15), 10 + _STEP * (n // 15)) for n in range(len(texts))]
    page = draw_page([(x, y, text, 12) for (x, y), text in zip(places, texts, strict=True)])
    noise = np.random.default_rng(5).normal(0, 6, page.shape[:2])[:, :, None]
    page = np.clip(page + noise, 0, 255).astype(np.uint8)
    scale = 200 / 25.4
    return [
        page[round((y - 0.3) * scale) : round((y + 6.3) * scale), round((x - 0.5) * scale) : round((x + 5.5) * scale)]
        for x, y in places
    ]


def test_a_mark_is_told_from_the_other_marks_and_known_again_in_every_cell() -> None:
    texts = ["√", "休", "√", "△", "休"] * 12
    twins = find_twins(_crops(texts))
    assert all(texts[twin] == texts[leader] for twin, leader in twins.items())
    assert len(texts) - len(twins) < 12


@pytest.mark.parametrize("pair", [("22", "23"), ("21", "31"), ("18", "13"), ("6", "8"), ("事", "争")])
def test_what_differs_in_one_stroke_is_not_taken_for_the_same(pair: tuple[str, str]) -> None:
    texts = list(pair) * 20
    assert all(texts[twin] == texts[leader] for twin, leader in find_twins(_crops(texts)).items())


def test_a_few_small_crops_are_not_compared() -> None:
    assert find_twins(_crops(["√"] * 10)) == {}


@pytest.mark.parametrize(("text", "confidence", "expected"), [
    ("√", 0.9, True), ("√", 0.4, False), ("休", 0.99, True), ("26", 0.99, False), ("王", 0.99, False), ("", 0.0, False),
])
def test_only_marks_are_taken_from_one_cell_to_another(text: str, confidence: float, expected: bool) -> None:
    assert is_mark(Recognised(text, confidence, None)) is expected
