"""Reference tables: KBLI by version, the creative-economy subsectors, product centres (sentra)."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Max, Q, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from registry.sectors import kbli
from umkm_portal.lib.text import fold

MAX_SEARCH_WORDS = 8
CLOSE_ENOUGH = 80  # of 100: "krupuk" finds "kerupuk", "tempe" does not find "semen"


class KbliQuerySet(models.QuerySet):
    def leaves(self):
        """Codes a business may carry: the five-digit ones."""
        return self.filter(code__regex=r"^[0-9]{5}$")

    def search(self, text, version=None):
        """Codes whose title holds the words of `text` (each as the start of a word), or that start with it.

        When no title holds all words, a word that no title knows is read as the titles' closest words;
        when that is not enough either, the titles that hold most of the words are found. Words people use
        ("laundry", "kelontong") stand for the official ones. Plain SQL and Python: both databases agree.
        """
        found = self.filter(version=version) if version else self
        text = str(text or "")[:200]
        if version is None and ":" in text:
            version, text = text.split(":", 1)
            found = found.filter(version=version.strip())
        words = fold(text).split()[:MAX_SEARCH_WORDS]
        if not words:
            return found
        if len(words) == 1 and words[0].isdigit():
            return found.filter(code__startswith=words[0])
        exact = found.filter(*(_holds(word) for word in words))
        if exact.exists():
            return exact
        vocabulary = {w for title in found.values_list("title_folded", flat=True) for w in title.split()}
        held = sum(
            (Case(When(_holds(word, vocabulary), then=1), default=0) for word in words),
            start=Value(0, output_field=models.IntegerField()),
        )
        scored = found.annotate(words_held=held)
        most = scored.aggregate(most=Max("words_held"))["most"]
        return scored.filter(words_held=most) if most else found.none()

    def at(self, text):
        """The row written "2025:10307". Raises Kbli.DoesNotExist, also for a text that is no such key."""
        try:
            version, code = kbli.split_key(text)
        except ValueError as error:
            raise self.model.DoesNotExist(str(error)) from error
        return self.get(version=version, code=code)


def _holds(word, vocabulary=None):
    """Titles that hold `word`; with a vocabulary, also its closest words when it begins none of them."""
    if word in kbli.EVERYDAY_WORDS:  # whole: "kos" is not "kosmetik"
        condition = Q(title_folded__regex=rf"(^| ){word}( |$)")
        phrases = kbli.EVERYDAY_WORDS[word]
    else:
        condition, phrases = Q(), [word]
        if vocabulary is not None and len(word) > 3 and not any(v.startswith(word) for v in vocabulary):
            close = process.extract(
                word, sorted(vocabulary), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=3
            )
            phrases += [match for match, _score, _index in close]
    for phrase in phrases:
        condition |= Q(title_folded__startswith=phrase) | Q(title_folded__contains=f" {phrase}")
    return condition


class Kbli(models.Model):
    """One code of one version of the standard classification of business fields. Reference data."""

    class Version(models.TextChoices):
        V2020 = "2020", "KBLI 2020"
        V2025 = "2025", "KBLI 2025"

    version = models.CharField(_("versi"), max_length=4, choices=Version)
    code = models.CharField(
        _("kode"), max_length=5, validators=[RegexValidator(rf"^(?:{kbli.CODE.pattern})$")]
    )
    section = models.CharField(_("kategori"), max_length=1)
    title = models.CharField(_("judul"), max_length=400)
    title_folded = models.CharField(max_length=400, editable=False)

    objects = KbliQuerySet.as_manager()

    class Meta:
        verbose_name = _("KBLI")
        verbose_name_plural = _("KBLI")
        ordering = ["version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="kbli_code_once_per_version"),
        ]

    def __str__(self):
        return self.key

    def clean(self):
        self.title_folded = fold(self.title)

    @property
    def key(self):
        """The form that files, proposals and the API use: "2025:10307"."""
        return kbli.key(self.version, self.code)

    @property
    def sector(self):
        """The slug in kbli.SECTORS that the public knows its section by."""
        return kbli.sector_of(self.version, self.section)

    @property
    def is_leaf(self):
        """Whether a business may carry this code (five digits), not only a heading."""
        return len(self.code) == kbli.LEAF_DIGITS

    @property
    def is_manufacturing(self):
        """Section C: the businesses that have an industry class beside their scale."""
        return self.section == "C"


class SubsectorQuerySet(models.QuerySet):
    def on(self, day):
        """Subsectors on the national list on `day`; the last day counts."""
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


def in_page_language(name, name_en):
    """The English name on an English page where there is one, else the Indonesian."""
    return name_en if name_en and get_language() == "en" else name


class Subsector(models.Model):
    """A subsector of the creative economy; the national list grows, so the list is dated data."""

    slug = models.SlugField(_("kode"), max_length=50, unique=True)
    name = models.CharField(_("nama"), max_length=100)
    name_en = models.CharField(_("nama (Inggris)"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    starts_on = models.DateField(_("berlaku mulai"), null=True, blank=True)
    ends_on = models.DateField(_("berlaku sampai"), null=True, blank=True)

    objects = SubsectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsektor ekonomi kreatif")
        verbose_name_plural = _("subsektor ekonomi kreatif")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(
                name="subsector_days_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self):
        return in_page_language(self.name, self.name_en)


def validate_rws(value):
    """RW numbers of a centre: a list of different whole numbers from 1 to 999, or an empty list."""
    numbers = isinstance(value, list) and all(type(rw) is int and 1 <= rw <= 999 for rw in value)
    if not numbers or len(set(value)) != len(value):
        raise ValidationError(_("Isi RW dengan daftar angka 1 sampai 999 tanpa pengulangan."), code="rws")


class ProductCentre(models.Model):
    """A sentra or planned cluster: one product in a kelurahan, often only in some of its RW."""

    name = models.CharField(_("nama"), max_length=150, unique=True)
    product = models.CharField(_("produk"), max_length=100)
    kelurahan = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="product_centres",
        verbose_name=_("kelurahan"),
    )
    rws = models.JSONField(_("RW"), default=list, blank=True, validators=[validate_rws])
    planned = models.BooleanField(_("masih rencana"), default=False)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("sentra")
        verbose_name_plural = _("sentra")
        ordering = ["name"]

    def __str__(self):
        return self.name
