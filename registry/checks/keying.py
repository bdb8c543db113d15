"""Reading what an officer keys from a sheet: "1a 2a 3t 4x". Pure: no rows, no request."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

# The letters beside the numbers, as they stand on the printed sheet.
LETTERS = {"a": "active", "s": "temporary", "t": "closed", "p": "moved", "x": "not_found"}
MEANINGS = {
    "a": lazy("aktif"),
    "s": lazy("tutup sementara"),
    "t": lazy("tutup permanen"),
    "p": lazy("pindah"),
    "x": lazy("tidak ketemu"),
}
LETTER_OF = {answer: letter for letter, answer in LETTERS.items()}
LONGEST = 4000  # letters typed for one sheet
_TOKEN = re.compile(r"(\d+)\s*[.):=-]?\s*([a-z]+)|\S+")
_RANGE = re.compile(r"(\d+)\s*-\s*(\d+)\s*([a-z])(?![a-z])")
MOST_OF_A_RANGE = 200


def read(text, most):
    """({number: answer}, [sentences about what is wrong]) of what was typed for a sheet of `most` numbers.

    Between number and letter a space, point or dash may stand; "1-5a" is a for all five. A number written
    twice with one letter is fine, with two it is named. Anything not understood is named with its place.
    """
    answers, problems, asked = {}, [], text.lower().replace(",", " ").replace(";", " ")
    if len(asked) > LONGEST:
        return {}, [_("Terlalu panjang. Ketik satu lembar saja.")]

    def put(number, letter, token):
        answer = LETTERS.get(letter)
        if answer is None:
            problems.append(
                _("“%(token)s”: huruf %(letter)s tidak dikenal, pakai %(letters)s.")
                % {"token": token, "letter": letter[:10], "letters": " ".join(LETTERS)}
            )
        elif not 1 <= number <= most:
            problems.append(
                _("“%(token)s”: lembar ini bernomor 1 sampai %(most)d.") % {"token": token, "most": most}
            )
        elif answers.get(number, answer) != answer:
            problems.append(
                _("Nomor %(number)d ditulis dua kali: %(first)s dan %(second)s.")
                % {"number": number, "first": LETTER_OF[answers[number]], "second": letter}
            )
        else:
            answers[number] = answer

    def ranged(found):
        first, last, letter = _number(found[1]), _number(found[2]), found[3]
        if first > last or last - first >= MOST_OF_A_RANGE:
            problems.append(_("“%(token)s” tidak dikenali.") % {"token": found[0][:20]})
        else:
            for number in range(first, last + 1):
                put(number, letter, found[0][:20])
        return " "

    rest = _RANGE.sub(ranged, asked)
    for found in _TOKEN.finditer(rest):
        token = found[0][:20]
        if found[1] is None:
            problems.append(_("“%(token)s” tidak dikenali: tulis nomor lalu huruf.") % {"token": token})
        else:
            put(_number(found[1]), found[2], token)
    return answers, problems


def _number(digits):
    """The number of at most four digits; anything longer is no number of a sheet."""
    return int(digits) if digits.isascii() and len(digits) <= 4 else 10_000
