"""The entry form's fields, made from the table of businesses/fields.py.

A field here checks nothing: what was typed goes to the one door as it is, and the door's messages come
back to the fields. So a value is cleaned in one place, whichever way it came in.
"""

import uuid

from django import forms
from django.urls import reverse_lazy
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from registry.businesses import choices, cleaning, fields
from umkm_portal.lib import formats

MONEY_PREFIX = "Rp"
SEARCHED_FROM = 8  # choices: a longer list of kelurahan is searched by words
HELP = {
    "name": _("Seperti yang dikenal pembeli."),
    "activity": _("Apa yang dibuat atau dijual, dengan kata sendiri."),
    "description": _("Cerita singkat untuk halaman publik."),
    "kbli": _("Ketik kode (10307 atau 2025:10307) atau kata, misalnya keripik. Boleh menyusul."),
    "phone_of": _("Nomor orang lain tidak pernah ditampilkan."),
    "turnover_answer": _("Tidak tahu dan tidak bersedia menjawab juga jawaban."),
    "turnover_idr": _("Seperti disebut, misalnya 500.000 per hari."),
    "capital_idr": _("Tanpa tanah dan bangunan tempat usaha."),
    "workers": _("Termasuk pemilik yang ikut bekerja."),
    "scale": _("Kosongkan bila tidak tahu; dihitung dari modal atau omzet."),
    "latitude": _("Misalnya -7,966620."),
    "longitude": _("Misalnya 112,632632."),
    "opening_hours": _("Misalnya Senin–Sabtu 07.00–17.00."),
    "instagram": _("Nama akunnya saja."),
    "season_months": _("Hanya untuk usaha musiman."),
    "stall": _("Untuk kios atau stan pasar."),
}
TEXT_FACTS = {
    cleaning.whole: {"inputmode": "numeric"},
    cleaning.year: {"inputmode": "numeric"},
    cleaning.idr: {"inputmode": "numeric"},
    cleaning.decimal: {"inputmode": "text"},
    cleaning.phone: {"inputmode": "tel"},
    cleaning.email: {"inputmode": "email", "autocapitalize": "none"},
    cleaning.web: {"inputmode": "url", "autocapitalize": "none"},
    cleaning.handle: {"autocapitalize": "none"},
}
BLANK = ("", _("Belum diketahui"))
CONSENT_WORDS = {
    "owner_name": _("Nama pemilik"),
    "phone": _("Nomor telepon dan WhatsApp, supaya pembeli bisa menghubungi"),
    "address": _("Alamat lengkap dengan RT dan RW"),
    "photo": _("Foto produk dan tempat usaha"),
    "exact_place": _("Titik lokasi di peta"),
}


class SecretInput(forms.TextInput):
    """A field whose content is never written back into the page."""

    def format_value(self, value):
        return None


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Told(forms.Field):
    """What was typed, unchecked. `spec` is the row of businesses/fields.py that will clean it."""

    def __init__(self, spec=None, **kwargs):
        self.spec = spec
        super().__init__(**kwargs)

    def clean(self, value):
        return value


def shown(spec, value):
    """The text in a form field for a stored JSON value."""
    if cleaning.is_empty(value):
        return [] if spec.clean in (cleaning.months, cleaning.slugs) else ""
    if spec.clean is cleaning.idr:
        return formats.number(value)
    if spec.clean is cleaning.phone:
        return formats.phone(value)
    if spec.clean is cleaning.decimal:
        return str(value).replace(".", ",")
    return value


def same(typed, before):
    """Whether a field was left as it was shown."""
    if isinstance(before, list) or isinstance(typed, list):
        return sorted(map(str, typed or [])) == sorted(map(str, before or []))
    if isinstance(typed, bool) or isinstance(before, bool):
        return bool(typed) == bool(before)
    return str(typed or "").replace("\r\n", "\n").strip() == str(before or "").strip()


def _widget(spec, options):
    if spec.clean is cleaning.region and sum(len(group) for _name, group in options[1:]) > SEARCHED_FROM:
        whole_city = {"data-all": "1"} if spec.name == "domicile" else {}
        url = reverse_lazy("pick-kelurahan")
        return forms.Select(choices=options, attrs={"data-pick": "kelurahan", "data-url": url} | whole_city)
    if options is not None:
        return forms.Select(choices=options)
    if spec.clean is cleaning.kbli:
        return forms.TextInput(
            attrs={"autocomplete": "off", "data-pick": "kbli", "data-url": reverse_lazy("pick-kbli")}
        )
    if spec.clean is cleaning.choice:
        return forms.Select(choices=[BLANK, *spec.choices.choices])
    if spec.clean is cleaning.boolean:
        return forms.CheckboxInput()
    if spec.clean is cleaning.months:
        return forms.CheckboxSelectMultiple(choices=[(m, str(name)[:3]) for m, name in MONTHS.items()])
    if spec.clean is cleaning.day:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if spec.clean is cleaning.text:
        story = fields.BUSINESS["description"] is spec
        return forms.Textarea(attrs={"rows": 4 if story else 2})
    return forms.TextInput(attrs={"autocomplete": "off"} | TEXT_FACTS.get(spec.clean, {}))


def told(spec, *, options=None, label="", help_text=None, widget=None):
    """The form field of one row of the table; `options` where a reference table gives the choices."""
    return Told(
        spec,
        label=label or spec.label,
        help_text=HELP.get(spec.name, "") if help_text is None else help_text,
        required=spec.name in fields.REQUIRED and fields.BUSINESS.get(spec.name) is spec,
        widget=widget or _widget(spec, options),
    )


class ToldForm(forms.Form):
    """A form of `Told` fields. Errors are put in from outside by `refuse`; nothing is checked here."""

    use_required_attribute = False

    def refuse(self, name, message):
        self.errors  # noqa: B018  # Django fills cleaned_data first, or add_error has nowhere to write
        self.add_error(name if name in self.fields else None, str(message))

    def typed(self, name):
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))


class BusinessForm(ToldForm):
    """The facts of the business itself, with the note, the consents and the pictures that go along.

    `options` gives the choices of fields that name rows of reference tables; `names` the fields shown.
    """

    def __init__(self, data, files, *, names, initial, options, consents=(), given=(), with_photos=True):
        super().__init__(data, files, initial=initial)
        for name in names:
            self.fields[name] = told(fields.BUSINESS[name], options=options.get(name))
        if "operating_state" in names:
            state = choices.OperatingState
            self.fields["operating_state"].widget.choices = [
                (s.value, s.label) for s in state if s != state.CLOSED
            ]
        if "turnover_idr" in names:
            self.fields["turnover_days_per_week"].label = _("Berapa hari seminggu")
            self.fields["turnover_is_estimate"].label = _("Angka ini perkiraan")
        if "kbli" in names:
            # the codes offered when what was typed fits several; asked for again once the text changes
            self.fields["kbli_pick"] = Told(
                label=_("Pilih kode KBLI"), widget=forms.RadioSelect, required=True
            )
        if consents:
            self.fields["consents"] = Told(
                label=_("Pemilik setuju ini ditampilkan kepada masyarakat"),
                help_text=_(
                    "Bacakan satu per satu. Yang tidak dicentang tidak tampil. "
                    "Pemilik boleh menariknya kapan saja."
                ),
                widget=forms.CheckboxSelectMultiple(choices=[(g, CONSENT_WORDS[g]) for g in consents]),
                required=False,
            )
            channels = [c for c in choices.ConsentChannel.choices if c[0] != "list"]
            self.fields["consent_channel"] = Told(
                label=_("Cara pemilik menyatakan setuju"),
                widget=forms.Select(choices=channels),
                required=False,
            )
        if given:
            self.fields["consents_end"] = Told(
                label=_("Akhiri persetujuan"),
                help_text=_(
                    "Untuk menarik seketika tanpa menunggu verifikasi, pakai Tarik di halaman usaha."
                ),
                widget=forms.CheckboxSelectMultiple(choices=given),
                required=False,
            )
        if with_photos:
            self._photo_fields()
        self.fields["note"] = Told(
            label=_("Catatan untuk verifikator"),
            help_text=_("Misalnya dari mana data ini diperoleh. Jangan tulis NIK di sini."),
            widget=forms.Textarea(attrs={"rows": 2}),
            required=False,
        )

    def _photo_fields(self):
        self.fields["camera"] = Told(
            label=_("Ambil foto"),
            widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
            required=False,
        )
        self.fields["photos"] = Told(
            label=_("Pilih foto yang sudah ada"),
            help_text=_(
                "JPG, PNG atau WebP, boleh beberapa, paling banyak 12. Lokasi di dalam foto dibuang."
            ),
            widget=ManyFiles(attrs={"accept": "image/*", "multiple": True}),
            required=False,
        )
        self.fields["photo_kind"] = Told(
            label=_("Foto baru menunjukkan"),
            widget=forms.Select(choices=choices.PhotoKind.choices),
            required=False,
        )

    def uploads(self):
        """[(field name, file, uuid)] of what was chosen. The page mints the uuids, so that a picture sent
        again after a lost answer is not there twice; without JavaScript they are minted here."""
        found = []
        for name in ("camera", "photos"):
            minted = self.data.getlist(f"{name}_uuid") if hasattr(self.data, "getlist") else []
            for index, upload in enumerate(self.files.getlist(name) if name in self.fields else ()):
                found.append((name, upload, _minted(minted[index] if index < len(minted) else "")))
        return found


def _minted(text):
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


# Fields of each kind of row; `more` are folded away.
ROWS = {
    "owner": (
        ("name", "nik_answer", "phone", "phone_of", "sex", "domicile", "role"),
        ("address", "rt", "rw"),
    ),
    "licence": (("status", "number", "issued_on", "expires_on"), ()),
    "product": (("name", "price_idr", "unit"), ("description", "material", "technique")),
    "photo": (("kind", "caption"), ()),
}
LABELS = {
    ("owner", "phone_of"): _("Nomor ini milik"),
    ("product", "unit"): _("Satuan"),
    ("licence", "number"): _("Nomor"),
}
ENDS = {
    "owner": _("Bukan pemilik lagi"),
    "licence": _("Legalitas ini sudah tidak ada"),
    "product": _("Produk ini tidak dibuat lagi"),
    "photo": _("Hapus foto ini"),
}


class RowForm(ToldForm):
    """One belonging: what is stored of it, what a draft proposes for it, or a blank one to fill in.

    `stored` are its values today ({} for a new one), `item` the draft's item under the same uuid.
    """

    def __init__(
        self, kind, index, data=None, *, uuid, stored=None, item=None, fixed="", options=None, last4=""
    ):
        self.kind, self.uuid, self.stored, self.item = kind, uuid, stored or {}, item
        self.fixed, self.last4 = fixed, last4
        proposed = dict(item["values"]) if item else {}
        self.base = self.stored | {
            n: v for n, v in proposed.items() if kind != "owner" or not cleaning.is_empty(v)
        }
        table, initial = fields.ITEMS[kind], {"uuid": uuid, "end": bool(item and item["op"] == "end")}
        self.told_names = [n for group in ROWS[kind] for n in group]
        if kind == "licence" and not fixed:
            self.told_names.insert(0, "kind")
        if kind == "licence" and fixed == "nib":
            self.told_names.remove("expires_on")
        for name in self.told_names:
            initial[name] = shown(table[name], self.base.get(name))
        if kind == "owner" and not item and not stored:
            initial["role"] = "owner"
        super().__init__(data, prefix=f"{kind}-{index}", initial=initial)
        self.fields["uuid"] = Told(widget=forms.HiddenInput, required=False)
        for name in self.told_names:
            spec = table[name]
            self.fields[name] = told(
                spec, options=(options or {}).get(name), label=LABELS.get((kind, name), ""), help_text=""
            )
        self._adapt(kind, fixed)
        if stored or item:
            self.fields["end"] = Told(label=self._end_label(), widget=forms.CheckboxInput, required=False)

    def _end_label(self):
        if self.stored and not self._adds_owner():
            return ENDS[self.kind]
        return _("Bukan pemiliknya") if self.kind == "owner" else _("Hapus dari isian ini")

    def _adapt(self, kind, fixed):
        if kind == "licence":
            states = [c for c in choices.LicenceStatus.choices if fixed == "halal" or c[0] != "non_halal"]
            self.fields["status"].widget.choices = [("", _("Belum ditanyakan")), *states]
            if not fixed:
                rest = [c for c in choices.LicenceKind.choices if c[0] not in ("nib", "pirt", "halal")]
                self.fields["kind"].widget.choices = [("", _("Pilih jenis")), *rest]
            if fixed in ("nib", "pirt"):
                self.fields["number"].widget.attrs["inputmode"] = "numeric"
                self.fields["number"].help_text = _("13 angka.") if fixed == "nib" else _("15 angka.")
        if kind == "owner":
            self.fields["nik"] = Told(
                label=_("NIK"),
                help_text=_("Tersimpan: •••• %s. Ketik ulang untuk mengganti.") % self.last4
                if self.last4
                else _("16 angka dari KTP. Disimpan terkunci; hanya 4 angka terakhir yang tampil."),
                widget=SecretInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                required=False,
            )
            self.fields["name"].help_text = _("Sesuai KTP.")
            self.fields["nik_answer"].label = _("NIK pemilik")
            self.fields["nik_answer"].widget.choices = [
                ("", _("Belum ditanyakan")), *fields.OWNER["nik_answer"].choices.choices
            ]  # fmt: skip
            self.fields["sex"].widget = forms.RadioSelect(
                choices=[*fields.OWNER["sex"].choices.choices, ("", _("Belum tahu"))]
            )
            self.fields["role"].widget.choices = fields.OWNER["role"].choices.choices
        if kind == "photo":
            self.fields["kind"].widget.choices = choices.PhotoKind.choices

    # ---- reading -------------------------------------------------------------------------------

    def ends(self):
        return "end" in self.fields and bool(self.typed("end"))

    def told(self):
        """{name: raw} of what this row says beyond what is stored of it."""
        table, found = fields.ITEMS[self.kind], {}
        for name in self.told_names:
            typed = self.typed(name)
            before = shown(table[name], self.stored.get(name))
            if typed is None or same(typed, before):
                continue
            if self.kind == "owner" and self.stored and typed == "":
                continue  # a blank never takes away what is known of a person
            found[name] = typed
        return found

    def has_input(self):
        """Whether a sent page holds something in this row."""
        return self.is_bound and self.raw_item() is not None

    def raw_item(self):
        """The item this row proposes, or None for one left blank or as it is."""
        if self.ends():
            joined = self.stored and not self._adds_owner()
            return {"op": "end", "kind": self.kind, "uuid": self.uuid, "values": {}} if joined else None
        kept = self.item["values"] if self.item and self.item["op"] != "end" else {}
        values = {n: v for n, v in kept.items() if n not in self.told_names} | self.told()
        op = "change" if self.stored and not self._adds_owner() else "add"
        item = {"op": op, "kind": self.kind, "uuid": self.uuid, "values": values}
        if self._adds_owner():
            return item
        if not any(not cleaning.is_empty(v) for n, v in values.items() if n not in ("role", "kind")):
            return item if self.retyped_nik() else None
        if self.fixed:
            values["kind"] = self.fixed
        return item

    def _adds_owner(self):
        """A person who is known, but does not own this business yet."""
        return self.kind == "owner" and bool(self.stored.get("joins"))

    def retyped_nik(self):
        return str(self.typed("nik") or "").strip() if "nik" in self.fields else ""
