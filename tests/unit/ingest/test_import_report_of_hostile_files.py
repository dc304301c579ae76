# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Whatever the file, one clear message and nothing written; bounded memory even for a large one."""

import io
import struct
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from motcua.ingest import importing, sniffing
from motcua.ingest.limits import Limits
from motcua.kernel.errors import UserError

AT = datetime(2026, 10, 10)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refusal(path: Path, *, into: Path) -> UserError:
    reports, refusals = importing.import_files([path], into=into, options=importing.ImportOptions(observed_at=AT))
    assert reports == []
    assert not into.exists()
    return refusals[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.json", b"", "rỗng"),
        ("cut.json", b'[{"MaHoSo": "H05.12-260302-0001", "NgayTiepNhan": "202603', "hỏng"),
        ("deep.json", b"[" * 200_000, "hỏng"),
        ("deep-object.json", b'{"a":' * 100_000, "hỏng"),
        ("nul.csv", b"dossier_code,\x00unit_code\n", "Không nhận ra"),
        ("utf16.csv", "Số hồ sơ;Trạng thái\n".encode("utf-16"), "không nhận ra nội dung"),
        ("text.xlsx", b"day khong phai excel", "Không nhận ra"),
        ("password.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "Không nhận ra"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 80, "hỏng"),
        ("other.zip", None, "không phải sổ Excel"),
        ("list.json", b"[]", "không có bản ghi"),
        ("number.json", b"[1, 2, 3]", "không nhận ra nội dung"),
        ("junk.parquet", b"PAR1" + b"x" * 100, "hỏng"),
    ],
)
def test_a_broken_file_is_refused_whole_with_one_clear_message(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "x")
    else:
        path.write_bytes(content)

    refusal = _refusal(path, into=tmp_path / "data")

    assert says in str(refusal)
    assert refusal.where == name
    assert refusal.remedy


def _bomb(path: Path, *, megabytes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (megabytes << 20))
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    refusal = _refusal(_bomb(tmp_path / "bomb.xlsx", megabytes=100), into=tmp_path / "data")

    assert "bung ra quá lớn" in str(refusal)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = _bomb(tmp_path / "lie.xlsx", megabytes=30)
    content = bytearray(path.read_bytes())
    real, told = struct.pack("<I", 30 << 20), struct.pack("<I", 1000)
    path.write_bytes(bytes(content).replace(real, told))

    with pytest.raises(UserError, match="bung ra quá lớn"):
        sniffing.container(path, name=path.name, limits=Limits(harmless=1 << 20))


def test_the_ending_of_the_name_does_not_decide(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.xlsx"
    path.write_bytes(b"dossier_code,unit_code,received_at\nA,H05,2026-01-01\n")

    reports, refusals = importing.import_files(
        [path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT)
    )

    assert (reports[0].kind, refusals) == ("columnar-dossiers", [])


def test_one_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b"{")
    (tmp_path / "units.csv").write_text("unit_code,name\nH05,Bắc Ninh\n", encoding="utf-8")

    reports, refusals = importing.import_files(
        [tmp_path / "bad.json", tmp_path / "units.csv"],
        into=tmp_path / "data",
        options=importing.ImportOptions(observed_at=AT),
    )

    assert (len(reports), len(refusals)) == (1, 1)


_BIG = """
import resource, sys
from datetime import datetime
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from motcua.ingest import importing
reports, refusals = importing.import_files([Path(sys.argv[1])], into=Path(sys.argv[2]),
    options=importing.ImportOptions(observed_at=datetime(2026, 10, 10)))
print(len(reports), len(refusals))
# Not getrusage: its highest mark starts at that of the process that began this one.
status = Path("/proc/self/status").read_text().splitlines()
print(int(next(line for line in status if line.startswith("VmHWM")).split()[1]) // 1024)
"""


@pytest.mark.parametrize("start", [b"\x01\x02", b"[", b'[{"MaHoSo": "', b"{"])
def test_a_gigabyte_of_junk_is_refused_with_bounded_memory(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "junk.json"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(1 << 30)  # a sparse file: no disk is filled

    done = subprocess.run(
        [sys.executable, "-c", _BIG, str(path), str(tmp_path / "data")], capture_output=True, text=True, check=True
    )

    counts, megabytes = done.stdout.splitlines()
    assert counts == "0 1"
    assert int(megabytes) < 400


_BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"PK\x03\x04", b"PAR1", OLE, b"[", b"{", b'[{"MaHoSo":']).flatmap(
        lambda start: st.binary(max_size=200).map(lambda tail: start + tail)
    ),
)


@given(_BYTES)
@example(b"[" + b'{"a":' * 3000)
@example(b'{"MaHoSo":"x","TrangThai":1}\n{"MaHoSo"')
@example(b'[{"MaHoSo":"\xff\xfe","MaTTHC":""}]')
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_end_in_anything_but_a_report_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(content)

    reports, refusals = importing.import_files(
        [path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT)
    )

    assert len(reports) + len(refusals) == 1


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_workbook_ends_in_a_report_or_a_refusal(tmp_path: Path, data: st.DataObject) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='a' r:id='rId1'/></sheets></workbook>")
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet>TONG_SCORE MA_COQUAN</worksheet>")
    content = bytearray(packed.getvalue())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "bao_cao_T10_2025.xlsx"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))

    reports, refusals = importing.import_files(
        [path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT)
    )

    assert len(reports) + len(refusals) == 1
