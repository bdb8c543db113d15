"""Model fields that keep people's names, phones and proposals sealed at rest, and open them when read.

A dump of the database shows only tokens. What must be found again stands beside the sealed column as a
keyed HMAC (`sealing.lookup` for a whole value, `sealing.word_tokens` for words).
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from umkm_portal.lib.sealing import seal, unseal


class SealedTextField(models.TextField):
    """Text sealed in the database, plain in Python. "" stays "", so that emptiness can be asked for.

    Two seals of one text differ: comparing by value in SQL could never match and raises instead.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def from_db_value(self, value, expression, connection):
        return unseal(value) if value else value

    def get_lookup(self, lookup_name):
        return {"exact": OnlyEmpty, "isnull": models.lookups.IsNull}.get(lookup_name)

    def get_transform(self, lookup_name):
        return None


class OnlyEmpty(models.lookups.Exact):
    """`field=""` is the one comparison a sealed column can answer."""

    def __init__(self, lhs, rhs):
        if rhs != "":
            raise ValueError("A sealed column can only be compared with ''. Use its lookup or words column.")
        super().__init__(lhs, rhs)


class SealedJSONField(models.TextField):
    """A JSON value sealed as a whole; SQL cannot look inside."""

    def get_prep_value(self, value):
        return seal(json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":")))

    def from_db_value(self, value, expression, connection):
        return json.loads(unseal(value)) if value else value

    def get_lookup(self, lookup_name):
        return models.lookups.IsNull if lookup_name == "isnull" else None

    def get_transform(self, lookup_name):
        return None
