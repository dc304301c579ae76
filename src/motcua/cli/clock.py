"""``motcua clock``: the due moment, the state and the reasons of every case in a table."""

import csv
import io
import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from motcua.kernel import csv_text
from motcua.kernel.errors import Problem, UserError


class Format(StrEnum):
    """How the answers are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(  # noqa: PLR0917 - the options of a command, named by the person who types them
    file: Annotated[Path, typer.Argument(help="Tệp CSV: case_id,received_at,limit,unit,counting,pauses,finished_at")],
    rule: Annotated[str, typer.Option(help="Quy tắc thời hạn, tên thư mục trong law/deadlines")] = "standard",
    calendar: Annotated[str, typer.Option(help="Lịch làm việc trong law/calendar")] = "vn",
    explain: Annotated[
        bool, typer.Option("--explain", help="Ghi lý do từng dòng: ngày nào tính, ngày nào không")
    ] = False,
    two_clocks: Annotated[
        bool,
        typer.Option("--two-clocks", help="Thêm cách đo của Bộ chỉ số 766, và vì sao khác đồng hồ theo luật"),
    ] = False,
    now: Annotated[str, typer.Option(help="Tính đến thời điểm này, ví dụ 2026-03-02T10:00 (mặc định: bây giờ)")] = "",
    moved_from: Annotated[
        str, typer.Option(help="Chỉ kể hồ sơ đang mở có hạn đổi so với lịch này (khi lịch thêm ngày nghỉ)")
    ] = "",
    output: Annotated[Format, typer.Option("--format", help="Dạng kết quả")] = Format.TABLE,
) -> None:
    """Tính hạn trả kết quả của nhiều hồ sơ: hạn, tình trạng, thời gian còn lại và lý do."""
    from motcua import lawbook
    from motcua.deadlines import calendars, cases, lawfiles

    measured = _now(now)
    book = lawbook.load()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp ({error.strerror}).", remedy="Hãy kiểm tra đường dẫn tệp CSV.", where=str(file)
        ) from error
    lines = io.StringIO(csv_text.decoded(content, where=str(file)), newline="").readlines()
    versions = lawfiles.rule_versions(book, rule)
    beside = lawfiles.rule_versions(book, "qd766") if two_clocks else ()

    def under(name: str) -> tuple[list[cases.Answer], list[Problem]]:
        return cases.compute(
            lines,
            where=str(file),
            versions=versions,
            calendar=lambda first, last: calendars.working_calendar(book, name, first=first, last=last),
            now=measured,
            beside=beside,
        )

    answers, problems = under(calendar)
    if moved_from:
        moved = cases.moved(under(moved_from)[0], answers)
        found = [_fields(answer, explain) | {"due_at_before": was.isoformat()} for answer, was in moved]
    else:
        found = [_fields(answer, explain) for answer in answers]
    if output is Format.JSON:
        sys.stdout.write(json.dumps({"cases": found}, ensure_ascii=False, indent=1) + "\n")
    elif output is Format.CSV:
        _write_csv(found)
    else:
        _write_table(found)
    if problems:
        # The good rows are answered all the same; the exit code says that the file is not clean.
        sys.stdout.flush()
        raise UserError(
            f"{len(problems)} dòng có lỗi và không được tính; các dòng khác đã có kết quả.",
            remedy="Hãy sửa các dòng sau rồi chạy lại.",
            where=str(file),
            problems=tuple(problems),
        )


def _now(text: str) -> datetime:
    from motcua.kernel import time

    if not text:
        return time.local(datetime.now(time.VIETNAM))
    try:
        return time.local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise UserError(
            f"Không hiểu thời điểm «{text}».", remedy="Hãy ghi ví dụ 2026-03-02T10:00.", where="--now"
        ) from None


def _fields(answer: Any, explain: bool) -> dict[str, Any]:
    deadline = answer.deadline
    fields = {
        "case_id": answer.case_id,
        "due_at": deadline.due_at.isoformat(),
        "state": deadline.state.value,
        "remaining_working_minutes": deadline.remaining_working_minutes,
        "provisional": deadline.is_provisional,
        "rule": deadline.rule,
        "calendar": deadline.calendar,
        "marks": list(deadline.marks),
    }
    if answer.both is not None:
        measure = answer.both.qd766
        fields["qd766"] = {
            "due_at": measure.due_at.isoformat(),
            "counted_at": measure.counted_at.isoformat(),
            "is_on_time": measure.is_on_time,
            "rule": measure.rule,
        } | ({"lines": list(measure.lines)} if explain else {})
        fields["differences"] = list(answer.both.differences)
    return fields | {"lines": list(deadline.lines)} if explain else fields


def _write_csv(found: list[dict[str, Any]]) -> None:
    names = ["case_id", "due_at", "state", "remaining_working_minutes", "provisional", "rule", "calendar", "marks"]
    if found and "due_at_before" in found[0]:
        names.insert(1, "due_at_before")
    if found and "qd766" in found[0]:
        names += ["qd766_due_at", "qd766_counted_at", "qd766_is_on_time", "differences"]
    if found and "lines" in found[0]:
        names.append("lines")
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    for fields in found:
        flat = fields | {"provisional": _word(fields["provisional"]), "marks": " ".join(fields["marks"])}
        if measure := flat.pop("qd766", None):
            flat |= {f"qd766_{name}": measure[name] for name in ("due_at", "counted_at")}
            flat |= {"qd766_is_on_time": _word(measure["is_on_time"]), "differences": " | ".join(fields["differences"])}
        if "lines" in flat:
            flat["lines"] = " | ".join(fields["lines"])
        writer.writerow(flat)


def _word(value: bool) -> str:
    return "true" if value else "false"


def _write_table(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from motcua.deadlines.types import ClockState

    console = Console()
    table = Table()
    has_moved = bool(found) and "due_at_before" in found[0]
    for name in ("Hồ sơ", *(["Hạn cũ"] if has_moved else []), "Hạn trả", "Tình trạng"):
        table.add_column(name)
    table.add_column("Còn (phút làm việc)", justify="right")
    has_both = bool(found) and "qd766" in found[0]
    if has_both:
        table.add_column("Cổng (766)")
    for fields in found:
        due = datetime.fromisoformat(fields["due_at"])
        table.add_row(
            escape(fields["case_id"]),
            *([f"{datetime.fromisoformat(fields['due_at_before']):%H:%M %d/%m/%Y}"] if has_moved else []),
            f"{due:%H:%M %d/%m/%Y}" + (" (tạm tính)" if fields["provisional"] else ""),
            ClockState(fields["state"]).name_vi,
            str(fields["remaining_working_minutes"]),
            *(["Đúng hạn" if fields["qd766"]["is_on_time"] else "Quá hạn"] if has_both else []),
        )
    console.print(table)
    for fields in found:
        told = fields.get("lines", [])
        if has_both:
            told = [
                *told,
                *(f"766: {line}" for line in fields["qd766"].get("lines", [])),
                *(f"khác nhau: {line}" for line in fields["differences"]),
            ]
        if told:
            console.print(f"\nHồ sơ {fields['case_id']}", markup=False, highlight=False)
        for line in told:
            console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
