"""What changed between two texts, word by word, for the side-by-side difference of a submission."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join

WORDS = re.compile(r"\s+|(?:Rp)?\d+(?:[.,]\d+)+|[^\s,.;/()]+|[,.;/()]")  # a figure is one word
TOO_LONG = 4_000  # letters; beyond this the whole value is marked rather than compared


def marked(before, after):
    """`(before, after)` as safe HTML, the changed words in `<del>` and `<ins>`, the rest plain.

    Values are escaped. An empty side comes back empty: the table then says "belum ada".
    """
    before, after = str(before or ""), str(after or "")
    if before == after:
        return format_html("{}", before), format_html("{}", after)
    if not before or not after or len(before) + len(after) > TOO_LONG:
        return _piece("del", before), _piece("ins", after)
    old, new = WORDS.findall(before), WORDS.findall(after)
    steps = _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old)
    left = [("del" if tag != "equal" else "", "".join(old[a:b])) for tag, a, b, _c, _d in steps]
    right = [("ins" if tag != "equal" else "", "".join(new[c:d])) for tag, _a, _b, c, d in steps]
    return _html(left), _html(right)


def _joined(steps, old):
    """Two changes with nothing but blanks between them are one change to a reader."""
    joined = []
    for tag, a, b, c, d in steps:
        if tag != "equal" and len(joined) >= 2 and joined[-1][0] == "equal":
            _tag, start, end, _c, _d = joined[-1]
            if not "".join(old[start:end]).strip():
                joined.pop()
                _tag, first, _b, third, _d = joined.pop()
                joined.append(("replace", first, b, third, d))
                continue
        joined.append((tag, a, b, c, d))
    return joined


def _html(pieces):
    return format_html_join("", "{}", ((_piece(tag, text),) for tag, text in pieces if text))


def _piece(tag, text):
    words = text.strip()
    if not tag or not words:
        return format_html("{}", text)
    start = text.index(words)
    # blanks stay outside the mark, or its ground would begin before the word
    return format_html(f"{{}}<{tag}>{{}}</{tag}>{{}}", text[:start], words, text[start + len(words) :])
