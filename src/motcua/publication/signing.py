"""Ký số: a PAdES signature of the province on the bulletin, and the check that it holds.

The certificate is put into ``MOTCUA_HOME/signing`` by whoever runs the machine (docs/vi/cong-bo.md):
``seal.p12`` (key, certificate, chain), ``password`` (one line), ``roots.pem`` (whom ``verify`` trusts).
"""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from motcua.kernel.errors import UserError

_T = TypeVar("_T")
_FIELD = "ChuKySo"
KEYS, PASSWORD, ROOTS = "seal.p12", "password", "roots.pem"


@dataclass(frozen=True, slots=True)
class Seal:
    """Chứng thư ký of the province: where its files are."""

    folder: Path

    @property
    def is_configured(self) -> bool:
        """Whether there is a key to sign with."""
        return (self.folder / KEYS).is_file()

    @property
    def roots(self) -> Path:
        """The certificates that verification trusts."""
        return self.folder / ROOTS


@dataclass(frozen=True, slots=True)
class Signature:
    """Chữ ký tìm thấy trong một tệp PDF."""

    signer: str
    """Name of the certificate."""
    signed_at: datetime | None
    is_intact: bool
    """The signed bytes are what they were."""
    is_trusted: bool
    """The certificate leads to one of the trusted roots."""
    covers_all: bool
    """Nothing was added to the file after signing."""

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return self.is_intact and self.is_trusted and self.covers_all


def sign(pdf: bytes, *, seal: Seal, reason: str, place: str) -> bytes:
    """Return the PDF with a signature (PAdES-B-B) added to it; what was there before stays byte by byte.

    Raises:
        UserError: key, password or file cannot be used.
    """
    signer = _signer(seal)
    meta = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=place,
    )
    try:
        made = _apart(lambda: signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer))
    except SigningError as fault:
        raise UserError(
            f"Không ký được bản tin: {fault}.",
            remedy="Hãy kiểm tra chứng thư còn hạn và cho phép ký số, chống chối bỏ.",
            where=str(seal.folder / KEYS),
        ) from fault
    return bytes(made.getvalue())


def _apart(work: Callable[[], _T]) -> _T:
    """Do the work in a thread of its own: pyHanko runs an event loop, which a thread that has one refuses."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def _signer(seal: Seal) -> signers.SimpleSigner:
    keys, password = seal.folder / KEYS, seal.folder / PASSWORD
    if keys.stat().st_mode & 0o077:
        raise UserError(
            "Tệp khóa ký số đang để người khác trên máy đọc được.",
            remedy=f"Hãy chạy: chmod 600 {keys}",
            where=str(keys),
        )
    phrase = password.read_bytes().strip() if password.is_file() else None
    signer: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(keys), passphrase=phrase
    )
    if signer is None:
        raise UserError(
            "Không mở được tệp khóa ký số.",
            remedy=f"Hãy kiểm tra {KEYS} là PKCS#12 và mật khẩu trong tệp {PASSWORD}.",
            where=str(keys),
        )
    return signer


def signatures(pdf: bytes, *, roots: Path | None) -> tuple[Signature, ...]:
    """Return every signature of the file, checked against the trusted certificates at the moment each was made.

    Raises:
        UserError: the file is not a PDF, or the certificates cannot be read.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except (PdfReadError, ValueError) as fault:
        raise UserError("Tệp không phải PDF đọc được.", remedy="Hãy tải lại tệp từ trang công bố.") from fault
    trusted = _roots(roots)
    checked = []
    for one in found:
        context = ValidationContext(
            trust_roots=trusted, moment=one.self_reported_timestamp, allow_fetching=False, best_signature_time=None
        ) if one.self_reported_timestamp else ValidationContext(trust_roots=trusted, allow_fetching=False)  # fmt: skip
        try:
            status = _apart(partial(validate_pdf_signature, one, context))
        except (SignatureValidationError, PdfReadError, ValueError):
            checked.append(Signature("", None, is_intact=False, is_trusted=False, covers_all=False))
            continue
        checked.append(
            Signature(
                signer=str(status.signing_cert.subject.native.get("common_name", "")),
                signed_at=status.signer_reported_dt,
                is_intact=bool(status.intact and status.valid),
                is_trusted=bool(status.trusted),
                covers_all=status.coverage is not None and status.coverage.name == "ENTIRE_FILE",
            )
        )
    return tuple(checked)


def _roots(path: Path | None) -> Sequence[object]:
    if path is None or not path.is_file():
        return []
    try:
        return list(load_certs_from_pemder([str(path)]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:
        raise UserError(
            "Không đọc được danh sách chứng thư tin cậy.", remedy="Hãy đặt các chứng thư dạng PEM.", where=str(path)
        ) from fault
