"""Keep personal numbers out of the logs, whoever writes the line."""

import logging
import re

# 9 to 17 digits, also when grouped by spaces, dots, dashes or brackets: NIK, KK, NPWP and phone numbers.
LONG_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ .()\-]{0,2}\d){8,16}(?!\d)")

# The token of an owner's link (registry/outreach): whoever read it in a log could answer in the owner's name.
OWNER_LINK = re.compile(r"(/konfirmasi/)(?!terima-kasih/)[^/\s?\"']+")


def redact(text):
    """`text` with every run of 9 to 17 digits replaced, keeping nothing of the number; so the tokens of
    owners' links."""
    return LONG_NUMBER.sub("[angka disamarkan]", OWNER_LINK.sub(r"\1[tautan disamarkan]", text))


class RedactPersonalNumbers(logging.Filter):
    """Rewrites the finished message and the traceback text of a record in place."""

    def filter(self, record):
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True
