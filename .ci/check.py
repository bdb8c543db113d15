"""Everything that must hold before a change goes in, tests aside: `python .ci/check.py [NAME...]`

Runs every check even when one fails, and ends with a non-zero code when any did. With names (lint,
format, migrations, translations, deploy, repository) only those.
"""

import gettext
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 1024 * 1024

# As a public server would be set up: what `check --deploy` finds here it would find there.
PRODUCTION = {
    "UMKM_ENV_FILE": "",
    "DEBUG": "false",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "IDENTITY_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "umkm.example.id",
    "SITE_URL": "https://umkm.example.id",
    "DJANGO_SETTINGS_MODULE": "umkm_portal.settings",
}


def run(*command):
    """True when `command` succeeds; what it prints is the report."""
    return subprocess.run(command, cwd=ROOT).returncode == 0


def manage(*arguments):
    """`manage.py` with production's environment, on an empty SQLite file that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, **PRODUCTION, "DATABASE_URL": f"sqlite:///{scratch}/check.sqlite3"}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0


def tracked():
    """The files git knows or would take (not ignored), as paths relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def check_lint():
    return run(sys.executable, "-m", "ruff", "check", ".")


def check_format():
    return run(sys.executable, "-m", "ruff", "format", "--check", ".")


def check_migrations():
    return manage("makemigrations", "--check", "--dry-run")


def check_deploy():
    return manage("check", "--deploy", "--fail-level", "WARNING")


def check_translations():
    """Every .po has its current .mo beside it, and none waits for a translator's second look."""
    if shutil.which("msgfmt") is None:
        print("msgfmt was not found. Debian/Ubuntu: sudo apt install gettext")
        return False
    problems = []
    for name in tracked():
        if not name.endswith(".po"):
            continue
        source, compiled = ROOT / name, (ROOT / name).with_suffix(".mo")
        with tempfile.NamedTemporaryFile(suffix=".mo") as fresh:
            done = subprocess.run(
                ["msgfmt", "--check-format", "-o", fresh.name, source], capture_output=True, text=True
            )
            if done.returncode:
                problems.append(done.stderr.strip())
            elif not compiled.exists() or messages(compiled) != messages(fresh.name):
                problems.append(f"{name}: its .mo is missing or old; run manage.py compilemessages")
        if re.search(r"^#,.*\bfuzzy\b", source.read_text("utf-8"), re.MULTILINE):
            problems.append(f"{name}: has guessed ('fuzzy') translations")
    return report(problems)


def messages(path):
    """What a .mo says, without the order and padding that differ between versions of msgfmt."""
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file)._catalog


SECRETS = re.compile(
    "|".join(
        [
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
            r"\bAKIA[0-9A-Z]{16}\b",
            r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
            r"^\s*(?:export\s+)?(?:SECRET_KEY|IDENTITY_KEY)\s*=\s*[\"']?[A-Za-z0-9_+/=!@#$%^&*()-]{32,}",
            r"postgres(?:ql)?://[^\s:/@{}$]+:(?!(?:password|sandi|PASSWORD|SANDI)@)[^\s@{}$]{8,}@",
        ]
    ),
    re.MULTILINE,
)
NEVER_HERE = re.compile(
    r"(^|/)(var|staticfiles|node_modules|\.venv|samples?)/"
    r"|(^|/)\.env$|\.(sqlite3?|db|dump|pem|key|p12|xls|xlsx|ods|zip|pyc)$"
)
PIN = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[A-Za-z0-9.]+$")


def check_repository():
    """Small files only, no one's data, no secrets, every requirement pinned to one version."""
    problems = []
    for name in tracked():
        path = ROOT / name
        if path.stat().st_size > LARGEST:
            problems.append(f"{name}: larger than 1 MB")
        if NEVER_HERE.search(name):
            problems.append(f"{name}: data, secrets and built files stay out of the repository")
        if SECRETS.search(path.read_bytes().decode("utf-8", "ignore")):
            problems.append(f"{name}: looks like a secret")
    pinned = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            line = line.split("#")[0].strip()
            if not line or line == "-r requirements.txt":
                continue
            if not PIN.match(line):
                problems.append(f"{name}:{number}: not pinned with ==: {line}")
            package, _, version = re.sub(r"\[.*\]", "", line).partition("==")
            package = re.sub(r"[-_.]+", "-", package.lower())
            if package == "psycopg" or package.startswith(("psycopg-", "psycopg[")):
                problems.append(f"{name}:{number}: psycopg 3 makes Django stop using psycopg2")
            if package in pinned:
                problems.append(f"{name}:{number}: {package} is listed twice")
            pinned[package] = version
    return report(problems + differing(pinned))


def differing(pinned):
    """Where this environment is not what the files say: a package missing, extra, or of another version."""
    from importlib.metadata import distributions

    problems = []
    for found in distributions():
        package = re.sub(r"[-_.]+", "-", found.metadata["Name"].lower())
        if package in {"pip", "setuptools", "wheel", "pkg-resources"}:
            continue
        if package not in pinned:
            problems.append(f"{package} {found.version} is installed but not in the requirements")
        elif found.version != pinned[package]:
            problems.append(f"{package} is {found.version}, the requirements say {pinned[package]}")
    return problems


def report(problems):
    for problem in problems:
        print(problem)
    return not problems


CHECKS = {
    "lint": check_lint,
    "format": check_format,
    "migrations": check_migrations,
    "translations": check_translations,
    "deploy": check_deploy,
    "repository": check_repository,
}


def main(names):
    unknown = set(names) - set(CHECKS)
    if unknown:
        sys.exit(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}")
    failed = []
    for name in names or CHECKS:
        print(f"== {name}", flush=True)
        if not CHECKS[name]():
            failed.append(name)
    print(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'all good'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
