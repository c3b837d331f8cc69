"""The state of single pages: blank, turned, illegible, scanned twice."""

from __future__ import annotations

from collections.abc import Iterator

from archive_verify.model import DocType
from archive_verify.policy.case import Case
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, review
from archive_verify.policy.terms import EMPLOYMENT_PROOF

# An employer's own sheets, of which a copy may lie behind each of several trainees.
_SHARED = frozenset({DocType.PAYROLL, DocType.WORK_ATTENDANCE, DocType.BUSINESS_LICENCE})


@binder_rule("page_blank", severity="info", target="page", citation="pagination")
def page_blank(case: Case) -> Iterator[Finding]:
    """空白页予以提示"""
    for index in sorted(case.blank):
        yield Finding(f"{pages_text([index])}是空白页", pages=(index,))


@binder_rule("page_rotated", severity="info", target="page", citation="pagination")
def page_rotated(case: Case) -> Iterator[Finding]:
    """倒置或横置扫描的页予以提示"""
    for page in case.pages:
        if page.index in case.blank:
            continue
        if page.reading.rotation or "rotated" in page.reading.flags:
            turn = page.reading.rotation
            yield Finding(
                f"{pages_text([page.index])}{'倒置' if turn == 180 else '横置'}，已顺时针转{turn}度查看",
                pages=(page.index,),
                found=str(turn),
            )


@binder_rule("page_illegible", severity="error", target="page", citation="binder")
def page_illegible(case: Case) -> Iterator[Finding]:
    """看不清的页须重新扫描"""
    for page in case.pages:
        if page.index in case.failed:
            reason = f"（{page.reading.failure}）" if page.reading.failure else ""
            yield review(f"{pages_text([page.index])}读取失败{reason}，请人工查看", pages=[page.index])
        elif "illegible" in page.reading.flags and page.index not in case.blank:
            yield Finding(f"{pages_text([page.index])}无法辨认，请重新扫描", pages=(page.index,))


@binder_rule("page_repeated", severity="warning", target="pages", citation="binder")
def page_repeated(case: Case) -> Iterator[Finding]:
    """同一页不得重复装订；单位的表附在几名学员之后的只作提示"""
    for group in case.repeats:
        if any(index in case.blank for index in group):
            continue
        shared = _behind_different_trainees(case, group)
        yield Finding(
            f"{pages_text(group)}是同一页的重复扫描" + ("（单位的材料附在几名学员之后）" if shared else ""),
            pages=tuple(group),
            severity="info" if shared else None,
        )


def _behind_different_trainees(case: Case, group: tuple[int, ...]) -> bool:
    """Whether copies of an employer's sheet each lie behind another trainee's own papers."""
    holders: list[frozenset[int]] = []
    for index in group:
        document = case.document_at.get(index)
        if document is None or document.type not in _SHARED:
            return False
        holders.append(_holder(case, document.pages[0]))
    return all(holders) and len(set(holders)) == len(holders)


def _holder(case: Case, page: int) -> frozenset[int]:
    """Whose personal paper is the nearest before a page, within the employment proof."""
    for index in range(page - 1, 0, -1):
        document = case.document_at.get(index)
        if document is None or document.type in _SHARED or index in case.blank or index in case.unreadable:
            continue
        if document.type not in EMPLOYMENT_PROOF:
            return frozenset()
        owners = case.owners(document)
        if len(owners) >= 1:
            return owners
    return frozenset()


RULES: tuple[BinderRule, ...] = (page_blank, page_rotated, page_illegible, page_repeated)
