"""Petitions, decisions, national reports and procedures: their clocks, fall-backs and unions."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.working_time import CalendarData, WorkingCalendar, hours
from motcua.facts import decisions, engine, national_reports, petitions, storing
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.results import Measures
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period

FORMULA = "Mô tả công thức tính chỉ số 766"
# 2/3/2026 is a Monday; no holidays in March.
OFFICE = hours("08:00-12:00", "13:00-17:00")
CALENDAR = WorkingCalendar(
    CalendarData(
        code="test", version="1", first=date(2026, 1, 1), last=date(2026, 12, 31), week=(*(OFFICE,) * 5, (), ())
    )
)
RULE = DeadlineRule(
    code="test",
    effective_from=date(2022, 6, 23),
    name_vi="",
    day_length=8 * 3_600_000_000,
    approaching=0,
    supplement_requests=1,
)
CLOCK = FactClock(RULE, CALENDAR)
OPTIONS = FactOptions(
    promulgate_lead_province=5,
    promulgate_lead_ministry=20,
    publish_within_province=5,
    publish_within_ministry=10,
    petition_refuse_within=2,
    petition_supplement_within=5,
    petition_resolve_within=15,
    petition_publish_within=2,
)
MARCH = Period.month(2026, 3)
END = date(2026, 3, 31)


def _petition(**row: Any) -> petitions.Petition:
    moments = {name: datetime.fromisoformat(value) for name, value in row.items() if name.endswith("_at")}
    whole = {"petition_code": "1", "unit_code": "H05", "received_at": datetime.fromisoformat("2026-03-02")}
    return petitions.read([whole | row | moments], on=datetime.fromisoformat("2026-12-31"))[0]


def _in_time(cut_off: date = END, **row: Any) -> bool | None:
    return petitions.is_on_time(_petition(**row), cut_off=cut_off, options=OPTIONS, calendar=CALENDAR)


@pytest.mark.law(FORMULA, "chỉ số 5.2")
def test_a_petition_is_refused_within_two_working_days_of_the_last_forward() -> None:
    assert _in_time(rejected_at="2026-03-04")
    assert not _in_time(rejected_at="2026-03-05")
    assert _in_time(forwarded_at="2026-03-05", rejected_at="2026-03-09")


@pytest.mark.law(FORMULA, "chỉ số 5.2")
def test_the_first_supplement_is_asked_within_five_working_days() -> None:
    assert _in_time(supplement_requested_at="2026-03-09")
    assert not _in_time(supplement_requested_at="2026-03-10")


@pytest.mark.law(FORMULA, "chỉ số 5.2")
def test_a_petition_is_answered_in_fifteen_and_published_in_two_working_days() -> None:
    assert _in_time(resolved_at="2026-03-23", published_at="2026-03-25")
    assert not _in_time(resolved_at="2026-03-24", published_at="2026-03-25")
    assert not _in_time(resolved_at="2026-03-20", published_at="2026-03-25")


@pytest.mark.law(FORMULA, "chỉ số 5.2")
def test_an_open_petition_is_in_time_while_fifteen_working_days_have_not_passed() -> None:
    assert _in_time(date(2026, 3, 23))
    assert not _in_time(date(2026, 3, 24))


def test_without_a_limit_in_the_rule_set_nobody_knows_whether_a_petition_is_in_time() -> None:
    assert petitions.is_on_time(_petition(), cut_off=END, options=FactOptions(), calendar=CALENDAR) is None


def _decision(**row: Any) -> decisions.Decision:
    days = {name: date.fromisoformat(value) for name, value in row.items() if name.endswith("_on") and value}
    whole = {"procedure_code": "1.000001", "signed_on": date(2026, 3, 2), "issuer": "province"}
    return decisions.read([whole | row | days], on=date(2026, 12, 31))[0]


@pytest.mark.law(FORMULA, "chỉ số 1.1")
def test_a_province_signs_five_and_a_ministry_twenty_working_days_before_effect() -> None:
    def in_time(**row: Any) -> bool | None:
        return decisions.is_promulgated_on_time(_decision(**row), options=OPTIONS, calendar=CALENDAR)

    assert in_time(effective_on="2026-03-09")
    assert not in_time(effective_on="2026-03-06")
    assert in_time(issuer="ministry", effective_on="2026-03-30")
    assert not in_time(issuer="ministry", effective_on="2026-03-27")
    assert in_time(effective_on=None) is False


@pytest.mark.law(FORMULA, "chỉ số 1.2")
def test_a_procedure_is_published_within_five_working_days_of_the_decision() -> None:
    def in_time(**row: Any) -> bool | None:
        decision = _decision(**row)
        return decisions.is_published_on_time(decision, period=MARCH, on=END, options=OPTIONS, calendar=CALENDAR)

    assert in_time(published_on="2026-03-09")
    assert not in_time(published_on="2026-03-10")
    assert in_time(issuer="ministry", published_on="2026-03-16")
    assert not in_time()


@pytest.mark.law(FORMULA, "chỉ số 1.4")
def test_without_a_report_a_share_of_last_years_total_stands_in() -> None:
    last_year = {Period.year(2025): 1201}

    def found(period: Period) -> national_reports.Reported:
        return national_reports.received(last_year, period=period, on=date(2026, 12, 31))

    assert found(MARCH) == national_reports.Reported(100, national_reports.TEMPORARY)
    assert found(Period.quarter(2026, 1)) == national_reports.Reported(300, national_reports.TEMPORARY)
    assert found(Period.year(2026)) == national_reports.Reported(1201, national_reports.TEMPORARY)
    assert found(Period.parse("2026-03-01..2026-03-10")) == national_reports.Reported(0, national_reports.MISSING)


def test_reports_that_fill_the_period_add_up_and_those_of_the_future_are_not_known() -> None:
    months = {Period.month(2026, month): month for month in range(1, 13)}

    def found(period: Period, on: date) -> national_reports.Reported:
        return national_reports.received(months, period=period, on=on)

    assert found(Period.quarter(2026, 1), END) == national_reports.Reported(6, None)
    assert found(Period.year(2026), END) == national_reports.Reported(6, None)
    assert found(Period.month(2026, 5), END).flag == national_reports.MISSING
    assert national_reports.received({}, period=MARCH, on=END).received == 0


def _measured(**tables: list[dict[str, Any]]) -> Measures:
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    dataset = Dataset.of_tables(frames)
    return engine.measure(dataset, period=MARCH, on=END, options=OPTIONS, clock=CLOCK)


def test_a_procedure_in_several_units_counts_once_for_their_parent() -> None:
    received = datetime.fromisoformat("2026-03-02T08:00")
    paid = {
        "received_at": received,
        "channel": 2,
        "payment_place": 1,
        "has_fee_data": True,
        "procedure_code": "1.000001",
    }
    measured = _measured(
        dossiers=[paid | {"unit_code": "H05.1"}, paid | {"unit_code": "H05.2"}],
        procedures=[{"procedure_code": code, "name": code, "fee_bearing": True} for code in ("1.000001", "1.000002")],
        assignments=[
            {"unit_code": unit, "procedure_code": code}
            for unit in ("H05.1", "H05.2")
            for code in ("1.000001", "1.000002")
        ],
        services=[{"unit_code": unit, "procedure_code": "1.000001"} for unit in ("H05.1", "H05.2")],
    )

    province = measured.of("H05")

    assert province["procedures.in_authority"] == 2
    assert province["procedures.with_online_service"] == 1
    assert (province["procedures.fee_bearing"], province["procedures.with_online_payment"]) == (2, 1)
    assert province["procedures.with_fee_dossier"] == 1
    assert (province["services.public"], province["services.with_online_dossier"]) == (2, 2)


@pytest.mark.law(FORMULA, "chỉ số 1.1")
def test_one_late_decision_makes_its_procedure_late_for_the_period() -> None:
    row = {"unit_code": "H05", "procedure_code": "1.000001", "signed_on": date(2026, 3, 2), "issuer": "province"}
    measured = _measured(
        decisions=[row | {"effective_on": date(2026, 3, 30)}, row | {"effective_on": date(2026, 3, 3)}]
    )

    assert measured.of("H05")["decisions.promulgated"] == 1
    assert measured.of("H05")["decisions.promulgated_on_time"] == 0


def test_what_no_table_says_is_unknown_and_not_nought() -> None:
    measured = _measured(dossiers=[{"unit_code": "H05", "received_at": datetime.fromisoformat("2026-03-02")}]).of("H05")

    assert measured["dossiers.received"] == 1
    assert measured["dossiers.due_unknown"] == 1
    assert measured["dossiers.digitised"] is None
    assert measured["dossiers.synced"] is None
    assert measured["petitions.on_time"] is None
    assert measured["procedures.public"] is None
    assert measured["national_reports.received"] == 0


def test_a_petition_that_names_a_dossier_makes_it_unsatisfied() -> None:
    received = datetime.fromisoformat("2026-03-02T08:00")
    measured = _measured(
        dossiers=[{"dossier_code": code, "unit_code": "H05", "received_at": received} for code in ("A", "B")],
        petitions=[{"petition_code": "1", "unit_code": "H05", "received_at": received, "dossier_code": "B"}],
    )

    assert measured.of("H05")["dossiers.satisfied"] == 1


def test_a_dossier_without_a_due_moment_gets_one_from_the_limit_of_its_procedure() -> None:
    row = {"unit_code": "H05", "procedure_code": "1.000001", "received_at": datetime.fromisoformat("2026-03-02T08:00")}
    measured = _measured(
        dossiers=[
            row | {"resolved_at": datetime.fromisoformat("2026-03-05T17:00")},
            row | {"resolved_at": datetime.fromisoformat("2026-03-06T08:00")},
        ],
        procedures=[{"procedure_code": "1.000001", "name": "x", "limit_value": 3.0, "limit_unit": "working_days"}],
    )

    assert measured.of("H05")["dossiers.on_time"] == 1
    assert measured.of("H05")["dossiers.due_unknown"] == 0


def test_a_table_without_moments_of_receipt_is_refused() -> None:
    with pytest.raises(UserError, match="received_at"):
        _measured(dossiers=[{"unit_code": "H05"}])


def test_a_profile_is_read_back_as_it_was_written(tmp_path: Any) -> None:
    rows = [
        {"unit_code": f"H05.{day % 3}", "received_at": datetime(2026, 3, day + 1), "channel": 2}  # noqa: DTZ001
        for day in range(20)
    ]
    profile = engine.profile(Dataset.of_tables({"dossiers": pl.DataFrame(rows)}), on=END, options=OPTIONS)

    storing.save(profile, tmp_path / "profile.npz")
    found = storing.load(tmp_path / "profile.npz")

    expected = profile.totals(period=MARCH, on=END)
    assert expected.of("H05")["dossiers.online"] == 20
    assert {unit: found.totals(period=MARCH, on=END).of(unit) for unit in expected.units} == {
        unit: expected.of(unit) for unit in expected.units
    }
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04junk")
    with pytest.raises(UserError):
        storing.load(tmp_path / "broken.npz")


def test_what_was_sent_to_the_portal_is_synced_and_a_list_that_does_not_say_is_not() -> None:
    row = {"unit_code": "H05", "received_at": datetime.fromisoformat("2026-03-02")}
    both = [row | {"source": "payloads"}, row | {"source": "dossier-list"}]

    assert _measured(dossiers=both).of("H05")["dossiers.synced"] == 1
    assert _measured(dossiers=both[1:]).of("H05")["dossiers.synced"] is None
