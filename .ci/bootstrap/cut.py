"""Bootstrap with only what our pages use: `python .ci/bootstrap/cut.py [--check]`

Reads `bootstrap.min.css` beside this file (as npm:bootstrap@5.3.9 ships it) and the class names in our
templates, tags and scripts, and writes `static/vendor/bootstrap.css`: 6 KB compressed instead of 31. The
classes kept stand in `classes.txt`, the hash in `static/vendor/VENDOR.json`. Run it after using a class of
Bootstrap that no page used before; `--check` (a test does it) only says whether that is so.

Kept of a rule are the selectors all of whose classes are used. Dropped besides are pictures in `data:`
addresses, which our Content-Security-Policy blocks (portal.css draws them from files), and custom properties
that nothing reads.
"""

import hashlib
import json
import re
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCE = HERE / "bootstrap.min.css"
LIST = HERE / "classes.txt"
STATIC = ROOT / "static"
RESULT = "vendor/bootstrap.css"
PYTHON = ("umkm_portal", "accounts", "registry", "programs")

CLASS_NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NOT = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
# class="..." of a template, with whatever template tags stand inside the quotes
ATTRIBUTE = re.compile(r'\bclass=\\?"((?:\{%.*?%\}|\{\{.*?\}\}|[^"\\])*)', re.DOTALL)
TAG = re.compile(r"\{[%{](.*?)[%}]\}", re.DOTALL)
QUOTED = re.compile(r'"([^"]*)"' + r"|'([^']*)'|`([^`]*)`")
IN_PYTHON = re.compile(r"""(?:class=\\?["']|["']class["']\s*[:\]]\s*=?\s*f?["']|css=["'])([^"']*)""")


# ---- which classes we use ---------------------------------------------------------------------


def words(text):
    return set(re.findall(r"-?[A-Za-z_][\w-]*", text))


def of_template(text):
    """Words in class attributes, and in every quoted argument of a template tag."""
    found = set()
    for value in ATTRIBUTE.findall(text):
        found |= words(value)
    for tag in TAG.findall(text):
        for parts in QUOTED.findall(tag):
            found |= words(" ".join(parts))
    return found


def used():
    """Every word that may be a class on one of our pages."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        found |= of_template(path.read_text("utf-8"))
    scripts = [*(STATIC / "js").glob("*.js"), *(ROOT / "umkm_portal/lib/templatetags").glob("*.py")]
    for path in scripts:  # they put classes together word by word
        for parts in QUOTED.findall(path.read_text("utf-8")):
            found |= words(" ".join(parts))
    for path in (path for top in PYTHON for path in (ROOT / top).rglob("*.py")):
        for value in IN_PYTHON.findall(path.read_text("utf-8")):
            found |= words(value)
    return found


# ---- the style sheet --------------------------------------------------------------------------


def statements(css):
    """(head, body) of each top-level statement; body is None for one that ends with a semicolon."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    at = 0
    while at < len(css):
        brace, end = css.find("{", at), css.find(";", at)
        if brace == -1 or -1 < end < brace:
            if end == -1:
                return
            yield css[at:end].strip(), None
            at = end + 1
            continue
        depth, stop = 1, brace + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[stop], 0)
            stop += 1
        yield css[at:brace].strip(), css[brace + 1 : stop - 1]
        at = stop


def split(text, mark):
    """`text` at every `mark` that stands outside parentheses and quotes."""
    parts, depth, quote, begin = [], 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]


def classes(selector):
    """Classes an element must have (or stand under) for `selector` to meet it."""
    return set(CLASS_NAME.findall(NOT.sub("", selector)))


def every_class(css):
    return {
        name
        for head, body in statements(css)
        for name in (every_class(body) if head.startswith("@media") else CLASS_NAME.findall(head))
    }


def kept(css, names):
    """The rules for `names`, as (head, body); a media query's body is such a list."""
    found = []
    for head, body in statements(css):
        if body is None or head.startswith("@keyframes"):
            if body is not None:
                found.append((head, body))
        elif head.startswith("@"):
            if inner := kept(body, names):
                found.append((head, inner))
        else:
            selectors = [s for s in split(head, ",") if classes(s) <= names]
            lines = [line for line in split(body, ";") if "url(" not in line and "data:" not in line]
            if selectors and lines:
                found.append((",".join(selectors), ";".join(lines)))
    return found


def printed(rules):
    return "\n".join(
        f"{head}{{{body if isinstance(body, str) else chr(10) + printed(body) + chr(10)}}}"
        for head, body in rules
    )


def without_unread(rules, ours):
    """`rules` without custom properties that neither they nor our own sheets read, and unused keyframes."""
    while True:
        text = printed(rules) + ours
        read = set(re.findall(r"var\(\s*(--[\w-]+)", text))
        moves = words(" ".join(re.findall(r"animation(?:-name)?:([^;}]*)", text)))
        trimmed = list(trim(rules, read, moves))
        if trimmed == rules:
            return rules
        rules = trimmed


def trim(rules, read, moves):
    for head, body in rules:
        if head.startswith("@keyframes"):
            if head.split()[-1] in moves:
                yield head, body
        elif isinstance(body, list):
            if inner := list(trim(body, read, moves)):
                yield head, inner
        else:
            lines = [
                line for line in split(body, ";") if not line.startswith("--") or line.split(":")[0] in read
            ]
            if lines:
                yield head, ";".join(lines)


def cut(names):
    source = SOURCE.read_text("utf-8")
    ours = "".join(path.read_text("utf-8") for path in sorted((STATIC / "css").glob("*.css")))
    head = (
        "/* Bootstrap v5.3.9 (https://getbootstrap.com/), Copyright 2011-2026 The Bootstrap Authors, MIT.\n"
        "   Cut down to the classes in use by .ci/bootstrap/cut.py. */\n"
    )
    return head + printed(without_unread(kept(source, names), ours)) + "\n"


# ---- the record -------------------------------------------------------------------------------


def recorded():
    return set(LIST.read_text("utf-8").split())


def missing():
    """Classes of Bootstrap that our pages use and the record lacks."""
    return sorted((used() & every_class(SOURCE.read_text("utf-8"))) - recorded())


def write():
    names = sorted(used() & every_class(SOURCE.read_text("utf-8")))
    LIST.write_text(textwrap.fill(" ".join(names), 100, break_on_hyphens=False) + "\n", "utf-8")
    text = cut(set(names))
    (STATIC / RESULT).write_text(text, "utf-8")
    register = STATIC / "vendor/VENDOR.json"
    rows = json.loads(register.read_text("utf-8"))
    next(row for row in rows if row["file"] == RESULT)["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    register.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{RESULT}: {len(names)} classes, {len(text):,} bytes")


def check():
    """True when the record holds every class in use, and the style sheet is what it makes."""
    lacking = missing()
    if lacking:
        print(f"Cut away, though a page uses it: {' '.join(lacking)}. Run python .ci/bootstrap/cut.py")
    same = (STATIC / RESULT).read_text("utf-8") == cut(recorded())
    if not same:
        print(f"{RESULT} is not what cut.py makes of classes.txt")
    return same and not lacking


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if check() else 1)
    write()
