"""The one way a verb says no."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An act was refused by a rule. Pages show `message`, the API answers 409 with `code` and `detail`.

    `code` is stable English (``submission-decided``), `message` an Indonesian sentence that may hold
    ``%(name)s`` placeholders filled from `params`. `fields` maps field names to messages where the
    refusal belongs to a field. Messages never carry a NIK, a phone number or a person's name.
    """

    def __init__(self, code, message, *, fields=None, **params):
        self.code = code
        self.params = params
        self.fields = fields or {}
        self._message = message
        super().__init__(code)

    @property
    def message(self):
        text = str(self._message)
        return text % self.params if self.params else text

    def __str__(self):
        return self.message


def not_found():
    """The refusal used where telling more would reveal a row outside one's reach."""
    return Refused("not-found", _("Data tidak ditemukan."))
