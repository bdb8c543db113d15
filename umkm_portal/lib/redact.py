"""Keep personal numbers out of the logs, whoever writes the line."""

import logging
import re

# 9 to 17 digits, also when grouped by spaces, dots, dashes or brackets: NIK, KK, NPWP and phone numbers.
LONG_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ .()\-]{0,2}\d){8,16}(?!\d)")


def redact(text):
    """`text` with every run of 9 to 17 digits replaced, keeping nothing of the number."""
    return LONG_NUMBER.sub("[angka disamarkan]", text)


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
