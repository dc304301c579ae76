"""A dossier's life over /api/v1: the same rules, scope and messages as on the pages."""

from typing import Any

import pytest

from motcua.dossiers import models
from motcua.eventlog import log
from world import COMMUNE, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def received(world: World, as_: Any, intake: Any) -> str:
    """A dossier received by the commune's desk over the interface."""
    del world
    answer = as_("clerk").post("/dossiers", intake(), key="nop-ho-so-0001")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["code"])


def test_a_whole_life_goes_over_the_interface(received: str, as_: Any) -> None:
    story: list[tuple[str, str, dict[str, object]]] = [
        ("forward", "clerk", {"unit": COMMUNE}),
        ("take", "officer", {}),
        ("submit_for_signature", "officer", {"draft": "01/DT"}),
        ("approve", "leader", {"draft": "01/DT"}),
        ("resolve", "records", {"result": "01/KQ"}),
        ("hand_over", "clerk", {"recipient_name": "Chủ hồ sơ", "handed_over_by": "direct"}),
    ]
    for act, part, given in story:
        caller = as_(part)
        version = caller.get(f"/dossiers/{received}").json()["version_number"]
        answer = caller.post(
            f"/dossiers/{received}/acts/{act}", {"version_number": version, **given}, key=f"{act}-0001"
        )
        assert answer.status_code == 200, (act, answer.json())

    kinds = [line["kind"] for line in as_("clerk").get(f"/dossiers/{received}/history").json()]
    assert kinds[0] == "DossierReceived"
    assert kinds[-1] == "ResultHandedOver"
    assert log.verify() == []


def test_what_can_be_done_now_is_listed_with_what_the_law_demands(received: str, as_: Any) -> None:
    offered = {one["code"]: one["demands"] for one in as_("clerk").get(f"/dossiers/{received}/acts").json()}

    assert offered["forward"] == ["receiving_unit"]
    assert as_("centre").get(f"/dossiers/{received}/acts").status_code == 200


def test_lists_and_counts_speak_of_the_same_dossiers(received: str, as_: Any) -> None:
    caller = as_("clerk")
    counts = {line["view"]: line["count"] for line in caller.get("/counts").json()}

    for view, number in counts.items():
        assert len(caller.get("/dossiers", view=view).json()["rows"]) == number
    assert counts["mine"] == 1
    assert [row["code"] for row in caller.get("/dossiers", view="all", q="nguyen van thu").json()["rows"]] == [received]


def test_pages_follow_each_other_by_cursor(world: World, as_: Any) -> None:
    made = {world.received(f"2026-03-02 09:{minute:02}") for minute in range(7)}
    caller = as_("clerk")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = caller.get("/dossiers", view="all", size=3, after=cursor).json()
        seen += [row["code"] for row in page["rows"]]
        cursor = page["next"]

    assert (len(seen), set(seen)) == (7, made)


def test_a_file_is_sent_named_in_an_act_and_fetched_again(as_: Any, intake: Any) -> None:
    caller = as_("clerk")
    sent = caller.send(PDF, "tờ khai.exe").json()
    papers = [{"component_name": "Tờ khai", "file": sent["id"]}, {"component_name": "Giấy chứng sinh"}]
    code = caller.post("/dossiers", intake(papers=papers), key="co-tep-0001").json()["code"]

    document = caller.get(f"/dossiers/{code}/documents").json()[0]
    answer = caller.get(f"/dossiers/{code}/documents/{document['id']}/content")

    assert (document["name"], document["media_type"]) == ("tờ khai.pdf", "application/pdf")
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"]
    assert as_("stranger").get(f"/dossiers/{code}/documents/{document['id']}/content").status_code == 404


def test_a_file_sent_by_another_system_cannot_be_named(as_: Any, intake: Any) -> None:
    theirs = as_("stranger").send(PDF).json()["id"]

    answer = as_("clerk").post(
        "/dossiers",
        intake(papers=[{"component_name": "Tờ khai", "file": theirs}, {"component_name": "Giấy chứng sinh"}]),
        key="tep-nguoi-khac",
    )

    assert answer.status_code == 422
    assert "Chưa có tệp" in answer.json()["what"]
    assert models.Dossier.objects.count() == 0


def test_a_form_is_issued_once_and_fetched_as_pdf(received: str, as_: Any) -> None:
    caller = as_("clerk")
    first = caller.post(f"/dossiers/{received}/forms/intake_receipt").json()
    again = caller.post(f"/dossiers/{received}/forms/intake_receipt").json()
    printed = caller.get(f"/dossiers/{received}/forms/intake_receipt/{first['number']}/content")

    assert first["number"] == again["number"]
    assert printed.content.startswith(b"%PDF-")
    assert [one["form"] for one in caller.get(f"/dossiers/{received}/forms").json()["issued"]] == ["intake_receipt"]


def test_an_older_version_number_is_a_conflict_and_nothing_happens(received: str, as_: Any) -> None:
    caller = as_("clerk")
    body = {"version_number": 1, "unit": COMMUNE}
    assert caller.post(f"/dossiers/{received}/acts/forward", body, key="chuyen-0001").status_code == 200

    late = caller.post(f"/dossiers/{received}/acts/forward", body, key="chuyen-0002")

    assert (late.status_code, "vừa được người khác" in late.json()["what"]) == (409, True)
    assert models.Dossier.objects.get(code=received).version_number == 2


@pytest.mark.parametrize(
    ("act", "given", "told"),
    [
        ("forward", {"unit": "H99.999"}, "H99.999"),
        ("forward", {"unit": ""}, "đơn vị"),
        ("forward", {"unit": COMMUNE, "assignee": "cb-khong-co"}, "cb-khong-co"),
        ("assign", {"assignee": "cb-officer"}, "chỉ dành cho"),
        ("khong_co", {}, "Không có hành động"),
        ("correct", {"reason": "x"}, "hành động"),
    ],
)
def test_what_the_law_or_the_tables_do_not_allow_is_said_not_stored(
    received: str, as_: Any, act: str, given: dict[str, object], told: str
) -> None:
    answer = as_("clerk").post(
        f"/dossiers/{received}/acts/{act}", {"version_number": 1, **given}, key=f"khong-duoc-{act}"
    )

    assert answer.status_code == 422, answer.content
    assert told in answer.json()["what"]
    assert answer.json()["remedy"]
    assert models.Dossier.objects.get(code=received).version_number == 1


def test_work_is_not_given_to_somebody_of_another_unit(world: World, as_: Any) -> None:
    code = world.received()
    world.do("forward", code, by="clerk", when="2026-03-02 10:00", unit=COMMUNE)

    answer = as_("head").post(
        f"/dossiers/{code}/acts/assign", {"version_number": 2, "assignee": "cb-stranger"}, key="giao-nguoi-la"
    )

    assert answer.status_code == 422
    assert "cb-stranger" in answer.json()["what"]


def test_a_due_moment_that_no_calendar_reaches_is_refused(world: World, as_: Any) -> None:
    code = world.taken()
    given = {"reason": "x", "apology": "01/XL", "new_due_at": "2045-01-01T00:00:00Z", "version_number": 3}

    answer = as_("leader").post(f"/dossiers/{code}/acts/extend", given, key="gia-han-qua-xa")

    assert answer.status_code == 422
    assert "lịch" in answer.json()["what"]


def test_the_catalogue_says_what_to_bring_how_long_and_how_much(as_: Any) -> None:
    caller = as_("clerk")
    card = caller.get("/procedures", q="khai sinh").json()[0]
    whole = caller.get(f"/procedures/{card['code']}").json()

    assert whole["units"] == ["H99.101", "H99.102"]
    assert [one["name"] for one in whole["components"]] == ["Tờ khai", "Giấy chứng sinh"]
    assert caller.get("/procedures/9.999999").status_code == 404
    assert {unit["code"] for unit in caller.get("/units").json()} == {"H99", "H99.03", "H99.101", "H99.102"}
    assert caller.get("/board").json() == []
    assert caller.get("/me").json()["staff_code"] == "cb-clerk"


def test_the_description_can_be_read_without_the_network(as_: Any) -> None:
    page = as_("clerk").client.get("/api/v1/docs").content.decode()

    assert "POST /api/v1/dossiers/{code}/acts/{act}" in page
    assert "https://" not in page.replace("https://www.w3.org", "")
