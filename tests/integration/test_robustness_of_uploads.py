"""What people hand in as files: only what a scanner or a phone makes is stored; the rest is refused clearly."""

import io
import re
import zipfile
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from motcua.dossiers import files
from motcua.kernel.errors import UserError


def a_pdf() -> bytes:
    """Return a real PDF of one page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=200)
    writer.write(out)
    return out.getvalue()


def a_locked_pdf() -> bytes:
    """Return a real PDF that asks for a password."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf()))), io.BytesIO()
    writer.encrypt("mat-khau", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def a_pdf_with_an_attachment() -> bytes:
    """Return a real PDF with a program attached."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf()))), io.BytesIO()
    writer.add_attachment("virus.exe", b"MZ")
    writer.write(out)
    return out.getvalue()


SCRIPTED = a_pdf().replace(b"/Root", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Root")


def a_png(width: int = 1, height: int = 1) -> bytes:
    """Return a PNG that says it has this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00\x00\x00"))
        + chunk(b"IEND", b"")
    )


def a_zip(size: int = 10) -> bytes:
    """Return an archive; of a large size it is a bomb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\x00" * size)
    return out.getvalue()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
TIFF = b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(a_pdf(), "application/pdf"), (a_png(), "image/png"), (JPEG, "image/jpeg"), (TIFF, "image/tiff")],
)
def test_what_a_scanner_makes_is_stored_under_its_digest(content: bytes, media_type: str) -> None:
    kept = files.keep(content, name="quét")

    assert kept.media_type == media_type
    assert files.path(kept.sha256).read_bytes() == content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "rỗng", id="zero bytes"),
        pytest.param(b"x" * (files.MAXIMUM_BYTES + 1), "20 MB", id="too large"),
        pytest.param(b"MZ\x90\x00", "không phải PDF", id="a program"),
        pytest.param(b"<html><script>alert(1)</script>", "không phải PDF", id="a web page"),
        pytest.param(b"<svg onload=alert(1)>", "không phải PDF", id="an svg"),
        pytest.param(a_zip(50_000_000), "không phải PDF", id="a zip bomb"),
        pytest.param(b" " + a_pdf(), "không phải PDF", id="not at the beginning"),
        pytest.param(a_pdf()[:-40], "cắt cụt", id="a cut-off PDF"),
        pytest.param(a_png()[:-13], "cắt cụt", id="a cut-off PNG"),
        pytest.param(JPEG[:-2], "cắt cụt", id="a cut-off JPEG"),
        pytest.param(TIFF[:9], "cắt cụt", id="a cut-off TIFF"),
        pytest.param(a_locked_pdf(), "mật khẩu", id="a PDF with a password"),
        pytest.param(a_pdf().replace(b"/Root", b"/#45ncrypt 9 0 R /Root"), "mật khẩu", id="an escaped /Encrypt"),
        pytest.param(SCRIPTED, "mã chạy được", id="a PDF with a script"),
        pytest.param(a_pdf_with_an_attachment(), "tệp đính kèm", id="a PDF with an attachment"),
        pytest.param(a_pdf() + a_zip(), "hai loại", id="a PDF that is an archive"),
        pytest.param(a_png() + a_zip(), "hai loại", id="a PNG that is an archive"),
        pytest.param(b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF", "hai loại", id="a PDF that is a page"),
        pytest.param(a_png() + b"MZ\x90 a program", "dữ liệu lạ", id="a PNG with a program behind"),
        pytest.param(JPEG + b"MZ\x90", "dữ liệu lạ", id="a JPEG with a program behind"),
        pytest.param(a_png(100_000, 100_000), "kích thước ảnh", id="a picture that fills the memory"),
    ],
)
@pytest.mark.parametrize("name", ["giay-to.pdf", "giay-to.png"])
def test_everything_else_is_refused_clearly_and_leaves_nothing(
    folder: Path, content: bytes, told: str, name: str
) -> None:
    with pytest.raises(UserError, match=told) as refused:
        files.keep(content, name=name)

    assert name in refused.value.what
    assert refused.value.remedy
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\giay.pdf", "giay.pdf"),
        ("..", "tep.pdf"),
        ("", "tep.pdf"),
        ("giay\x00to.pdf", "giayto.pdf"),
        ("giay\u202efdp.exe", "giayfdp.pdf"),
        ("tờ khai.pdf.exe", "tờ khai.pdf.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_a_name_leads_nowhere_and_says_what_the_file_is(folder: Path, given: str, kept: str) -> None:
    stored = files.keep(a_pdf(), name=given)

    assert stored.name == kept
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [stored.sha256]


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/.."])
def test_nothing_but_a_digest_is_a_place(digest: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(digest)}$"):
        files.path(digest)
