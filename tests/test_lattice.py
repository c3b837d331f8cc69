"""CTC scores over pruned lattices."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from archive_verify.lattice import FLOOR, best, digits, greedy, restrict, score
from archive_verify.model import Lattice
from archive_verify.ocr.paddle import prune


def lattice(*steps: dict[str, float]) -> Lattice:
    """Steps given as {character: probability}, "" the blank."""
    return tuple(
        tuple(sorted(((c, math.log(p)) for c, p in step.items()), key=lambda item: -item[1])) for step in steps
    )


WANG = lattice({"王": 0.9, "玉": 0.1}, {"": 1.0}, {"小": 0.95, "": 0.05}, {"": 1.0}, {"明": 0.6, "朋": 0.4})


def all_paths(steps: Lattice, text: str) -> float:
    """The likelihood of a text by trying every path, to compare with."""
    total = 0.0
    for path in product(*steps):
        joined = []
        before = ""
        for character, _ in path:
            if character and character != before:
                joined.append(character)
            before = character
        if "".join(joined) == text:
            total += math.exp(sum(p for _, p in path))
    return total


def test_the_greedy_text_merges_repeats_and_drops_blanks() -> None:
    assert greedy(lattice({"1": 0.9}, {"1": 0.8}, {"": 0.9}, {"1": 0.7})) == "11"


def test_the_greedy_text_scores_zero() -> None:
    assert score(WANG, "王小明") == 0.0


def test_a_score_is_the_sum_over_all_paths_relative_to_the_greedy_text() -> None:
    steps = lattice({"1": 0.6, "": 0.4}, {"1": 0.5, "": 0.5}, {"1": 0.3, "7": 0.7})
    expected = math.log(all_paths(steps, "11") / all_paths(steps, greedy(steps)))
    assert score(steps, "11") == pytest.approx(expected, abs=1e-3)


def test_a_repeated_character_needs_a_blank_between() -> None:
    assert score(lattice({"1": 1.0}, {"1": 1.0}), "11") < -5
    assert score(lattice({"1": 1.0}, {"": 1.0}, {"1": 1.0}), "11") == pytest.approx(0, abs=1e-6)


def test_a_look_alike_scores_better_than_another_name() -> None:
    assert 0 > score(WANG, "王小朋") > -1 > score(WANG, "李大明")


def test_a_name_inside_a_longer_fill_scores_low() -> None:
    assert score(WANG, "王小") < -5
    assert score(WANG, "王小明月") < -5


def test_a_text_longer_than_the_line_is_impossible() -> None:
    assert score(lattice({"1": 1.0}), "12") == -math.inf


def test_the_best_candidate_comes_with_score_and_margin() -> None:
    found = best(WANG, ["李大明", "王小朋", "王小明"])
    assert found is not None
    text, value, margin = found
    assert (text, value) == ("王小明", 0.0)
    assert margin == pytest.approx(-score(WANG, "王小朋"))


def test_no_candidates_give_no_best_one() -> None:
    assert best(WANG, []) is None


def test_a_single_candidate_has_no_second() -> None:
    assert best(WANG, ["王小明"]) == ("王小明", 0.0, math.inf)


def test_restricting_leaves_blanks_where_nothing_else_is_allowed() -> None:
    kept = restrict(lattice({"O": 0.7, "0": 0.3}, {"x": 1.0}), str.isdigit)
    assert kept[0] == (("0", math.log(0.3)),)
    assert kept[1] == (("", FLOOR),)


def test_digits_are_read_through_look_alike_letters() -> None:
    text, value = digits(lattice({"l": 0.6, "1": 0.4}, {"": 1.0}, {"O": 0.5, "0": 0.49}))
    assert text == "10"
    assert -1 < value < 0


def test_a_word_is_no_number() -> None:
    _, value = digits(lattice({"王": 1.0}, {"": 1.0}, {"4": 1.0}))
    assert value < -5


def test_pruning_keeps_likely_characters_and_merges_pure_blanks() -> None:
    rows = np.array([[0.9999, 5e-5, 5e-5], [0.9999, 5e-5, 5e-5], [0.2, 0.7, 0.1], [0.00005, 0.99, 0.00995]])
    pruned = prune(rows, ["", "甲", "乙"])
    assert [[c for c, _ in step] for step in pruned] == [[""], ["甲", "", "乙"], ["甲", "乙"]]
    assert pruned[1][0][1] == pytest.approx(math.log(0.7), abs=1e-3)
