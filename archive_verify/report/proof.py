"""One trainee's proof, fetched from a report directory."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from archive_verify.errors import InputRefused
from archive_verify.model import Trainee
from archive_verify.report.checklist import STATE_WORDS
from archive_verify.report.schema import DossierInfo, Report
from archive_verify.values import normal_id
from archive_verify.words import CODES, DOC_TYPES, EMPLOYMENT_TYPES, SEVERITIES, VERDICTS, mask_id, page_runs

_ID_NUMBER = re.compile(r"\d{17}[\dX]|\d{15}")
_ROW = re.compile(r"0*[1-9]\d{0,4}")


def load_report(directory: Path) -> Report:
    """The report.json of a report directory. Raises InputRefused where there is none that can be read."""
    path = directory / "report.json"
    try:
        return Report.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputRefused(
            "没有 report.json", where=directory, advice="请给出 archive-verify check 写出的报告目录"
        ) from error
    except OSError as error:
        raise InputRefused(f"读取失败（{error.strerror or error}）", where=path) from error
    except ValidationError as error:
        raise InputRefused(
            "不是本程序写出的 report.json，或已损坏", where=path, advice="请重新运行 archive-verify check"
        ) from error


def find_trainee(report: Report, wanted: str) -> Trainee:
    """The one trainee with this name, ID number or roster row.

    Full-width digits and a small x are the same number. Raises InputRefused where nobody fits, or
    several do: it then names each with row and last four places.
    """
    found = _fitting(report, wanted)
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputRefused(
            f"花名册中没有“{wanted.strip()}”", advice="请核对姓名、身份证号，或给出花名册行号"
        )
    listed = "；".join(f"第{one.row}行 {one.name}（尾号 {one.id_number[-4:] or '空缺'}）" for one in found)
    raise InputRefused(f"有 {len(found)} 名学员符合：{listed}", advice="请用 --trainee 给出行号")


def _fitting(report: Report, wanted: str) -> list[Trainee]:
    number = normal_id(wanted)
    if _ID_NUMBER.fullmatch(number):
        return [one for one in report.trainees if normal_id(one.id_number) == number]
    if _ROW.fullmatch(number):
        return [one for one in report.trainees if one.row == int(number)]
    return [one for one in report.trainees if _name_key(one.name) == _name_key(wanted)]


def _name_key(name: str) -> str:
    """A name without white space and with one kind of middle dot."""
    return re.sub(r"[·•・‧.]", "·", "".join(unicodedata.normalize("NFKC", name).split()))


def copy_dossier(report: Report, trainee: Trainee, directory: Path, out: Path | None) -> Path | None:
    """Where the trainee's dossier lies, after copying it to `out` where given; None where there is none."""
    info = _info(report, trainee)
    if info is None or info.file is None:
        if out is not None:
            raise InputRefused(f"档案中没有 {trainee.name}（第{trainee.row}行）的页面，无案卷可存")
        return None
    path = directory / info.file
    if not path.is_file() or not path.resolve().is_relative_to(directory.resolve()):
        raise InputRefused("案卷文件不在报告目录里", where=path, advice="请重新运行 archive-verify check")
    if out is None:
        return path
    target = out / path.name if out.is_dir() else out
    try:
        shutil.copyfile(path, target)
    except shutil.SameFileError:
        return path
    except OSError as error:
        raise InputRefused(f"案卷写不进去：{error.strerror or error}", where=target) from error
    return target


def print_proof(report: Report, trainee: Trainee, dossier: Path | None, console: Console) -> None:
    """Print who it is, the verdict, the papers with their pages, the issues, and where the dossier lies."""
    colour = {"verified": "green", "needs_review": "yellow", "not_claimed": "dim"}.get(trainee.verdict, "red")
    console.print(
        Text.assemble(
            (trainee.name, "bold"),
            f"　第 {trainee.row} 行　{mask_id(trainee.id_number)}　{EMPLOYMENT_TYPES[trainee.employment_type]}　",
            (VERDICTS[trainee.verdict], colour),
        )
    )
    info = _info(report, trainee)
    for one in info.requirements if info else ():
        console.print(Text(f"  {STATE_WORDS[one.state]}　{one.label}{_pages(one.pages)}"))
    console.print("材料：")
    documents = {document.id: document for document in report.documents}
    for id_ in trainee.documents:
        if id_ in documents:
            document = documents[id_]
            console.print(Text(f"  {DOC_TYPES[document.type]}　{document.title}{_pages(document.pages)}"))
    if not trainee.documents:
        console.print("  未见本人的材料")
    issues = [issue for issue in report.issues if issue.id in trainee.issues]
    console.print(f"问题：{len(issues)} 条")
    for issue in issues:
        name = CODES.get(issue.code, issue.code)
        console.print(Text(f"  {SEVERITIES[issue.severity]}　{name}：{issue.message}（{issue.citation}）"))
    console.print(Text(f"案卷：{dossier}" if dossier else "案卷：无"))


def _pages(pages: tuple[int, ...]) -> str:
    return f"〔第 {page_runs(pages)} 页〕" if pages else ""


def _info(report: Report, trainee: Trainee) -> DossierInfo | None:
    return next((info for info in report.dossiers if info.trainee == trainee.row), None)
