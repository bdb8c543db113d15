"""The part of a row that tells whose a business is, and its papers and consents. Pure."""

from django.utils.translation import gettext as _

from umkm_portal.lib.text import has_long_digits

from . import amounts, normalise
from .wording import IDENTITY_MESSAGES, PAPER_MESSAGES

LICENCES = {
    "nib": "nib",
    "pirt": "pirt",
    "halal": "halal",
    "bpom_md": "bpom_md",
    "sni": "sni",
    "merek": "merek",
}
PAPER_NAMES = {
    "nib": "NIB",
    "pirt": "P-IRT",
    "halal": "halal",
    "bpom_md": "BPOM MD",
    "sni": "SNI",
    "merek": "merek",
}

OWNER_ROLES = {
    "name_owner", "nik", "kk", "sex", "sex_male", "sex_female", "born_on", "address_home", "education",
    "disability",
    "rt_home", "rw_home", "kelurahan_home",
}  # fmt: skip


class Who:
    """Mixed into facts.Reader."""

    # ---- who -------------------------------------------------------------------------------

    def _owner(self, row, facts):
        owner = {}
        name = normalise.said(self.cell(row, "name_owner"))
        if name and not has_long_digits(name):
            owner["name"] = name
        nik, nik_problem = normalise.national_id(self.cell(row, "nik"))
        kk, kk_problem = normalise.national_id(self.cell(row, "kk"), "kk")
        if nik:
            facts.sealed["nik"] = nik
            facts.sealed["nik_cell"] = (self._one["nik"].letter, self._one["nik"].label)
        if kk:
            facts.sealed["kk"] = kk
        answers = {"refused": "refused", "later": "later"}
        if nik_problem in answers:
            owner["nik_answer"] = answers[nik_problem]
        for role, problem in (("nik", nik_problem), ("kk", kk_problem)):
            if problem in IDENTITY_MESSAGES:
                self.warn(facts, role, IDENTITY_MESSAGES[problem]())
        male, female = (
            normalise.said(self.cell(row, "sex_male")),
            normalise.said(self.cell(row, "sex_female")),
        )
        sex = normalise.sex(self.cell(row, "sex")) or (
            "L" if male and not female else "P" if female and not male else ""
        )
        if sex:
            owner["sex"] = sex
        born = amounts.when(self.cell(row, "born_on"), earliest=1900)
        if born.problem == "odd":
            self.warn(facts, "born_on", _("Tanggal lahir ini tidak masuk akal, jadi tidak dipakai."))
        elif born.day:
            owner["born_on"] = born.day.isoformat()
        for key, role in (
            ("address", "address_home"),
            ("education", "education"),
            ("disability", "disability"),
        ):
            text = normalise.said(self.cell(row, role))
            if text:
                owner[key] = text
        rt, rw = normalise.neighbourhood(self.cell(row, "address_home"))
        rt = normalise.unit_number(self.cell(row, "rt_home"))[0] or rt
        rw = normalise.unit_number(self.cell(row, "rw_home"))[0] or rw
        if rt:
            owner["rt"] = rt
        if rw:
            owner["rw"] = rw
        home = normalise.said(self.cell(row, "kelurahan_home"))
        if home:
            found = self.places.resolve(home, normalise.said(self.cell(row, "kecamatan_home")))
            if found.code:
                owner["domicile"] = found.code
        if not owner.get("name") and (nik or kk):
            # A list of persons: the one name it has is the person's too.
            if self.header.name_from in ("name_bare", "name_people", "name_mixed"):
                owner["name"] = facts.name
            else:
                self.warn(
                    facts,
                    "nik" if nik else "kk",
                    _("NIK atau KK ini tanpa nama pemilik, jadi belum dapat dicatat sebagai orang."),
                )
                facts.sealed.pop("nik", None), facts.sealed.pop("kk", None)
        if owner.get("name"):
            facts.owner = owner

    def _papers(self, row, facts):
        for role, kind in LICENCES.items():
            for column in self._all.get(role, ()):
                if column.index >= len(row):
                    continue
                paper = normalise.licence(row[column.index], kind)
                self._paper(facts, column, kind, paper)
                break
        for column in self._all.get("consent", ()):
            if column.index < len(row):
                facts.consents += [
                    g for g in normalise.consents(column.label, row[column.index]) if g not in facts.consents
                ]

    def _paper(self, facts, column, kind, paper):
        if paper.problem in ("odd", "damaged", "sealed", "long", "words"):
            self.warn(facts, column, PAPER_MESSAGES[paper.problem]() % {"kind": PAPER_NAMES[kind]})
        if not paper.status:
            return
        number, note = paper.number, paper.note
        digits = "".join(c for c in number if c.isdigit())
        kept = {"nib": len(digits) == 13, "pirt": len(digits) == 15, "halal": number.upper().startswith("ID")}
        if number and not kept.get(kind, True):
            if not paper.problem:
                self.warn(facts, column, PAPER_MESSAGES["odd"]() % {"kind": PAPER_NAMES[kind]})
            if not has_long_digits(number):
                note = f"{_('tertulis')}: {number}"
            number = ""
        facts.licences.append({"kind": kind, "status": paper.status, "number": number, "note": note})
