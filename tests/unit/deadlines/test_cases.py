"""A table of cases: every good row answered, every bad one named by row and column with a remedy."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from motcua.cli.main import application
from motcua.deadlines import calendars, cases, lawfiles
from motcua.kernel.errors import Problem, UserError
from motcua.lawbook import Lawbook

HEADER = "case_id,received_at,limit,unit,counting,pauses,finished_at"
Answer = Callable[..., tuple[dict[str, str], list[Problem]]]


@pytest.fixture(scope="module")
def answer(book: Lawbook) -> Answer:
    """Compute rows and return the due moments by case, and the problems."""

    def of(*rows: str, rule: str = "standard", header: str = HEADER) -> tuple[dict[str, str], list[Problem]]:
        answers, problems = cases.compute(
            [f"{line}\n" for line in (header, *rows)],
            where="x.csv",
            versions=lawfiles.rule_versions(book, rule),
            calendar=lambda first, last: calendars.working_calendar(book, "vn", first=first, last=last),
            now=datetime.fromisoformat("2026-03-02T10:00"),
        )
        return {one.case_id: one.deadline.due_at.isoformat() for one in answers}, problems

    return of


def test_rows_are_read_as_the_issue_describes_them(answer: Answer) -> None:
    due, problems = answer(
        "a,2026-02-11T16:00,5,working_days,whole_days,,",
        'b,2026-03-02T09:00,"0,5",working_days,elapsed_hours,,2026-03-02T11:00',
        "c,2026-02-11 16:00,5,working_days,,2026-02-12T08:00/2026-02-12T10:00;2026-02-13T08:00/2026-02-13T09:00,",
        "d,2026-02-27,1,working_days,whole_days,2026-03-02T08:00/,",
        "",
        "e,2026-02-27T09:00+07:00,1,working_days,whole_days,2026-03-02T08:00/../supplement;,",
    )

    assert problems == []
    assert due == {
        "a": "2026-02-25T17:00:00",
        "b": "2026-03-02T14:00:00",
        "c": "2026-02-26T11:00:00",
        "d": "2026-03-03T10:00:00",
        "e": "2026-03-03T10:00:00",
    }


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("a,2026-02-11T16:00,5,,whole_days,,", "unit", "không có đơn vị"),
        ("a,2026-02-11T16:00,5,weeks,whole_days,,", "unit", "Không có đơn vị thời hạn «weeks»"),
        ("a,2026-02-11T16:00,,working_days,whole_days,,", "limit", "Thiếu thời hạn"),
        ("a,2026-02-11T16:00,,,whole_days,,", "limit", "Thiếu thời hạn"),
        ("a,2026-02-11T16:00,năm,working_days,whole_days,,", "limit", "không phải là số"),
        ("a,2026-02-11T16:00,-5,working_days,whole_days,,", "limit", "không phải là số dương"),
        ("a,2026-02-11T16:00,sNaN,working_days,whole_days,,", "limit", "không phải là số"),
        ("a,2026-02-11T16:00,1,5,working_days,whole_days,,2026-03-01", "limit", "nhiều hơn dòng tiêu đề"),
        ("a,2026-02-11T16:00,5,working_days,days,,", "counting", "Không có cách đếm «days»"),
        ("a,2026-02-30T16:00,5,working_days,whole_days,,", "received_at", "Không hiểu thời điểm"),
        ("a,,5,working_days,whole_days,,", "received_at", "Thiếu thời điểm"),
        (",2026-02-11T16:00,5,working_days,whole_days,,", "case_id", "Thiếu mã hồ sơ"),
        ("a,2026-02-11T16:00,5,working_days,whole_days,2026-02-13,", "pauses", "không có dấu «/»"),
        ("a,2026-02-11T16:00,5,working_days,whole_days,/2026-02-13,", "pauses", "Thiếu thời điểm"),
        ("a,2026-02-11T16:00,5,working_days,whole_days,2026-02-13/2026-02-12,", "pauses", "trước khi bắt đầu"),
        ("a,2026-02-11T16:00,5,working_days,whole_days,2026-02-13//bận,", "pauses", "Không có căn cứ tạm dừng «bận»"),
        ("a,2026-02-11T16:00,5,working_days,whole_days,,2026-02-10", "finished_at", "trước khi tiếp nhận"),
        ("a,2016-02-11T16:00,5,working_days,whole_days,,", "received_at", "Không có phiên bản nào của quy tắc"),
        ("a,2020-02-11T16:00,5,working_days,whole_days,,", "received_at", "Không có lịch làm việc năm 2020"),
        ("a,9999-12-31T16:00,5,working_days,whole_days,,", "received_at", "Không có lịch làm việc năm 9999"),
        ("a,2026-02-11,5,working_days,,2026-02-12/9999-12-31,", "pauses", "Không có lịch làm việc năm 9999"),
        ("a,2199-12-11T16:00,100,working_days,whole_days,,", "limit", "Không có lịch làm việc năm 2200"),
        ("a,9999-12-31T16:00,5,months,whole_days,,", "received_at", "Không có lịch làm việc năm 9999"),
        ("a,9999-12-31T16:00,5,calendar_days,elapsed_hours,,", "received_at", "Không có lịch làm việc năm 9999"),
        ("a,0001-01-01T00:00+14:00,5,working_days,whole_days,,", "received_at", "Không hiểu thời điểm"),
        ("a,2300-02-11T16:00,5,working_days,whole_days,,", "received_at", "Không có lịch làm việc năm 2300"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_a_remedy(answer: Answer, row: str, column: str, says: str) -> None:
    due, problems = answer("good,2026-02-11T16:00,5,working_days,whole_days,,", row)

    assert due == {"good": "2026-02-25T17:00:00"}
    (problem,) = problems
    assert (problem.row, problem.column) == (3, column)
    assert says in problem.what
    assert problem.remedy


def test_a_limit_that_reaches_far_is_counted_on_computed_years(answer: Answer) -> None:
    due, problems = answer("a,2026-02-11T16:00,4000,working_days,whole_days,,")

    assert (due, problems) == ({"a": "2042-03-14T17:00:00"}, [])


def test_a_moment_of_measuring_before_every_receipt_is_no_fault(answer: Answer) -> None:
    due, problems = answer("a,2027-02-11T16:00,5,working_days,whole_days,,")

    assert (list(due), problems) == (["a"], [])


def test_a_rule_that_fixes_the_limit_needs_none_in_the_table(answer: Answer) -> None:
    due, problems = answer("a,2026-02-11T16:00", rule="online-intake", header="case_id,received_at")

    assert (due, problems) == ({"a": "2026-02-12T16:00:00"}, [])


def test_a_table_without_the_needed_columns_is_refused(answer: Answer) -> None:
    with pytest.raises(UserError, match="Thiếu cột «case_id», «received_at»"):
        answer("1", header="mã")


def test_a_table_that_names_a_column_twice_is_refused(answer: Answer) -> None:
    with pytest.raises(UserError, match="hai lần: limit"):
        answer("a,2026-02-11T16:00,5,6,working_days", header="case_id,received_at,limit,limit,unit")


def test_a_line_longer_than_any_csv_is_refused_with_its_number(answer: Answer) -> None:
    with pytest.raises(UserError, match="Không đọc được dòng 2"):
        answer("a" * 200_000 + ",2026-02-11T16:00,5,working_days")


def test_a_table_without_good_rows_answers_none(answer: Answer) -> None:
    due, problems = answer("a,hôm qua,5,working_days,whole_days,,")

    assert due == {}
    assert len(problems) == 1


def run(*arguments: str) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(application(["clock"]), ["clock", *arguments])
    return result.exit_code, result.output, result.exception


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(
        "\ufeff" + HEADER + "\n"
        "HS-1,2026-02-11T16:00,5,working_days,whole_days,2026-02-13T10:00/2026-02-24T09:00/supplement,\n"
        "HS-2,2027-02-11T16:00,5,working_days,whole_days,,\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "cases.csv"
    pauses = "2026-02-13T10:00/2026-02-24T09:00/supplement;2026-02-24T14:00/"
    lines = [HEADER.split(","), ["HS-1", "2026-02-11T16:00", "5", "working_days", "whole_days", f'"{pauses}"', ""]]
    path.write_text("\r\n".join(separator.join(line) for line in lines), encoding=encoding)

    code, output, _ = run(str(path), "--format", "json", "--now", "2026-02-26T10:00")

    assert code == 0
    assert [case["state"] for case in json.loads(output)["cases"]] == ["paused"]


def test_a_term_of_calendar_days_says_that_days_off_count(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(f"{HEADER}\nHS-1,2026-11-21T09:00,15,calendar_days,whole_days,,\n", encoding="utf-8")

    _, output, _ = run(str(path), "--format", "json", "--explain", "--now", "2026-11-23T10:00")

    (case,) = json.loads(output)["cases"]
    assert case["due_at"] == "2026-12-07T17:00:00"
    assert "đếm liên tục, cả ngày nghỉ: từ Chủ nhật 22/11/2026 đến Chủ nhật 6/12/2026" in case["lines"]
    assert not any("bỏ " in line for line in case["lines"])


def test_the_command_writes_json(table: Path) -> None:
    code, output, _ = run(str(table), "--format", "json", "--explain", "--now", "2026-02-26T10:00")

    first, second = json.loads(output)["cases"]
    assert code == 0
    assert (first["case_id"], first["due_at"], first["state"]) == ("HS-1", "2026-02-27T16:00:00", "within")
    assert first["remaining_working_minutes"] == 360 + 420 - 0
    assert any("chờ bổ sung hồ sơ" in line for line in first["lines"])
    assert (first["provisional"], second["provisional"]) == (False, True)


def test_the_command_writes_csv_with_both_clocks(table: Path) -> None:
    code, output, _ = run(str(table), "--format", "csv", "--two-clocks", "--explain", "--now", "2026-02-26T10:00")

    first, second = csv.DictReader(io.StringIO(output))
    assert code == 0
    assert first["qd766_due_at"] == "2026-02-25T17:00:00"
    assert first["qd766_is_on_time"] == "true"
    assert "cổng trừ theo thời gian trên lịch" in first["differences"]
    assert second["differences"] == ""
    assert second["provisional"] == "true"


def test_the_command_writes_a_table_with_reasons(table: Path) -> None:
    code, output, _ = run(str(table), "--two-clocks", "--explain", "--now", "2026-02-26T10:00")

    assert code == 0
    assert "Trong hạn" in output
    assert "(tạm tính)" in output
    assert "766: Ngày hẹn trả: 17:00 thứ Tư 25/2/2026." in output


def test_a_case_id_is_shown_as_written_and_breaks_no_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f"{HEADER}\n[red]a[/b]\u2028c,2026-02-11T16:00,5,working_days,,,\n", encoding="utf-8")

    code, output, _ = run(str(path), "--now", "2026-02-26T10:00")

    assert code == 0
    assert "[red]a[/b]" in output


def test_the_command_answers_good_rows_and_names_bad_ones(table: Path) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write("HS-3,2026-02-11T16:00,5,,whole_days,,\n")

    code, output, error = run(str(table), "--format", "csv")

    assert code != 0
    assert "HS-1,2026-02-27T16:00:00" in output
    assert isinstance(error, UserError)
    assert f"{table}, dòng 4, cột «unit»: Thời hạn «5» không có đơn vị." in str(error)


STORM = """
code     = "H21"
year     = 2026
name_vi  = "Lịch có ngày bão"
status   = "announced"
citation = { document = "15/TB-UBND", where = "", certainty = "found" }

[[day_off]]
date    = 2026-02-25
kind    = "local"
name_vi = "nghỉ bão"
"""


@pytest.mark.parametrize("output", ["json", "csv", "table"])
def test_a_storm_day_lists_the_open_dossiers_that_moved(table: Path, tmp_path: Path, output: str) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write("HS-3,2026-02-11T16:00,5,working_days,whole_days,,2026-02-24T10:00\n")
    storm = tmp_path / "2026.toml"
    storm.write_text(STORM, encoding="utf-8")

    code, told, _ = run(
        str(table), "--calendar", str(storm), "--moved-from", "vn", "--format", output, "--now", "2026-02-26T10:00"
    )

    assert code == 0
    assert "HS-1" in told
    assert "HS-2" not in told
    assert "HS-3" not in told
    if output == "json":
        (moved,) = json.loads(told)["cases"]
        assert (moved["due_at_before"], moved["due_at"]) == ("2026-02-27T16:00:00", "2026-03-02T16:00:00")


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        (None, (), "Không đọc được tệp"),
        (b"\xff\xfe\x00", (), "không phải văn bản CSV mã UTF-8"),
        (b"x", ("--now", "mai"), "Không hiểu thời điểm «mai»"),
    ],
)
def test_the_command_explains_what_it_cannot_read(
    tmp_path: Path, content: bytes | None, arguments: tuple[str, ...], says: str
) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)

    _, _, error = run(str(path), *arguments)

    assert isinstance(error, UserError)
    assert says in str(error)


@pytest.mark.shared
def test_the_due_dates_of_the_shared_calendar_data_all_agree(
    answer: Answer, shared_data: Callable[[str], Path]
) -> None:
    with shared_data("vn-working-calendar/deadline_cases.csv").open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))

    due, problems = answer(
        *(f"{n},{one['received']}T09:00,{one['working_days']},working_days,whole_days" for n, one in enumerate(given)),
        header="case_id,received_at,limit,unit,counting",
    )

    assert problems == []
    assert [date.fromisoformat(due[str(n)][:10]).isoformat() for n in range(len(given))] == [
        one["due_date_computed_from_calendar"] for one in given
    ]
