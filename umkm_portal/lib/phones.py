"""Indonesian phone numbers as digits with the country code, "628123456789"."""

import re

_ALLOWED = re.compile(r"^[\d\s().+/\-]+$")


def phone_digits(text):
    """The number as digits starting with 62, or "" when `text` is not one phone number.

    Takes 0812…, 62812…, +62 812…, 812…, and landlines 0341…; 8 to 13 digits after the country code
    (ITU E.164; Kominfo numbering plan, PM 14/2018).
    """
    text = "".join(str(int(c)) if c.isdecimal() else c for c in str(text).strip())
    if not _ALLOWED.match(text):
        return ""
    number = re.sub(r"\D", "", text)
    if number.startswith("0062"):
        number = number[2:]
    if number.startswith("620"):
        number = "62" + number[3:]
    if number.startswith("0"):
        number = "62" + number[1:]
    elif number.startswith("8") and not text.startswith("+"):
        number = "62" + number
    if not number.startswith("62") or not 8 <= len(number) - 2 <= 13 or number[2] == "0":
        return ""
    return number
