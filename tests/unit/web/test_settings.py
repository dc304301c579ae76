"""Settings that protect people follow from how an installation is served."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASKED = (
    "from motcua.config import settings as s;"
    "print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
)


@pytest.mark.parametrize(
    ("https", "found"), [("1", "31536000 True True False"), ("0", "0 False False False")], ids=["tls", "this machine"]
)
def test_browsers_come_back_over_tls_only_where_it_is_served_so_and_passkeys_never_work_from_anywhere(
    https: str, found: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "MOTCUA_HTTPS": https,
        "MOTCUA_HOME": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody@localhost/none",
    }
    done = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == found
