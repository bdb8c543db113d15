"""Public addresses that led to a business before: what stands on a sign or in a chat still leads there.

A business's address is its name and seven signs of its uuid (apply.new_slug), so it changes with the name;
the one before is kept here by apply. A merged business keeps its addresses, and `merged_into` says whose they
are now: `leads_to` follows both.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.businesses.models import Business

MOST_MERGES = 20  # a chain longer than this is a mistake in the data, not an address


class FormerSlug(models.Model):
    """An address a business had until `ended_on`. No business has it today, or the business's own wins."""

    slug = models.SlugField(max_length=90, unique=True, editable=False)
    business = models.ForeignKey(
        Business, models.PROTECT, related_name="former_slugs", editable=False, verbose_name=_("usaha")
    )
    ended_on = models.DateField(default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = _("alamat lama")
        verbose_name_plural = _("alamat lama")

    def __str__(self):
        return self.slug


def keep_former(renamed):
    """Keep the addresses that businesses just lost: `renamed` is a list of (business, former slug).

    Two statements for any number of rows. A business that takes an earlier name again has that address
    again, so it is former no longer. Call inside apply's transaction.
    """
    if not renamed:
        return
    FormerSlug.objects.filter(slug__in=[business.slug for business, _former in renamed]).delete()
    FormerSlug.objects.bulk_create(
        [FormerSlug(slug=former, business=business) for business, former in renamed], ignore_conflicts=True
    )


def leads_to(slug):
    """The business that `slug` stands for today, by its own address or a former one, through merges; or None.

    Says nothing about whether the public may see it: ask Business.objects.public().
    """
    rows = Business.objects.only("pk", "slug", "merged_into")
    business = rows.filter(slug=slug).first() or rows.filter(former_slugs__slug=slug).first()
    for _step in range(MOST_MERGES):
        if business is None or business.merged_into_id is None:
            return business
        business = rows.filter(pk=business.merged_into_id).first()
    return None


def moved_to(slug):
    """The public business that a former address leads to today, or None: then there is nothing to show."""
    now = leads_to(slug)
    if now is None or now.slug == slug:
        return None
    return Business.objects.public().filter(pk=now.pk).first()
