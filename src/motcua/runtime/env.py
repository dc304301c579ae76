"""The environment, read once and typed: every variable the program looks at is a field here."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from motcua.kernel.errors import UserError


@dataclass(frozen=True, slots=True)
class Environment:
    """What an installation may set. Names in the shell are ``MOTCUA_<FIELD>``, but for DATABASE_URL."""

    home: Path
    """MOTCUA_HOME: folder of the database, uploads and keys; default ``./motcua-home``."""
    database_url: str
    """DATABASE_URL: ``postgresql://…``; empty means that the program starts a PostgreSQL of its own in ``home``."""
    hosts: tuple[str, ...]
    """MOTCUA_HOSTS: host names that pages are served under, separated by commas."""
    is_demo: bool
    """MOTCUA_DEMO=1: ready accounts are shown on the login page. Never set where real people's dossiers are."""
    is_https: bool
    """MOTCUA_HTTPS=1: cookies travel over TLS only. Set wherever the address is not this machine's own."""
    email_url: str
    """MOTCUA_EMAIL_URL: ``smtp://user:password@host:port``; empty means that letters go to the log folder."""

    @property
    def uploads(self) -> Path:
        """Folder of the files people hand in."""
        return self.home / "uploads"

    def secret_key(self) -> str:
        """Return the key that signs cookies, made at first use and kept in ``home`` readable by the owner alone."""
        path = self.home / "secret-key"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(64), encoding="ascii")
        return path.read_text(encoding="ascii").strip()


def read() -> Environment:
    """Read the environment.

    Raises:
        UserError: a switch has a value other than 0 or 1.
    """
    return Environment(
        home=Path(os.environ.get("MOTCUA_HOME", "motcua-home")).resolve(),
        database_url=os.environ.get("DATABASE_URL", ""),
        hosts=tuple(host for host in os.environ.get("MOTCUA_HOSTS", "127.0.0.1,localhost").split(",") if host),
        is_demo=_switch("MOTCUA_DEMO"),
        is_https=_switch("MOTCUA_HTTPS"),
        email_url=os.environ.get("MOTCUA_EMAIL_URL", ""),
    )


def _switch(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in {"0", "1"}:
        raise UserError(f"{name}={value} không hợp lệ.", remedy=f"Hãy đặt {name}=1 (bật) hoặc {name}=0 (tắt).")
    return value == "1"
