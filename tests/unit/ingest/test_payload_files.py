"""Files of sync payloads: every way of keeping them, cut off, and with anything at all in them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.ingest import importing, json_pieces
from motcua.ingest.limits import Limits
from motcua.kernel.errors import UserError
from payload_files import AT, Outcome, dossier, step


def _ways(records: list[dict[str, Any]]) -> dict[str, str]:
    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    envelopes = [
        json.dumps({"session": "s", "madonvi": "H05", "service": "DongBoHoSoMC", "isUpdating": "False", "data": [one]})
        for one in records
    ]
    return {
        "array": json.dumps(records),
        "pretty array": json.dumps(records, indent=2, ensure_ascii=False),
        "bom": "\ufeff" + json.dumps(records),
        "one envelope": json.dumps({"madonvi": "H05", "service": "DongBoHoSoMC", "data": records, "x": [1, "]"]}),
        "json lines": "\n".join(texts) + "\n\n",
        "windows lines": "\r\n".join(texts),
        "concatenated": "".join(texts),
        "pretty concatenated": "\n".join(json.dumps(record, indent=1) for record in records),
        "envelopes on lines": "\n".join(envelopes),
        "array of envelopes": "[" + ",".join(envelopes) + "]",
        "arrays one after the other": "\n".join(f"[{one}]" for one in texts),
    }


@pytest.mark.parametrize("way", _ways([{}]))
@pytest.mark.parametrize("window", [300, 8 << 20])
def test_every_way_of_keeping_payloads_gives_the_same_dossiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, window: int
) -> None:
    records = [dossier(MaHoSo=f"H05.12-260302-{n:04}", GhiChu='dấu "{[" và \\ \n') for n in range(7)]
    monkeypatch.setattr(json_pieces, "_WINDOW", window)
    monkeypatch.setattr(json_pieces, "_HEAD", window)
    path = tmp_path / "payload.json"
    path.write_text(_ways(records)[way], encoding="utf-8", newline="")

    got = Outcome(path)

    assert got.column("dossier_code") == [record["MaHoSo"] for record in records]
    assert (got.refused, got.rows) == ([], 7)


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("window", [300, 8 << 20])
def test_a_file_cut_off_is_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: float, window: int
) -> None:
    monkeypatch.setattr(json_pieces, "_WINDOW", window)
    text = json.dumps([dossier(MaHoSo=f"H05.12-260302-{n:04}") for n in range(9)])
    path = tmp_path / "payload.json"
    path.write_text(text[: int(len(text) * cut)], encoding="utf-8")

    with pytest.raises(UserError, match="cắt cụt"):
        Outcome(path)


def test_a_record_too_long_to_be_one_is_refused_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "_HEAD", 1000)
    monkeypatch.setattr(json_pieces, "_WINDOW", 1000)
    path = tmp_path / "payload.json"
    path.write_text('[{"MaHoSo": "' + "x" * 50_000 + '"}]', encoding="utf-8")

    with pytest.raises(UserError, match="dài hơn"):
        list(json_pieces.pieces(path, name="payload.json", limits=Limits(record=4000)))


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["0", "1", "2", "20260302080000", "H05.12", "1.001193"]),
)  # fmt: skip
_INNER_KEYS = st.sampled_from(["MaHoSo", "DuocSoHoa", "Gia", "NgayBoSung", "data", "x"])
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_INNER_KEYS, inner, max_size=3),
    max_leaves=6,
)
_KEYS = sorted({*dossier(), *step(), "TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"})


@given(st.lists(st.dictionaries(st.sampled_from(_KEYS), _ANYTHING, max_size=8), min_size=1, max_size=4), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_record_however_odd_ends_the_import_or_goes_uncounted(tmp_path: Path, changes: Any, lines: bool) -> None:
    records = [{**dossier(MaHoSo=f"H05.12-260302-{n:04}"), **change} for n, change in enumerate(changes)]
    path = tmp_path / "payload.json"
    texts = [json.dumps(record) for record in records]
    path.write_text("\n".join(texts) if lines else "[" + ",".join(texts) + "]", encoding="utf-8")

    reports, refusals = importing.import_files(
        [path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT)
    )

    assert len(reports) + len(refusals) == 1
    for report in reports:
        assert not report.is_new or report.rows_read == report.events_made + report.rows_refused
