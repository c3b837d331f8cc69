"""What the program found out, said in English: every sentence of the rules, the checklist and the computation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from api.pages.language import CHINESE, ENGLISH, Catalogue
from api.pages.sentences import Sentences
from archive_verify.resources import translation_dir

ROOT = Path(__file__).parent.parent / "archive_verify"
# Modules of rules that say nothing to a reviewer: they read policies, patterns and catalogue lines.
SILENT = {"terms.py", "catalogue_lines.py", "case.py"}
SOME = "X1"
HAN = re.compile(r"[㐀-鿿]")
PATTERN = re.compile(r"[\[|*\\^]|\(\?|\?\)")


@pytest.fixture(scope="module")
def english() -> Sentences:
    return Sentences(translation_dir(), Catalogue(translation_dir(), ENGLISH))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("学员张三（第1行）劳动合同（第2、4–6页）缺本人签字。",
         "Trainee 张三 (row 1): labour contract (page 2, 4–6): no own signature."),
        ("学员李四（第12行）需人工核对：工资表（第3页）的月份；第9页无法辨认，可能是单位考勤表",
         "Trainee 李四 (row 12) needs a person's eyes: month of the payroll (page 3); "
         "page 9 is illegible and may be the work attendance"),
        ("第3页未编页码。", "Page 3 bears no page number."),
        ("文水县某某有限公司", "文水县某某有限公司"),
    ],
)  # fmt: skip
def test_a_finding_is_said_in_english_and_names_stay_as_they_are(english: Sentences, said: str, meant: str) -> None:
    assert english(said) == meant


def test_in_chinese_every_finding_stays_as_it_is() -> None:
    chinese = Sentences(translation_dir(), Catalogue(translation_dir(), CHINESE))
    assert chinese("第3页未编页码。") == "第3页未编页码。"


def test_all_that_rules_and_computation_say_has_english_words(english: Sentences) -> None:
    files = [path for path in sorted((ROOT / "policy").glob("*.py")) if path.name not in SILENT]
    others = [ROOT / "assessment/steps.py", ROOT / "report/checklist.py"]
    said = {text for path in (*files, *others) for text in _sentences(path)}
    assert len(said) > 150
    assert sorted(text for text in said if HAN.search(english(text))) == []


def _sentences(path: Path) -> Iterator[str]:
    """All texts with Chinese words that a module puts together; what it does not know stands as SOME."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef)):
        named = {
            target.id: node.value for node in ast.walk(scope) if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name) and isinstance(scope, ast.FunctionDef)
        }  # fmt: skip
        parts = {id(part) for node in ast.walk(scope) for part in _within(node)}
        if isinstance(scope, ast.Module):
            parts |= {id(part) for node in scope.body if isinstance(node, ast.FunctionDef) for part in ast.walk(node)}
        parts |= {id(part) for value in named.values() for part in ast.walk(value)} if named else set()
        for node in ast.walk(scope):
            if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in parts | documentation:
                yield from (text for text in _texts(node, named) if HAN.search(text) and not PATTERN.search(text))


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What is only a part of a longer text."""
    if isinstance(node, ast.JoinedStr | ast.BinOp | ast.AugAssign):
        yield from (part for part in ast.walk(node) if part is not node)


def _texts(node: ast.AST, named: dict[str, ast.expr], depth: int = 3) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value if isinstance(node.value, str) else SOME]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, named, depth) + _texts(node.orelse, named, depth)
    if isinstance(node, ast.FormattedValue):
        return _texts(node.value, named, depth)
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*(_texts(part, named, depth) for part in node.values))]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [one + two for one, two in product(_texts(node.left, named, depth), _texts(node.right, named, depth))]
    if isinstance(node, ast.Name) and node.id in named and depth:
        return _texts(named[node.id], named, depth - 1)
    return [SOME]
