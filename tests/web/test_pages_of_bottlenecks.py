"""The pages of bottlenecks as leaders ask for them: findings, dossiers behind them, and nobody else's people."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from motcua.bottlenecks import models, projector
from motcua.eventlog import log
from world import COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[[str | None], Client]
AT = f"/lanh-dao/don-vi/{COMMUNE}/diem-nghen/"
TOPICS = ("thoi-gian", "bo-sung", "dang-dung", "so-hoa", "can-xem")


@pytest.fixture
def codes(world: World) -> dict[str, str]:
    """Dossiers with something to show on every topic, already counted."""
    found = {"late": world.taken("2026-03-02 09:00"), "paused": world.taken("2026-03-03 09:00")}
    late = found["late"]
    world.do("submit_for_signature", late, by="officer", when="2026-03-12 09:00", draft="D")
    for _ in range(2):
        world.do("send_back", late, by="leader", when="2026-03-12 10:00", reason="Sai tên")
        world.do("submit_for_signature", late, by="officer", when="2026-03-12 10:30", draft="D")
    world.do("approve", late, by="leader", when="2026-03-12 11:00", draft="D")
    world.do("resolve", late, by="records", when="2026-03-12 11:10", result="01/KQ")
    world.do(
        "pause", found["paused"], by="officer", when="2026-03-10 15:00", pause_ground="field_survey", legal_basis="Q"
    )
    found["asked"] = world.taken("2026-03-04 09:00")
    world.do(
        "request_supplement", found["asked"], by="officer", when="2026-03-05 09:00",
        missing_papers=("Giấy chứng sinh",), reason="Theo 118/2025/NĐ-CP, ảnh mờ",
    )  # fmt: skip
    found["open"] = world.taken("2026-03-04 10:00")
    while projector.project():
        pass
    return found


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, {"ky": "2026-03", **query})
    assert answer.status_code == 200, (path, query, answer.status_code)
    return str(answer.content.decode())


def test_the_first_page_states_where_time_is_lost_and_leads_to_the_dossiers(
    browser: Browse, codes: dict[str, str]
) -> None:
    shown = page(browser("leader"), AT)

    assert "nhiều nhất ở «Thụ lý»" in shown
    assert "Lúc này 1 hồ sơ đang quá hạn công đoạn" in shown
    assert "1 thủ tục trả kết quả muộn" in shown
    listed = page(browser("leader"), AT + "ho-so/", xem="mat-gio", **{"cong-doan": "in_progress"})
    assert codes["late"] in listed
    assert codes["paused"] not in listed
    over = page(browser("leader"), AT + "ho-so/", xem="dang-qua-han")
    assert codes["open"] in over


def test_causes_are_named_by_paper_basis_and_procedure(browser: Browse, codes: dict[str, str]) -> None:
    shown = page(browser("leader"), AT, muc="bo-sung")

    assert "Thiếu nhiều nhất: «Giấy chứng sinh»" in shown
    assert "118/2025/NĐ-CP" in shown
    listed = page(browser("leader"), AT + "ho-so/", xem="nguyen-nhan", **{"giay-to": "Giấy chứng sinh"})
    assert codes["asked"] in listed


def test_what_stands_still_says_on_what_ground_and_who_is_waited_for(browser: Browse, codes: dict[str, str]) -> None:
    shown = page(browser("leader"), AT, muc="dang-dung")

    assert "2 hồ sơ đang dừng (1 chờ người nộp)" in shown
    assert "Đo đạc, kiểm tra thực địa" in shown
    listed = page(browser("leader"), AT + "ho-so/", xem="dang-dung", **{"ly-do": "field_survey"})
    assert codes["paused"] in listed
    assert codes["asked"] not in listed


def test_a_dossier_sent_back_twice_is_ping_pong(browser: Browse, codes: dict[str, str]) -> None:
    assert "1 hồ sơ bị trả lại bước trước từ 2 lần" in page(browser("leader"), AT, muc="so-hoa")

    assert codes["late"] in page(browser("leader"), AT + "ho-so/", xem="qua-lai")


def test_figures_of_persons_are_shown_to_those_who_lead_them_only(browser: Browse, codes: dict[str, str]) -> None:
    del codes

    assert "Ngô Thị Thử" in page(browser("leader"), AT, muc="so-hoa").split('id="phan-ca-nhan"')[1]
    for part in ("centre", "control"):
        shown = page(browser(part), AT, muc="so-hoa").split('id="phan-ca-nhan"')[1]
        assert "chỉ lãnh đạo trực tiếp xem được" in shown
        assert "Ngô Thị Thử" not in shown
        assert "Ngô Thị Thử" not in page(browser(part), AT, muc="so-hoa", tai="ca-nhan")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_table_is_there_as_csv_with_the_same_lines(browser: Browse, codes: dict[str, str], topic: str) -> None:
    del codes
    shown = page(browser("leader"), AT, muc=topic)
    parts = {one.split('"')[0] for one in shown.split("tai=")[1:]}

    assert parts
    for part in parts:
        rows = list(csv.reader(io.StringIO(page(browser("leader"), AT, muc=topic, tai=part).removeprefix("\ufeff"))))
        section = shown.split(f'id="phan-{part}"')[1].split("</section>")[0]
        assert len(rows) - 1 == section.count("<tr>") - 1 > 0
        assert len(rows[0]) == section.count('scope="col"')


def test_monitors_say_what_they_see_and_accuse_nobody(browser: Browse, codes: dict[str, str]) -> None:
    shown = page(browser("leader"), AT, muc="can-xem")
    assert "1 dấu hiệu ở 1 loại cần xem; chưa kết luận điều gì" in shown

    listed = page(browser("leader"), AT + "can-xem/PAUSED_LATE/")

    assert codes["paused"] in listed
    assert "Có thể không phải vậy khi" in listed
    assert not any(word in shown + listed for word in ("gian lận", "vi phạm", "sai phạm", "đối phó"))


def review(client: Client, dossier: str, *, note: str, monitor: str = "PAUSED_LATE", unit: str = COMMUNE) -> int:
    path = f"/lanh-dao/don-vi/{unit}/diem-nghen/can-xem/{monitor}/xem/?ky=2026-03"
    return client.post(path, {"ho_so": dossier, "ly_do": note}).status_code


def test_a_leader_says_that_a_sign_was_looked_at_and_the_log_has_it(browser: Browse, codes: dict[str, str]) -> None:
    assert review(browser("leader"), codes["paused"], note="Có giấy mời đo đạc ngày 10/3") == 302

    assert codes["paused"] not in page(browser("leader"), AT + "can-xem/PAUSED_LATE/")
    done = page(browser("leader"), AT + "can-xem/PAUSED_LATE/", xem="da-xem")
    assert "Có giấy mời đo đạc ngày 10/3" in done
    assert "Phạm Văn Thử" in done
    (event,) = [one for one in log.read(after=log.START, limit=5_000) if one.stream == "sign"]
    assert event.by == "cb-leader"


def test_what_was_typed_stays_where_a_review_is_refused(browser: Browse, codes: dict[str, str]) -> None:
    client = browser("leader")
    path = f"{AT}can-xem/PAUSED_LATE/xem/?ky=2026-03"

    answer = client.post(path, {"ho_so": codes["paused"], "ly_do": "y" * 1001})

    assert answer.status_code == 422
    assert "y" * 1001 in answer.content.decode()
    assert not models.Review.objects.exists()


@pytest.mark.parametrize("part", ["department_leader", "clerk", "officer", "stranger", "administrator"])
def test_nobody_else_sees_or_marks_anything(browser: Browse, codes: dict[str, str], part: str) -> None:
    client = browser(part)
    for path in (AT, AT + "ho-so/?xem=mat-gio", AT + "can-xem/PAUSED_LATE/", AT + "?muc=so-hoa&tai=ca-nhan"):
        assert client.get(path).status_code in {403, 404}, path

    assert review(client, codes["paused"], note="Đã xem") in {403, 404}
    assert not models.Review.objects.exists()


def test_a_leader_of_another_unit_cannot_mark_a_dossier_through_his_own(browser: Browse, codes: dict[str, str]) -> None:
    assert review(browser("department_leader"), codes["paused"], note="Đã xem", unit=DEPARTMENT) == 404
    assert not models.Review.objects.exists()


def test_the_province_sees_the_sum_and_an_idle_unit_says_so(browser: Browse, codes: dict[str, str]) -> None:
    del codes
    province = f"/lanh-dao/don-vi/{PROVINCE}/diem-nghen/"

    assert "nhiều nhất ở «Thụ lý»" in page(browser("control"), province)
    idle = page(browser("control"), f"/lanh-dao/don-vi/{OTHER_COMMUNE}/diem-nghen/")
    assert "Không công đoạn nào mất giờ làm việc" in idle


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", {"muc": "khong-co"}),
        ("ho-so/", {"xem": "khong-co"}),
        ("ho-so/", {"xem": "mat-gio", "cong-doan": "x"}),
        ("ho-so/", {"xem": "mat-gio", "sau": "a-b"}),
        ("ho-so/", {"xem": "mat-gio", "thu": "9", "buoi": "0"}),
        ("ho-so/", {"xem": "nguyen-nhan", "loai": "'"}),
        ("ho-so/", {"xem": "dang-dung", "sau": "99999999999"}),
        ("can-xem/PAUSED_LATE/", {"tu-dong": "-1"}),
    ],
)
def test_an_address_that_says_nothing_is_refused_in_words(browser: Browse, path: str, query: dict[str, str]) -> None:
    answer = browser("leader").get(AT + path, {"ky": "2026-03", **query})

    assert answer.status_code == 422
    assert "Hãy" in answer.content.decode()
