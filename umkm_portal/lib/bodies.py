"""Request bodies that every database can hold. Settings name the parser, so this imports no views."""

import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser

MAX_DEPTH = 12  # a submission is five deep


class BodyTooLarge(exceptions.APIException):
    """413: more than DATA_UPLOAD_MAX_MEMORY_SIZE."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body-too-large"
    default_detail = _("Isi permintaan terlalu besar.")


class PlainJSONParser(JSONParser):
    """JSON in UTF-8 without NUL, half characters or endless nesting.

    PostgreSQL refuses NUL in text and SQLite keeps it; neither takes half of a surrogate pair.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            data = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("Isi permintaan bukan JSON yang dapat dibaca.")) from error
        if not is_plain(data):
            raise exceptions.ParseError(_("Isi permintaan memuat karakter atau susunan yang tidak diterima."))
        return data


def _refuse_constant(name):
    raise ValueError(name)  # NaN and Infinity are no JSON


def is_plain(data):
    """Whether every text in parsed JSON can be stored, and nothing is nested deeper than MAX_DEPTH."""
    todo = [(data, 1)]
    while todo:
        value, depth = todo.pop()
        if isinstance(value, str):
            if "\0" in value or not _encodes(value):
                return False
        elif isinstance(value, (dict, list)):
            if depth > MAX_DEPTH:
                return False
            todo += [(child, depth + 1) for child in value]
            if isinstance(value, dict):
                todo += [(child, depth + 1) for child in value.values()]
    return True


def _encodes(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
