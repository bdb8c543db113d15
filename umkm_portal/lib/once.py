"""Rows whose uuid is minted by whoever sends them: what is sent again, or twice at once, is written once."""

from functools import partial

from django.db import IntegrityError, transaction


def insert_once(row, write=None):
    """Insert `row`, or find the one that stands under its uuid; returns (the row that stands, whether new).

    `write` inserts it together with what belongs to it (default: its save); all or nothing, in a savepoint.
    Whose the standing row is, the caller asks. What breaks another rule of the database raises.
    """
    try:
        with transaction.atomic():
            (write or partial(row.save, force_insert=True))()
    except IntegrityError:
        known = type(row)._default_manager.filter(uuid=row.uuid).first()
        if known is None:
            raise
        return known, False
    return row, True
