"""The part of a row that tells how to reach a business, what it does, and its figures. Pure."""

import re

from django.utils.translation import gettext as _

from umkm_portal.lib.text import clean_line, fold

from . import amounts, normalise
from .reading import is_number, text_of
from .wording import PHONE_MESSAGES

# A column that says so holds the owner's own number; any other may be a neighbour's or the enumerator's.
_OWNERS_NUMBER = re.compile(r"\b(pemilik|pengusaha|owner|pimpinan)\b", re.IGNORECASE)

FIGURE_ROLES = {
    "turnover", "capital", "assets", "investment", "workers", "workers_male", "workers_female",
}  # fmt: skip


class What:
    """Mixed into facts.Reader."""

    # ---- how to reach it, what it does -----------------------------------------------------

    def _reach(self, row, facts):
        values = facts.values
        numbers, others = [], []
        for column in self._all.get("phone", ()):
            if column.index >= len(row):
                continue
            read = normalise.phones(row[column.index])
            if read.first and not numbers and _OWNERS_NUMBER.search(column.label):
                values["phone_of"] = "owner"
            numbers += [n for n in [read.first] if n and n not in numbers]
            others += read.others.split()
            facts.sealed.setdefault("phones", set()).update(read.numbers)
            if read.problem in PHONE_MESSAGES:
                self.warn(facts, column, PHONE_MESSAGES[read.problem]())
        if numbers:
            values["phone"] = numbers[0]
            values.setdefault("phone_of", "unknown")
        rest = " ".join(dict.fromkeys([*numbers[1:], *others]))
        if rest and len(rest) <= 60:
            values["phone_other"] = rest
        for role in ("email", "website", "marketplace", "opening_hours"):
            text = normalise.said(self.cell(row, "hours" if role == "opening_hours" else role))
            if text:
                values[role] = text
        account, problem = normalise.handle(self.cell(row, "instagram"))
        if account:
            values["instagram"] = account
        elif problem:
            self.warn(facts, "instagram", _("Nama akun Instagram ini tidak dikenali."))

    def _work(self, row, facts):
        values = facts.values
        details = [
            text
            for c in self._all.get("detail", ())
            if c.index < len(row) and (text := normalise.said(row[c.index]))
        ]
        activity = normalise.said(self.cell(row, "activity"))
        sectors = [
            text
            for c in self._all.get("sector", ())
            if c.index < len(row) and (text := normalise.said(row[c.index]))
        ]
        kbli = normalise.said(self.cell(row, "kbli"))
        scale = normalise.scale(self.cell(row, "scale"))
        for text in list(sectors):
            if not scale and normalise.scale(text) and len(fold(text).split()) <= 2:
                scale = normalise.scale(text)
                sectors.remove(text)
        values["activity"] = (
            "; ".join(dict.fromkeys(details)) or activity or (sectors[0] if sectors else kbli)
        )
        told = sectors + ([activity] if details and activity else [])
        if kbli and not kbli.replace(" ", "").isdigit():
            told.append(kbli)
        values["sector_told"] = "; ".join(dict.fromkeys(told))
        self._kbli(row, kbli, facts)
        if scale:
            values["scale"], values["scale_basis"] = scale, "statement"
        form = normalise.legal_form(self.cell(row, "legal_form")) or normalise.legal_form_of_name(facts.name)
        if form:
            values["legal_form"] = form
        state = self.cell(row, "operating_state")
        if normalise.said(state) and (read := normalise.operating_state(state)):
            values["operating_state"] = read
        for role, message in (
            ("founded", _("Tahun atau tanggal berdiri ini tidak masuk akal, jadi tidak dipakai.")),
        ):
            read = amounts.when(self.cell(row, role))
            if read.problem == "odd":
                self.warn(facts, role, message)
            elif read.day:
                values["founded_on"], values["founded_year"] = read.day.isoformat(), read.year
            elif read.year:
                values["founded_year"] = read.year

    def _kbli(self, row, told, facts):
        digits = told.replace(" ", "").replace(".", "")
        if not digits:
            return
        first = digits[:5]
        if first.isdigit() and len(first) == 5 and (len(digits) == 5 or not digits[5].isdigit()):
            column = self._one["kbli"]
            version = next((v for v in ("2025", "2020") if v in column.label), "")
            facts.values["kbli_told"] = (first, version)
            facts.sealed["kbli_cell"] = (column.letter, column.label)

    # ---- figures ---------------------------------------------------------------------------

    def _money(self, row, facts):
        values = facts.values
        self._turnover(row, facts)
        for column in [*self._all.get("capital", ()), *self._all.get("assets", ())]:
            if column.index >= len(row) or (
                not normalise.said(row[column.index]) and not is_number(row[column.index])
            ):
                continue
            read = amounts.money(row[column.index], self._units[column.index])
            if (
                read.answer in ("exact", "band")
                and values.get("capital_idr") is None
                and values.get("capital_upper_idr") is None
            ):
                values["capital_idr"], values["capital_upper_idr"] = read.low, read.high
                values["capital_told"] = clean_line(text_of(row[column.index]))
            elif read.problem == "odd":
                self.warn(facts, column, _("Jumlah uang ini tidak terbaca; isi aslinya tetap disimpan."))
        read = amounts.money(self.cell(row, "investment"), self._units.get(self._index("investment"), 1))
        if read.answer == "exact":
            values["investment_idr"] = read.low
        self._workers(row, facts)

    def _index(self, role):
        return self._one[role].index if role in self._one else -1

    def _turnover(self, row, facts):
        for column in self._all.get("turnover", ()):
            cell = row[column.index] if column.index < len(row) else ""
            read = amounts.money(cell, self._units[column.index])
            if read.problem:
                self.warn(
                    facts,
                    column,
                    _("Omzet ini tidak terbaca sebagai jumlah uang; isi aslinya tetap disimpan."),
                )
            if not read.answer or facts.values.get("turnover_answer"):
                continue
            period = read.period or column.period
            facts.values |= {
                "turnover_answer": read.answer,
                "turnover_idr": read.low,
                "turnover_upper_idr": read.high,
                "turnover_period": period,
                "turnover_is_estimate": read.is_estimate,
                "turnover_told": clean_line(text_of(cell)),
            }

    def _workers(self, row, facts):
        values = facts.values
        sexes = [amounts.workers(self.cell(row, role)) for role in ("workers_male", "workers_female")]
        columns = self._all.get("workers", ())
        total, told = amounts.Count(), ""
        for column in columns:
            cell = row[column.index] if column.index < len(row) else ""
            read = amounts.workers(cell)
            if read.problem:
                self.warn(
                    facts,
                    column,
                    _("Jumlah tenaga kerja ini tidak terbaca sebagai angka; isi aslinya tetap disimpan."),
                )
                told = told or clean_line(text_of(cell))
            if total.low is None and total.high is None and (read.low is not None or read.high is not None):
                total = read
                told = (
                    ""
                    if is_number(cell) or clean_line(text_of(cell)).isdigit()
                    else clean_line(text_of(cell))
                )
        if total.low is None and total.high is None and any(s.low is not None for s in sexes):
            total = amounts.Count(sum(s.low or 0 for s in sexes))
        if total.low is not None:
            values["workers"] = total.low
        if total.high is not None:
            values["workers_upper"] = total.high
        if told:
            values["workers_told"] = told
