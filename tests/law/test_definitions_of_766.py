"""What each indicator of the portal counts, on provinces small enough to count by hand."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tiny_province import COMMUNE, OTHER, PROVINCE, TinyProvince, moment

DESCRIPTION = "Mô tả công thức tính chỉ số 766"
PORTAL = "Điểm công bố trên Cổng DVCQG"


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProvince:
    return TinyProvince(tmp_path)


# --- 1 Công khai, minh bạch ---------------------------------------------------------------------------------------


@pytest.mark.law(DESCRIPTION, "chỉ số 1.1; Điều 15")
def test_a_procedure_late_in_one_of_its_decisions_is_late_for_the_period(tiny: TinyProvince) -> None:
    # 2026-03-23 less five working days is 2026-03-16.
    for number, code, signed in ((1, "1.000001", 13), (2, "1.000002", 17), (3, "1.000003", 13), (4, "1.000003", 18)):
        tiny.add(
            "decisions", procedure_code=code, decision_number=f"{number}/QĐ-UBND", kind="amended", issuer="province",
            unit_code=PROVINCE, signed_on=date(2026, 3, signed), effective_on=date(2026, 3, 23),
            published_on=date(2026, 3, 19),
        )  # fmt: skip

    assert tiny.count("PUBLISH_ON_TIME") == (1, 3)


@pytest.mark.law(DESCRIPTION, "chỉ số 1.2; Điều 8")
def test_publishing_within_five_working_days_of_signing_is_on_time(tiny: TinyProvince) -> None:
    for number, published in ((1, date(2026, 3, 9)), (2, date(2026, 3, 10)), (3, None)):
        tiny.add(
            "decisions", procedure_code=f"1.00000{number}", decision_number="1/QĐ-UBND", kind="new", issuer="province",
            unit_code=PROVINCE, signed_on=date(2026, 3, 2), effective_on=date(2026, 3, 30), published_on=published,
        )  # fmt: skip

    assert tiny.count("PUBLIC_UPDATE_ON_TIME") == (1, 3)


@pytest.mark.law(DESCRIPTION, "chỉ số 1.3")
def test_a_public_procedure_that_lacks_one_of_seven_parts_is_incomplete(tiny: TinyProvince) -> None:
    offer(tiny, "1.000001")
    offer(tiny, "1.000002", part_limit=False)
    tiny.procedure("1.000003", state="draft")
    tiny.add("assignments", unit_code=COMMUNE, procedure_code="1.000003")

    assert tiny.count("PUBLIC_CONTENT_FULL") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 1.4")
@pytest.mark.law(PORTAL, "chỉ số 1.4")
@pytest.mark.parametrize(("reported", "denominator"), [(5, 5), (1, 3)])
def test_synchronised_dossiers_are_held_against_the_larger_count(
    tiny: TinyProvince, reported: int, denominator: int
) -> None:
    for is_synced in (True, True, False):
        tiny.dossier(is_synced=is_synced)
    tiny.add("national_reports", unit_code=COMMUNE, period="2026-03", received=reported)

    assert tiny.count("DOSSIER_SYNC") == (2, denominator)


# --- 2 Tiến độ, kết quả giải quyết --------------------------------------------------------------------------------


@pytest.mark.law(DESCRIPTION, "chỉ số 2.1")
@pytest.mark.law("766/QĐ-TTg", "chỉ số 2.1")
@pytest.mark.parametrize(
    ("changes", "is_on_time"),
    [
        ({"resolved_at": moment("2026-03-09T17:00")}, True),
        ({"resolved_at": moment("2026-03-09T17:01")}, False),
        # Đã xử lý xong goes before đã trả kết quả.
        ({"returned_at": moment("2026-03-20T10:00")}, True),
        ({"resolved_at": None, "returned_at": moment("2026-03-20T10:00")}, False),
        ({"resolved_at": None, "stopped_at": moment("2026-03-04T10:00")}, True),
        ({"resolved_at": None, "withdrawn_at": moment("2026-03-20T10:00")}, False),
        # The citizen has not come back: the moment of the request counts, unless it was not the first.
        ({"resolved_at": None, "supplement_requests": 1, "supplement_waiting_since": moment("2026-03-03T10:00")}, True),
        (
            {"resolved_at": None, "supplement_requests": 2, "supplement_waiting_since": moment("2026-03-03T10:00")},
            False,
        ),
        ({"supplement_requests": 2, "supplement_seconds": 3600}, False),
        # Three days and a half of supplement are subtracted.
        ({"resolved_at": moment("2026-03-12T17:00"), "supplement_requests": 1, "supplement_seconds": 302_400}, True),
        ({"resolved_at": moment("2026-03-13T17:00"), "supplement_requests": 1, "supplement_seconds": 302_400}, False),
        # No end yet: the end of the period counts.
        ({"resolved_at": None}, False),
        ({"resolved_at": None, "due_at": moment("2026-04-09T17:00")}, True),
    ],
)
def test_on_time_is_what_the_portal_says_it_is(
    tiny: TinyProvince, changes: dict[str, object], is_on_time: bool
) -> None:
    tiny.dossier(**changes)

    assert tiny.count("ON_TIME") == (int(is_on_time), 1)


@pytest.mark.law("45/VPUB-PVHCC&KSTT", "mục 2")
def test_a_dossier_without_the_name_and_title_of_its_officer_is_late(tiny: TinyProvince) -> None:
    tiny.dossier(officer_named=False)

    assert tiny.count("ON_TIME") == (0, 1)


@pytest.mark.law(DESCRIPTION, "chỉ số 2.1")
def test_without_a_due_date_the_longest_limit_of_the_procedure_counts(tiny: TinyProvince) -> None:
    tiny.procedure("1.000001", limit_value=2.0, limit_unit="working_days")
    tiny.procedure("1.000002", limit_value=10.0, limit_unit="working_days")
    tiny.dossier(due_at=None)
    tiny.dossier(due_at=None, procedure_code="1.000002")

    assert tiny.count("ON_TIME") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 2.1")
def test_a_limit_that_ends_years_ahead_is_not_yet_due(tiny: TinyProvince) -> None:
    tiny.procedure("1.000001", limit_value=700.0, limit_unit="working_days")
    tiny.dossier(due_at=None, resolved_at=None)

    assert tiny.count("ON_TIME", on=date(2026, 3, 31)) == (1, 1)


@pytest.mark.law(DESCRIPTION, "chỉ số 2.1")
def test_a_dossier_carried_over_counts_and_one_ended_before_does_not(tiny: TinyProvince) -> None:
    tiny.dossier(received_at=moment("2026-02-23T09:00"))
    tiny.dossier(received_at=moment("2026-02-23T09:00"), resolved_at=moment("2026-02-26T09:00"))

    assert tiny.count("ON_TIME") == (1, 1)


@pytest.mark.law(DESCRIPTION, "chỉ số 2.2")
@pytest.mark.law(DESCRIPTION, "chỉ số 5.1")
@pytest.mark.parametrize(
    "indicator", ["AVG_PROCESSING", "PETITION_CLASSIFICATION_TTHC", "PETITION_CLASSIFICATION_STAFF"]
)
def test_information_earns_no_points(tiny: TinyProvince, indicator: str) -> None:
    tiny.dossier()

    row = tiny.row(indicator)

    assert row.points is None
    assert row.max_points == Fraction(0)


# --- 3 Dịch vụ công trực tuyến, thanh toán -----------------------------------------------------------------------


def offer(tiny: TinyProvince, code: str, **changes: object) -> None:
    """Let the commune resolve the procedure, online; ``state`` is the service's."""
    tiny.procedure(code, **{key: value for key, value in changes.items() if key != "state"})
    tiny.add("assignments", unit_code=COMMUNE, procedure_code=code)
    state = changes.get("state", "public")
    tiny.add("services", unit_code=COMMUNE, procedure_code=code, online_level="full", state=state)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.1")
def test_a_procedure_counts_as_online_once_it_has_a_public_service(tiny: TinyProvince) -> None:
    offer(tiny, "1.000001")
    tiny.procedure("1.000002")
    tiny.add("assignments", unit_code=COMMUNE, procedure_code="1.000002")
    tiny.dossier()

    assert tiny.count("ONLINE_PROVISION") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.2")
def test_a_service_is_in_use_when_one_dossier_came_online(tiny: TinyProvince) -> None:
    offer(tiny, "1.000001")
    offer(tiny, "1.000002")
    offer(tiny, "1.000003", state="stopped")
    tiny.dossier(channel=2)
    tiny.dossier(channel=1, procedure_code="1.000002")

    assert tiny.count("ONLINE_WITH_DOSSIER") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.3")
def test_an_online_dossier_counts_only_with_the_electronic_result_it_owes(tiny: TinyProvince) -> None:
    tiny.dossier(channel=2, has_result_file=True)
    tiny.dossier(channel=2, has_result_file=False)
    tiny.dossier(channel=2, has_result_file=False, result_required=False)
    tiny.dossier(channel=None, has_result_file=True)

    assert tiny.count("ONLINE_DOSSIERS") == (2, 4)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.3")
def test_the_online_share_is_multiplied_by_the_share_synchronised(tiny: TinyProvince) -> None:
    tiny.dossier(channel=2, has_result_file=True)
    tiny.dossier(channel=1, is_synced=False)

    assert tiny.row("ONLINE_DOSSIERS").ratio == Fraction(1, 2) * Fraction(1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.5")
def test_a_fee_bearing_procedure_counts_by_its_fees_and_by_one_payment(tiny: TinyProvince) -> None:
    for code in ("1.000001", "1.000002", "1.000003"):
        offer(tiny, code, fee_bearing=True)
    tiny.dossier(fee_bearing=True, has_fee_data=True, payment_place=2)
    tiny.dossier(fee_bearing=True, has_fee_data=True, payment_place=3, procedure_code="1.000002")

    assert tiny.count("PAY_PROVISION") == (2, 3)
    assert tiny.count("PAY_FORMALITIES") == (1, 3)


@pytest.mark.law(DESCRIPTION, "chỉ số 3.6")
def test_payment_counts_on_the_portal_or_the_gateway_and_zero_fees_are_left_out(tiny: TinyProvince) -> None:
    for place in (0, 1, 2, 3):
        tiny.dossier(fee_bearing=True, has_fee_data=True, payment_place=place)
    tiny.dossier(fee_bearing=True, has_fee_data=False, fees_all_zero=True, payment_place=0)
    tiny.dossier(fee_bearing=False)

    assert tiny.count("PAY_DOSSIERS") == (2, 4)


# --- 4 Số hóa hồ sơ -------------------------------------------------------------------------------------------------


@pytest.mark.law(DESCRIPTION, "chỉ số 4.1")
@pytest.mark.law(PORTAL, "chỉ số 4.1")
def test_an_electronic_result_is_due_only_where_a_document_is(tiny: TinyProvince) -> None:
    tiny.dossier(has_result_file=True)
    tiny.dossier(has_result_file=False)
    tiny.dossier(has_result_file=False, result_required=False)

    assert tiny.count("ORIGINAL_RESULT_AVAILABLE") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 4.2")
def test_a_digitised_dossier_has_a_component_and_the_result_it_owes(tiny: TinyProvince) -> None:
    tiny.dossier(has_component_file=True, has_result_file=True)
    tiny.dossier(has_component_file=True, has_result_file=False)
    tiny.dossier(has_component_file=True, has_result_file=False, result_required=False)
    tiny.dossier(has_component_file=False, has_result_file=True)

    assert tiny.count("SO_HOA_GIAY_TO_GIAI_QUYET") == (2, 4)


@pytest.mark.law(DESCRIPTION, "chỉ số 4.3")
def test_one_reused_component_makes_a_dossier_reused(tiny: TinyProvince) -> None:
    tiny.dossier(has_reused_component=True)
    tiny.dossier(has_reused_component=False)

    assert tiny.count("REUSED_DIGITIZED_DATA") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 4.4")
def test_data_is_shared_from_the_personal_store_or_into_the_catalogue(tiny: TinyProvince) -> None:
    tiny.dossier(from_personal_store=True, result_in_catalogue=True)
    tiny.dossier(from_personal_store=False, result_in_catalogue=True)
    tiny.dossier(from_personal_store=False, result_in_catalogue=False)

    assert tiny.count("SYNCED_WITH_DVCQG_PERSONAL_STORAGE") == (2, 3)


@pytest.mark.law(DESCRIPTION, "chỉ số 4.5")
def test_population_data_counts_by_dossier_and_by_citizens_procedure(tiny: TinyProvince) -> None:
    offer(tiny, "1.000001", citizen_applicant=True)
    offer(tiny, "1.000002", citizen_applicant=True)
    offer(tiny, "1.000003", citizen_applicant=False)
    tiny.dossier(uses_population_data=True)
    tiny.dossier(uses_population_data=True, procedure_code="1.000003")
    tiny.dossier(uses_population_data=False, procedure_code="1.000002")

    assert tiny.count("CITIZEN_DATA_CONNECTED_DOSSIER") == (2, 3)
    assert tiny.count("CITIZEN_DATA_CONNECTED_FORMALITY") == (1, 2)


@pytest.mark.law(DESCRIPTION, "chỉ số 4.6")
def test_certified_copies_are_counted_by_commune(tiny: TinyProvince) -> None:
    for unit, row in enumerate(tiny.rows["units"]):
        row["certified_copy"] = unit == 1
    tiny.dossier()

    assert tiny.count("ELECTRONIC_CERTIFIED_COPY") == (1, 2)


# --- 5 Mức độ hài lòng ----------------------------------------------------------------------------------------------


def petition(tiny: TinyProvince, **changes: object) -> None:
    """Add a petition of Monday 2 March, resolved and published in time, that nobody disliked."""
    number = len(tiny.rows.get("petitions", [])) + 1
    tiny.add(
        "petitions",
        **{
            "petition_code": f"PAKN-{number}",
            "unit_code": COMMUNE,
            "kind": "CONDUCT",
            "received_at": moment("2026-03-02T09:00"),
            "forwarded_at": moment("2026-03-02T10:00"),
            "forwarded_by_centre": True,
            "resolved_at": moment("2026-03-10T10:00"),
            "published_at": moment("2026-03-11T10:00"),
            "likes": 0,
            "dislikes": 0,
            "is_repeated": False,
            **changes,
        },
    )


@pytest.mark.law(DESCRIPTION, "chỉ số 5.2")
@pytest.mark.parametrize(
    ("changes", "is_on_time"),
    [
        ({}, True),
        # The fifteenth working day after Monday 2 March is Monday 23 March.
        ({"resolved_at": moment("2026-03-23T16:00"), "published_at": moment("2026-03-24T10:00")}, True),
        ({"resolved_at": moment("2026-03-24T16:00"), "published_at": moment("2026-03-25T10:00")}, False),
        ({"published_at": moment("2026-03-20T10:00")}, False),
        ({"resolved_at": None, "published_at": None, "rejected_at": moment("2026-03-04T10:00")}, True),
        ({"resolved_at": None, "published_at": None, "rejected_at": moment("2026-03-09T10:00")}, False),
    ],
)
def test_a_petition_is_on_time_within_its_working_days(
    tiny: TinyProvince, changes: dict[str, object], is_on_time: bool
) -> None:
    petition(tiny, **changes)
    tiny.dossier()

    assert tiny.count("PETITION_PROCESSING_ON_TIME") == (int(is_on_time), 1)


@pytest.mark.law(DESCRIPTION, "chỉ số 5.3")
def test_a_petition_disliked_repeated_and_late_is_subtracted_once(tiny: TinyProvince) -> None:
    petition(tiny, likes=3, dislikes=3)
    petition(tiny, dislikes=1)
    petition(tiny, is_repeated=True)
    petition(tiny, dislikes=1, is_repeated=True, resolved_at=moment("2026-03-31T16:00"), published_at=None)
    tiny.dossier()

    assert tiny.count("PETITION_HANDLING_SATISFACTION") == (1, 4)


@pytest.mark.law(PORTAL, "chỉ số 5.2, 5.3")
def test_a_unit_without_petitions_has_all_their_points(tiny: TinyProvince) -> None:
    petition(tiny)
    tiny.dossier(unit_code=OTHER)

    row = tiny.row("PETITION_PROCESSING_ON_TIME", unit=OTHER)

    assert row.count.denominator == 0
    assert row.points == Fraction(6)


@pytest.mark.law(DESCRIPTION, "chỉ số 5.4")
@pytest.mark.law(PORTAL, "chỉ số 5.4")
def test_late_disliked_and_petitioned_dossiers_are_subtracted_once(tiny: TinyProvince) -> None:
    tiny.dossier(is_disliked=False, has_petition=False)
    tiny.dossier(is_disliked=True, has_petition=True)
    tiny.dossier(is_disliked=True, has_petition=False, resolved_at=moment("2026-03-20T10:00"))
    tiny.dossier(is_disliked=False, has_petition=False, resolved_at=moment("2026-03-20T10:00"))

    assert tiny.count("DOSSIER_RECEIVING_SATISFACTION") == (1, 4)
