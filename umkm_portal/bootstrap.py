"""Fresh secrets for a first start, written before the settings are read. Standard library only."""

import os
import secrets
from pathlib import Path

VAR_DIR = Path(__file__).resolve().parent.parent / "var"


def write_demo_environment(path=None):
    """Write `var/.env` (0600) with new secrets for a local demo, unless it is there already."""
    path = Path(path) if path else VAR_DIR / ".env"
    if path.exists() or os.environ.get("SECRET_KEY"):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Ditulis oleh `manage.py demo` untuk komputer ini saja.",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        f"IDENTITY_KEY={secrets.token_urlsafe(48)}",
        "DEBUG=true",
        "ALLOWED_HOSTS=127.0.0.1,localhost",
        "SITE_URL=http://127.0.0.1:8000",
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
    return path
