"""What README, handbook and .env.example promise is what the code has."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def settings_names():
    """Every variable the settings read from the environment."""
    source = (ROOT / "umkm_portal" / "settings.py").read_text("utf-8")
    read = r"""(?:\benv\.\w+|\benviron\.get|\bgetenv)\(\s*["']([A-Z_]+)["']"""
    return set(re.findall(read, source))


def test_env_example_lists_every_variable_the_settings_read():
    example = (ROOT / ".env.example").read_text("utf-8")
    offered = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    mentioned = set(re.findall(r"\b(UMKM_[A-Z_]+)=", example))
    assert offered | mentioned == settings_names()


def test_readme_table_lists_the_same_variables():
    section = README.split("## Environment")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)) == settings_names()


def test_readme_opens_with_the_two_commands():
    assert re.search(r"```\n(.*?)```", README, re.DOTALL)[1] == "make demo\nmake test\n"


def test_readme_shows_every_make_target_step_by_step():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"help"}
    assert set(re.findall(r"^\| `make ([a-z-]+)` \|", README, re.MULTILINE)) == targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_direct_requirement_gives_its_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        direct = (ROOT / name).read_text("utf-8").split("# ---- brought along")[0]
        lines = [line for line in direct.splitlines() if "==" in line]
        assert lines
        assert [line for line in lines if not re.search(r"==\S+\s+# \S", line)] == []
