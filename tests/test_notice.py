"""The correction notice lists what the institution can mend, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2

from archive_verify.policy.terms import load_policy
from archive_verify.report.corrections import NOT_FOR_THE_INSTITUTION, corrections
from archive_verify.report.notice import write_notice
from archive_verify.words import CODES
from tests.report_factories import report_of

POLICY = load_policy("wenshui_2023_51")


def _pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "") for page in document]
    finally:
        document.close()


def _made(tmp_path: Path, issues: list[dict[str, Any]], **given: Any) -> list[str]:
    assert write_notice(report_of(issues=issues, **given), POLICY, tmp_path / "notice.pdf")
    return _pages(tmp_path / "notice.pdf")


def test_the_notice_says_what_each_has_to_supply_with_page_and_paragraph(tmp_path: Path) -> None:
    text = "".join(
        _made(
            tmp_path,
            [
                {"code": "document_missing", "expected": "teaching_log", "citation": "文人社字〔2023〕51号 四(一)"},
                {"code": "contract_missing", "trainee": 1, "pages": (3, 4)},
            ],
            facts={"institution": "启航学校"},
        )
    )
    for part in (
        "补正通知书", "启航学校：", "第1期", "2 项", "缺少的材料", "补交教学日志", "四(一)", "王小麦", "0035",
        "补交本人与用人单位签订的劳动合同", "3–4", "四(三)1", "回　执", "审核机关盖章", "年＿＿月＿＿日",
    ):  # fmt: skip
        assert part in text, part
    assert "141121198503120035" not in text
    assert "文人社字〔2023〕51号 四(一)" not in text    # the paragraph alone; the head names the document


def test_what_no_paper_mends_is_not_asked_for() -> None:
    issues = [{"code": code} for code in sorted(NOT_FOR_THE_INSTITUTION)] + [{"code": "page_blank"}]
    assert corrections(report_of(issues=issues), "").count == 0
    for code in NOT_FOR_THE_INSTITUTION & set(CODES):
        assert code in CODES


def test_remarks_are_not_asked_for_and_an_unknown_error_is() -> None:
    issues = [{"code": "page_repeated", "severity": "info"}, {"code": "a_new_rule", "trainee": 1}]
    found = corrections(report_of(issues=issues), "")
    assert found.of_class == () and [one.problem for one in found.of_trainees[0][1]] == ["第2条问题"]


def test_the_trainee_is_named_once_and_not_in_each_line() -> None:
    issues = [{"code": "contract_missing", "trainee": 1, "message": "学员王小麦（第1行）未见劳动合同。"}]
    assert corrections(report_of(issues=issues), "").of_trainees[0][1][0].problem == "未见劳动合同。"


def test_with_nothing_to_mend_no_notice_is_written(tmp_path: Path) -> None:
    report = report_of(issues=[{"code": "needs_review", "trainee": 1}, {"code": "page_blank"}])
    assert not write_notice(report, POLICY, tmp_path / "notice.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_long_list_flows_over_numbered_pages_under_its_heading(tmp_path: Path) -> None:
    issues = [{"code": "contract_missing", "trainee": row} for row in range(1, 81) for _ in range(2)]
    pages = _made(tmp_path, issues, trainees=[{"name": f"学员{row}"} for row in range(1, 81)])
    assert len(pages) > 5
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页 共 {len(pages)} 页" in text.replace("  ", " ")
    assert all("补正要求" in text for text in pages[:-1])
    assert "160" in "".join(pages) and "回　执" in pages[-1] and "签收人" in pages[-1]


def test_no_line_begins_with_a_closing_mark(tmp_path: Path) -> None:
    issues = [{"code": "contract_missing", "message": "“甲”、（乙）。" * length} for length in range(1, 25)]
    assert write_notice(report_of(issues=issues), POLICY, tmp_path / "notice.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "notice.pdf")
    lines = [line for page in document for line in page.get_textpage().get_text_bounded().splitlines()]
    document.close()
    assert [line for line in lines if line[:1] in tuple("，。、；：”）》")] == []


def test_numbers_and_words_of_latin_letters_stay_whole(tmp_path: Path) -> None:
    number = "141121198503120035"
    issues = [{"code": "contract_missing", "message": "字" * length + number} for length in range(1, 30)]
    assert write_notice(report_of(issues=issues), POLICY, tmp_path / "notice.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "notice.pdf")
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert text.count(number) == 29


def test_a_text_longer_than_a_sheet_goes_on_over_the_next(tmp_path: Path) -> None:
    text = "".join(_made(tmp_path, [{"code": "contract_missing", "message": "长" * 3000 + "完"}]))
    assert text.count("长") == 3000 and "完" in text


def test_the_line_that_names_a_trainee_is_not_left_at_the_foot_of_a_sheet(tmp_path: Path) -> None:
    issues = [
        {"code": "contract_missing", "trainee": row, "message": "问" * (row % 7 * 20 + 1)} for row in range(1, 81)
    ]
    for text in _made(tmp_path, issues, trainees=[{"name": f"学员{row}"} for row in range(1, 81)]):
        body = text.split("补正通知书 · ")[0].rstrip()
        assert not body.endswith("企业就业")


def test_no_file_of_a_typeface_stays_open_behind_a_written_notice(tmp_path: Path) -> None:
    _made(tmp_path, [{"code": "contract_missing", "trainee": 1}])
    names = [path.readlink().name for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert [name for name in names if name.endswith((".otf", ".ttf"))] == []
