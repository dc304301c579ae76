"""A certificate authority for demos and tests that nobody can take for a real one."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from motcua.publication.signing import KEYS, PASSWORD, ROOTS, Seal

AUTHORITY = "CA GIẢ ĐỊNH - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
_VALID_FOR = timedelta(days=5 * 365)
_BEFORE = timedelta(days=400)
"""So that months before the demo's first day can be signed as of then."""


def make(folder: Path, *, owner: str, at: datetime) -> Seal:
    """Make a root and a signing certificate of ``owner`` and put them where a province would put its own.

    A folder that has a key already is left as it is.
    """
    seal = Seal(folder)
    if seal.is_configured:
        return seal
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(AUTHORITY), _name(f"{owner} (giả định)")
    span = (at - _BEFORE, at + _VALID_FOR)
    root = (
        _certificate(root_name, root_name, root_key, span)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(name, root_name, key, span)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    phrase = secrets.token_urlsafe(24).encode()
    packed = pkcs12.serialize_key_and_certificates(
        b"seal", key, leaf, [root], serialization.BestAvailableEncryption(phrase)
    )
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in (
        (PASSWORD, phrase),
        (ROOTS, root.public_bytes(serialization.Encoding.PEM)),
        (KEYS, packed),
    ):
        path = folder / file
        path.touch(mode=0o600)
        path.write_bytes(content)
    return seal


def _name(text: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.COMMON_NAME, text[:64]),
    ])  # fmt: skip


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, span: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
