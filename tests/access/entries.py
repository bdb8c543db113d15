"""How a line of the table is written: who may use which method of an address, about what, sending what."""

from dataclasses import dataclass, field, replace

from tests.access.who import Who

UUID = "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e77"  # of something new


@dataclass(frozen=True)
class Entry:
    """One line of the table."""

    methods: dict  # {"GET": Who}
    api: bool
    row: str = ""
    send: dict = field(default_factory=dict)
    upload: bool = False  # the body is a form with a file, also on the API
    always: int = 0
    within: Who | None = None  # of what is open to everybody: roles that read their own reach instead
    rows: dict = field(default_factory=dict)  # {method: row} where one method is about another thing

    def at(self, method):
        """This line as `method` meets it."""
        return replace(self, row=self.rows[method]) if method in self.rows else self


def page(row="", send=None, always=0, **methods):
    return Entry(methods, False, row, send or {}, always=always)


def api(row="", send=None, always=0, upload=False, within=None, rows=None, **methods):
    return Entry(methods, True, row, send or {}, upload, always, within, rows or {})
