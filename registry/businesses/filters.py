"""What businesses can be filtered by: one set for staff pages, export and API, its public part for everybody.

`PublicBusinessFilter` reads only columns the public may see (ARCHITECTURE section 8): nobody may find out
by filtering what the page would not show them. Everything else stands in `BusinessFilter`.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace, Upper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import choices
from registry.businesses.belongings import Licence
from registry.businesses.finding import condition, condition_or, search
from registry.businesses.models import Business
from registry.regions.access import NOWHERE, reach
from registry.regions.models import Region
from registry.search.reading import read
from registry.sectors.kbli import SECTORS, sections_of
from registry.sectors.models import Subsector
from umkm_portal.lib.formats import day
from umkm_portal.lib.sealing import word_queries
from umkm_portal.lib.text import clean_line, fold

STALE_AFTER = timedelta(days=180)  # "Masih aktif?": not confirmed for half a year asks for a look
KBLI = re.compile(r"^(?:(?P<version>20\d\d):)?(?P<code>\d{1,5})$|^(?P<section>[A-Va-v])$", re.ASCII)
PUBLIC_STATES = [
    (state.value, state.label)
    for state in (
        choices.OperatingState.ACTIVE,
        choices.OperatingState.TEMPORARY,
        choices.OperatingState.SEASONAL,
    )
]


def numbered(text):
    """Q: businesses with a current licence whose number starts with `text` (NIB, P-IRT, halal "ID…").

    Neither spaces, points and dashes nor capital letters matter, in what was typed and in what is stored.
    A text with fewer than four digits is no number. The number is compared as it would be read aloud, so
    the index does not serve: asked only for such texts, over the licences that have a number.
    """
    number = re.sub(r"[^0-9A-Z]", "", text.upper())
    if sum(c.isdigit() for c in number) < 4 or not text.isascii():
        return Q()
    bare = Upper("number")
    for sign in " .-/":
        bare = Replace(bare, Value(sign), Value(""))
    rows = Licence.objects.current().exclude(number="").alias(bare=bare).filter(bare__startswith=number)
    return Q(pk__in=rows.values("business"))


def owned_by(word):
    """Q: businesses an owner of which bears `word`, whole: names are sealed and found by keyed words."""
    found = Q()
    for part in fold(word).split():
        any_key = Q()
        for token in word_queries("name", part):
            any_key |= Q(owner_words__contains=token)
        found &= any_key
    return found


def kbli_key(value):
    """Validator: a KBLI code, the beginning of one, or a section letter."""
    if not KBLI.match(value):
        raise ValidationError(_("tulis kode KBLI, misalnya 10307, 10 atau C."))


def not_too_far(value):
    """Validator: a moment every database can hold in every time zone."""
    if not 1900 <= value.year <= 2200:
        raise ValidationError(_("tanggal ini di luar jangkauan."))


class CodesFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows of a reference table named by code, several joined by "or": `?kelurahan=…&kelurahan=…`."""

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__in": [row.pk for row in value]}) if value else qs


def by_kelurahan(column="kelurahan", **more):
    """The filter every list of places has; `column` leads to the kelurahan."""
    return CodesFilter(
        label=lazy("Kelurahan"),
        field_name=column,
        to_field_name="code",
        queryset=Region.objects.kelurahan(),
        **more,
    )


def by_kecamatan(column="kelurahan__parent"):
    """The same for the kecamatan above it."""
    return CodesFilter(
        label=lazy("Kecamatan"), field_name=column, to_field_name="code", queryset=Region.objects.kecamatan()
    )


class Several(django_filters.MultipleChoiceFilter):
    """Several words of one closed list, joined by "or"."""

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class DescribedFilterSet(django_filters.FilterSet):
    """A FilterSet that can say in words what it filters by, and what in the address it could not read."""

    def words(self):
        """What filters now: [{"name", "value", "kind", "label"}], one entry per value, in field order."""
        found = []
        if not self.is_bound:
            return found
        self.form.is_valid()
        for name, spec in self.filters.items():
            value = self.form.cleaned_data.get(name)
            if value is None or value == "" or (hasattr(value, "__len__") and not len(value)):
                continue
            for raw, label in self._labels(spec, value):
                found.append({"name": name, "value": raw, "kind": spec.label, "label": label})
        return found

    @staticmethod
    def _labels(spec, value):
        if isinstance(spec, CodesFilter):
            return [(getattr(row, spec.field.to_field_name), str(row)) for row in value]
        if isinstance(spec, django_filters.MultipleChoiceFilter):
            words = dict(spec.field.choices)
            return [(v, str(words.get(v, v))) for v in value]
        if isinstance(spec, django_filters.ChoiceFilter):
            return [(value, str(dict(spec.field.choices).get(value, value)))]
        if isinstance(value, datetime):
            return [(value.isoformat(), day(value))]
        return [(str(value), str(value))]

    def chips(self):
        """As `words`, each with the address of this list without that one value."""
        return [
            {"kind": word["kind"], "label": word["label"], "url": self._without(word)}
            for word in self.words()
        ]

    def _without(self, word):
        spec = self.filters[word["name"]]
        several = isinstance(spec, django_filters.MultipleChoiceFilter)
        kept = [
            (name, value)
            for name, values in self.data.lists()
            for value in values
            if name not in ("after", "before")
            and not (name == word["name"] and (not several or value == word["value"]))
        ]
        return "?" + urlencode(kept)

    def unread(self, known=()):
        """Sentences about what in the address was not understood; [] when all of it was.

        `known` names the parameters the page reads besides the filters (sort, size, after, before).
        """
        names = [n for n in self.data if n not in self.filters and n not in known]
        problems = [
            _("Filter %(kind)s: %(message)s") % {"kind": self.filters[name].label, "message": messages[0]}
            for name, messages in self.errors.items()
            if name in self.filters
        ]
        problems += [_("“%(name)s” bukan filter di halaman ini.") % {"name": n[:40]} for n in names[:5]]
        return problems


class Text(forms.CharField):
    """The search box: too long is an error that says so."""

    default_error_messages = {"max_length": lazy("paling panjang %(limit_value)d huruf.")}


class TextFilter(django_filters.CharFilter):
    field_class = Text


class WholeFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class PublicBusinessFilter(DescribedFilterSet):
    """What anybody may filter businesses by. Start from `Business.objects.public()`."""

    q = TextFilter(label=lazy("Cari"), method="filter_q", max_length=200)
    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()
    subsector = CodesFilter(
        label=lazy("Subsektor"),
        field_name="subsector",
        to_field_name="slug",
        queryset=Subsector.objects.all(),
    )
    sector = Several(
        label=lazy("Bidang usaha"),
        method="filter_sector",
        choices=[(slug, words[0]) for slug, words in SECTORS.items()],
    )
    kbli = TextFilter(label="KBLI", method="filter_kbli", max_length=10, validators=[kbli_key])
    operating_state = Several(label=lazy("Keadaan"), field_name="operating_state", choices=PUBLIC_STATES)
    halal = django_filters.ChoiceFilter(
        label=lazy("Sertifikat halal"),
        method="filter_halal",
        choices=[
            ("ada", lazy("ada")),
            ("tidak", lazy("tidak ada atau belum tahu")),
            ("nonhalal", lazy("produk non-halal")),
        ],
    )
    pirt = django_filters.ChoiceFilter(
        label="P-IRT",
        method="filter_has",
        choices=[("ada", lazy("ada")), ("tidak", lazy("tidak ada atau belum tahu"))],
    )

    nib = django_filters.ChoiceFilter(
        label="NIB",
        method="filter_has",
        choices=[("ada", lazy("ada")), ("tidak", lazy("tidak ada atau belum tahu"))],
    )
    scale = Several(
        label=lazy("Skala"),
        method="filter_scale",
        choices=[*choices.Scale.choices, ("unknown", lazy("belum diketahui"))],
    )

    class Meta:
        model = Business
        fields = []

    def filter_q(self, queryset, name, value):
        """What the directory finds by this text, mended as it mends it; nothing readable finds by name."""
        found = search(value)
        named = Q(name__icontains=clean_line(value))
        return queryset.filter(condition(found) if found.reading else named)

    def filter_kbli(self, queryset, name, value):
        """A code ("10307"), its beginning ("10"), a section ("C"), each with or without "2025:"."""
        found = KBLI.match(value)
        if found["section"]:
            return queryset.filter(kbli__section=found["section"].upper())
        if found["version"]:
            queryset = queryset.filter(kbli__version=found["version"])
        return queryset.filter(kbli__code__startswith=found["code"])

    def filter_sector(self, queryset, name, value):
        """Sectors by the public's words; which section letters they are depends on the KBLI version."""
        found = Q()
        for slug in value:
            for version, letters in sections_of(slug).items():
                found |= Q(kbli__version=version, kbli__section__in=list(letters))
        return queryset.filter(found) if found else queryset

    def filter_scale(self, queryset, name, value):
        return queryset.filter(scale__in=["" if v == "unknown" else v for v in value]) if value else queryset

    def filter_has(self, queryset, name, value):
        return queryset.filter(**{f"has_{name}": value == "ada"})

    def filter_halal(self, queryset, name, value):
        """ "tidak" leaves out products that need no certificate or are declared non-halal (UU 33/2014)."""
        exempt = Licence.objects.current().filter(business=OuterRef("pk"), kind=choices.LicenceKind.HALAL)
        if value == "nonhalal":
            return queryset.filter(Exists(exempt.filter(status=choices.LicenceStatus.NON_HALAL)))
        if value == "ada":
            return queryset.filter(has_halal=True)
        statuses = [choices.LicenceStatus.NON_HALAL, choices.LicenceStatus.NOT_REQUIRED]
        return queryset.filter(~Exists(exempt.filter(status__in=statuses)), has_halal=False)


class BusinessFilter(PublicBusinessFilter):
    """What staff may filter businesses by. Start from `Business.objects.visible_to(user)`.

    Owners' names are searched only where `request.user` may read persons.
    """

    operating_state = Several(
        label=lazy("Keadaan"), field_name="operating_state", choices=choices.OperatingState.choices
    )
    rw = WholeFilter(label="RW", min_value=1, max_value=999)
    rt = WholeFilter(label="RT", min_value=1, max_value=999)
    place_kind = Several(
        label=lazy("Jenis tempat"), field_name="place_kind", choices=choices.PlaceKind.choices
    )
    industry_class = Several(
        label=lazy("Kelas industri"), field_name="industry_class", choices=choices.IndustryClass.choices
    )
    verified = django_filters.ChoiceFilter(
        label=lazy("Verifikasi"),
        method="filter_verified",
        choices=[
            ("existence", lazy("keberadaan terverifikasi")),
            ("identity", lazy("identitas terverifikasi")),
            ("none", lazy("belum terverifikasi")),
        ],
    )
    confirmed = django_filters.ChoiceFilter(
        label=lazy("Dipastikan"),
        method="filter_confirmed",
        choices=[
            ("recent", lazy("dalam 180 hari terakhir")),
            ("stale", lazy("lebih dari 180 hari lalu atau belum pernah")),
        ],
    )
    unplaced = django_filters.ChoiceFilter(
        label=lazy("Belum ada kelurahan"),
        method="filter_unplaced",
        choices=[("true", lazy("ya")), ("false", lazy("tidak"))],
    )
    changed_after = django_filters.IsoDateTimeFilter(
        label=lazy("Berubah sejak"), field_name="changed_at", lookup_expr="gte", validators=[not_too_far]
    )

    def filter_q(self, queryset, name, value):
        user = getattr(self.request, "user", None)
        known = reach(user, "registry.view_person") if user is not None else NOWHERE
        there = Q() if known.everywhere else Q(kelurahan__in=known.kelurahan)

        def also(word):
            owner = owned_by(word) if known else Q()
            return numbered(word) | (owner & there if owner else Q())

        reading = read(value)
        found = condition_or(reading, also) if reading else Q(name__icontains=clean_line(value))
        if " " in clean_line(value):  # a number written in groups: "1234 5678 90123"
            found |= numbered(value) or found
        return queryset.filter(found)

    def filter_verified(self, queryset, name, value):
        if value == "none":
            return queryset.filter(existence_verified_at=None, identity_verified_at=None)
        return queryset.filter(**{f"{value}_verified_at__isnull": False})

    def filter_unplaced(self, queryset, name, value):
        return queryset.filter(kelurahan__isnull=value == "true")

    def filter_confirmed(self, queryset, name, value):
        since = timezone.localdate() - STALE_AFTER
        recent = Q(last_confirmed_on__gte=since)
        if value == "recent":
            return queryset.filter(recent)
        return queryset.filter(Q(last_confirmed_on=None) | Q(last_confirmed_on__lt=since))
