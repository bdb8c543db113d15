"""What others wrote lies in static/ with its version, licence and hash, and asks for nothing from outside."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
ROWS = json.loads((STATIC / "vendor/VENDOR.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_vendored_file_is_the_one_named_with_its_licence(row):
    content = (STATIC / row["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert (STATIC / row["licence_file"]).stat().st_size > 100
    assert row["source"] == f"npm:{row['source'].removeprefix('npm:')}" and row["version"] in row["source"]


def test_every_file_in_vendor_is_named():
    there = {str(p.relative_to(STATIC)) for p in (STATIC / "vendor").iterdir() if p.is_file()}

    assert there - {"vendor/VENDOR.json"} <= {row["file"] for row in ROWS}


@pytest.mark.parametrize("name", ["vendor/leaflet.css", "vendor/leaflet.js"])
def test_the_map_needs_nothing_that_the_policy_forbids(name):
    text = (STATIC / name).read_text()

    assert not re.search(r"url\((?!#)|sourceMappingURL|@import|\beval\(|new Function\(", text)


def test_bootstrap_is_cut_down_to_the_classes_in_use():
    """After using a class that no page used before: python .ci/bootstrap/cut.py"""
    done = subprocess.run(
        [sys.executable, ".ci/bootstrap/cut.py", "--check"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
