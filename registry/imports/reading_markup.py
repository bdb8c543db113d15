"""Web tables and Excel-2003 XML that office applications save under the name .xls. Pure."""

from html.parser import HTMLParser

MAX_SPAN = 200
MAX_COLUMNS = 600  # a wider row keeps its beginning
MAX_FILLED = 5_000_000  # cells that spans fill: a few letters of the file may ask for thousands of them


class TooWide(ValueError):
    """Spans that would fill more cells than any list has."""


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.sheets = []  # [name, rows, merged]
        self._names = []
        self._rows = None
        self._row = None
        self._cell = None
        self._span = (1, 1)
        self._pending = {}  # (row, column) filled from above by a rowspan
        self._number = False
        self._depth = 0
        self._filled = 0

    def handle_starttag(self, tag, attrs):
        tag = tag.split(":")[-1]
        attributes = {name.split(":")[-1]: value or "" for name, value in attrs}
        if tag == "worksheet":
            self._names.append(attributes.get("name", ""))
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                name = self._names[-1] if self._names else ""
                self.sheets.append([name, [], []])
                self._rows = self.sheets[-1][1]
                self._pending = {}
        elif tag in ("tr", "row") and self._rows is not None and self._depth == 1:
            index = _span(attributes.get("index"), 0, 100_000)
            while index and len(self._rows) < index - 1:
                self._rows.append([])
            self._row = []
            self._rows.append(self._row)
            self._fill_from_above()
        elif tag in ("td", "th", "cell") and self._row is not None and self._depth == 1:
            self._close_cell()
            index = _span(attributes.get("index"), 0, 600)
            while index and len(self._row) < index - 1:
                self._row.append("")
            across = _span(attributes.get("colspan") or _plus_one(attributes.get("mergeacross")), 1)
            down = _span(attributes.get("rowspan") or _plus_one(attributes.get("mergedown")), 1)
            self._span = (across, down)
            self._cell = []
            self._number = False
        elif tag == "data":
            self._number = attributes.get("type") == "Number"
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag.split(":")[-1] in ("td", "th", "cell"):
            self._close_cell()

    def handle_endtag(self, tag):
        tag = tag.split(":")[-1]
        if tag in ("td", "th", "cell") and self._depth == 1:
            self._close_cell()
        elif tag in ("tr", "row") and self._depth == 1:
            self._close_cell()
            self._row = None
        elif tag == "table":
            self._close_cell()
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._row = self._rows = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)

    def _close_cell(self):
        if self._cell is None or self._row is None:
            self._cell = None
            return
        text = "".join(self._cell).strip().replace("\xa0", " ").strip()
        self._cell = None
        value = text
        if self._number:
            try:
                value = float(text)
            except ValueError:
                value = text
        row, column = len(self._rows) - 1, len(self._row)
        if column >= MAX_COLUMNS:
            return
        across, down = self._span
        across = min(across, MAX_COLUMNS - column)
        self._filled += across * down
        if self._filled > MAX_FILLED:
            raise TooWide
        if across > 1 or down > 1:
            self.sheets[-1][2].append((row, column, row + down - 1, column + across - 1))
        self._row.append(value)
        self._row.extend([""] * (across - 1))
        for below in range(1, down):
            for beside in range(across):
                self._pending[row + below, column + beside] = ""
        self._fill_from_above()

    def _fill_from_above(self):
        row = len(self._rows) - 1
        while (row, len(self._row)) in self._pending:
            self._row.append(self._pending.pop((row, len(self._row))))


def _plus_one(text):
    return str(int(text) + 1) if text and text.isdigit() else ""


def _span(text, default, most=MAX_SPAN):
    return min(int(text), most) if text and text.isdigit() and int(text) > 0 else default


def sheets(text):
    """[(name, rows, merged ranges)] of every table in a page; [] when there is none."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    found = [(name, rows, merged) for name, rows, merged in parser.sheets if any(any(row) for row in rows)]
    return found
