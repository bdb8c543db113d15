"""What the bearer of a link sees of a record: enough to know it, too little to learn it. Pure."""

import re

_WORD = re.compile(r"\w+")


def masked_phone(digits):
    """ "6281234567890" -> "0812-••••-•890"; "" for none."""
    if not digits:
        return ""
    local = "0" + digits.removeprefix("62")
    return f"{local[:4]}-••••-•{local[-3:]}" if len(local) >= 10 else f"••••{local[-2:]}"


def masked_words(text):
    """Each word by its first letter: "Jl. Sanan 12" -> "J•. S•••• ••"; numbers wholly covered."""
    return _WORD.sub(lambda word: _covered(word[0]), text)


def _covered(word):
    return "•" * len(word) if word[0].isdigit() else word[0] + "•" * min(len(word) - 1, 8)
