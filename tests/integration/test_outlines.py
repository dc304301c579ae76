"""The map file of a province is matched with its units; what does not fit is said; loading it twice changes nothing."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import world as the_world
from motcua.eventlog.models import LoggedEvent
from motcua.geometry import geojson
from motcua.geometry.geojson import Feature
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM
from motcua.organisations import outlines
from world import COMMUNE, OTHER_COMMUNE, PROVINCE

pytestmark = pytest.mark.django_db
DAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 9, tzinfo=VIETNAM)


def content(*areas: tuple[dict[str, Any], float]) -> bytes:
    """Return a file with a square for each area, that far to the east."""
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 16], [x + 1, 16], [x + 1, 17], [x, 17], [x, 16]]],
            },
        }
        for properties, x in areas
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def features(*areas: tuple[dict[str, Any], float]) -> list[Feature]:
    return geojson.read(content(*areas), where="ban-do.geojson")


def test_areas_are_matched_by_code_else_by_name_and_the_rest_is_said() -> None:
    the_world.build()
    planned = outlines.plan(
        features(({"code": COMMUNE}, 105), ({"fullName": "xã thử hai"}, 106), ({"name": "Xã Ở Đâu"}, 107)),
        province=PROVINCE,
        on=DAY,
    )

    assert set(planned.shapes) == {COMMUNE, OTHER_COMMUNE}
    assert planned.problems == ("Đối tượng thứ 3 (Xã Ở Đâu) không khớp đơn vị nào của H99.",)


def test_a_commune_without_an_area_is_said() -> None:
    the_world.build()
    planned = outlines.plan(features(({"ma": COMMUNE}, 105)), province=PROVINCE, on=DAY)

    assert planned.problems == (f"Xã Thử Hai ({OTHER_COMMUNE}) không có trong tệp.",)


def test_a_file_of_another_province_is_refused_with_a_remedy() -> None:
    the_world.build()
    with pytest.raises(UserError, match="Không vùng nào"):
        outlines.plan(features(({"code": "X1"}, 105)), province=PROVINCE, on=DAY)
    with pytest.raises(UserError, match="Không có đơn vị nào"):
        outlines.plan(features(({"code": "X1"}, 105)), province="H00", on=DAY)


def test_loading_the_same_file_again_records_nothing_and_a_new_one_replaces_the_outline() -> None:
    the_world.build()

    def load(east: float) -> bool:
        file = content(({"code": COMMUNE}, east))
        planned = outlines.plan(geojson.read(file, where="x"), province=PROVINCE, on=DAY)
        return outlines.load(planned, subject=PROVINCE, source="x.geojson", content=file, by="he-thong", at=NOW)

    assert [load(105), load(105), load(106)] == [True, False, True]
    assert LoggedEvent.objects.filter(stream=outlines.STREAM).count() == 2
    kept = outlines.of_units([COMMUNE, OTHER_COMMUNE])
    assert list(kept) == [COMMUNE]
    assert min(x for x, _ in kept[COMMUNE].shape[0][0]) == 106


def test_a_map_of_the_country_without_hoang_sa_and_truong_sa_is_refused() -> None:
    mainland = ({"code": "01", "name": "Hà Nội"}, 105.0)
    with pytest.raises(UserError, match="Hoàng Sa, Trường Sa"):
        outlines.plan_country(features(mainland))
    with pytest.raises(UserError, match="Trường Sa"):
        outlines.plan_country(features(mainland, ({"code": "48", "name": "Đà Nẵng"}, 112.0)))


@pytest.mark.shared
def test_the_34_provinces_are_loaded_with_both_archipelagos(shared_data: Callable[[str], Path]) -> None:
    file = shared_data("vn-geojson-2026/provinces-34-simplified.geojson").read_bytes()
    planned = outlines.plan_country(geojson.read(file, where="34"))

    assert len(planned.shapes) == 34
    assert outlines.load(planned, subject=outlines.OF_THE_COUNTRY, source="34", content=file, by="he-thong", at=NOW)
    assert len(outlines.of_the_country()) == 34
    hoang_sa = [x for polygon in planned.shapes["48"] for x, _ in polygon[0] if x > 111]
    truong_sa = [x for polygon in planned.shapes["56"] for x, _ in polygon[0] if x > 113]
    assert hoang_sa
    assert truong_sa


@pytest.mark.shared
def test_the_99_communes_of_bac_ninh_stay_99_with_fewer_corners(shared_data: Callable[[str], Path]) -> None:
    from motcua.geometry import simplifying

    file = shared_data("vn-geojson-2026/bac-ninh-communes-simplified.geojson").read_bytes()
    read = {str(one.properties["code"]): one.shape for one in geojson.read(file, where="bn")}
    found = simplifying.simplified(read, tolerance=0.002)

    assert len(found) == 99
    assert sum(len(shape[0][0]) for shape in found.values()) < sum(len(shape[0][0]) for shape in read.values())
