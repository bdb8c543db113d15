"""Tables of the index. All of them can be made anew from the businesses (`manage.py rebuild_search`)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.search.sound import MAX_KEY
from umkm_portal.lib.text import clean_line


class Weight(models.IntegerChoices):
    """Where of a business a word stands; what stands in its name is found first."""

    NAME = 0, _("nama")
    OFFER = 1, _("produk atau kegiatan")
    AROUND = 2, _("bidang atau tempat")


class Posting(models.Model):
    """A business can be found by a key. Rows of closed and hidden businesses too: who reads filters them."""

    # In this order a search reads the index alone, and of one key the names first.
    pk = models.CompositePrimaryKey("key", "weight", "business_id")
    key = models.CharField(max_length=MAX_KEY)
    # No index of its own: what a business was indexed by stands in its search_keys.
    business = models.ForeignKey("registry.Business", models.CASCADE, related_name="+", db_index=False)
    weight = models.PositiveSmallIntegerField(choices=Weight)

    def __str__(self):
        return self.key


class Term(models.Model):
    """A word of the registry's own vocabulary: its key, how most people write it, how many bear it.

    `count` is of public businesses, as of the last `recount_terms`; it steers, it decides nothing.
    """

    key = models.CharField(max_length=MAX_KEY, primary_key=True)
    shown = models.CharField(max_length=MAX_KEY + 20)
    count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.shown


class Variant(models.Model):
    """A key with letters dropped, as a number (sound.variants): where misspelled words meet."""

    pk = models.CompositePrimaryKey("number", "key")
    number = models.IntegerField()
    key = models.CharField(max_length=MAX_KEY)

    def __str__(self):
        return self.key


class Synonym(models.Model):
    """Words the office says mean the same, for search: "wedangan, hik, angkringan"."""

    words = models.CharField(
        _("kata"),
        max_length=300,
        unique=True,
        help_text=_("Kata yang searti, dipisah koma. Sebuah kata boleh terdiri dari beberapa kata."),
    )

    class Meta:
        verbose_name = _("padanan kata")
        verbose_name_plural = _("padanan kata")

    def __str__(self):
        return self.words

    def clean(self):
        words = list(dict.fromkeys(filter(None, (clean_line(part) for part in self.words.split(",")))))
        self.words = ", ".join(words)
        if len({word.casefold() for word in words}) < 2:
            raise ValidationError(
                {"words": _("Tulis paling sedikit dua kata yang searti, dipisah koma: angkringan, hik.")}
            )


class FacetEntry(models.Model):
    """One line of the ledger of counts: `n` more (or fewer) public businesses with this facet key.

    Lines are only added and folded, never changed, so that two approvals never wait for one counter.
    """

    key = models.CharField(max_length=60)
    n = models.IntegerField()

    def __str__(self):
        return self.key


class FacetSnapshot(models.Model):
    """The ledger folded up to now; one row. Today's counts are this and the lines not yet folded."""

    UNATTENDED = {"folded"}

    number = models.IntegerField(default=0)  # another after every fold; a process keeps what it read under it
    totals = models.JSONField(default=dict)  # {facet: {value: n}}
    cells = models.BinaryField(default=bytes)  # zlib of JSON {facet key: n}
    folded_at = models.DateTimeField()

    def __str__(self):
        return str(self.number)
