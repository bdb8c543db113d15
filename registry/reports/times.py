"""What a phone's clock may say."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.errors import Refused

FAST_CLOCK = timedelta(minutes=15)  # phones whose clock runs ahead a little
LONGEST_WAIT = timedelta(days=366)  # a phone that was reset says 1970 or the year it was made


def refuse_future(told_at):
    """Raises Refused told-in-future when `told_at` (aware) is later than a fast clock explains."""
    if told_at > timezone.now() + FAST_CLOCK:
        message = _("Waktu laporan ini di masa depan. Periksa tanggal dan jam ponsel, lalu kirim lagi.")
        raise Refused("told-in-future", message, fields={"told_at": message})


def refuse_long_ago(told_at):
    """Raises Refused told-long-ago for a time no report can have waited since: it would top the board."""
    if told_at < timezone.now() - LONGEST_WAIT:
        message = _(
            "Waktu laporan ini lebih dari setahun lalu. Periksa tanggal ponsel, perbaiki, lalu kirim lagi."
        )
        raise Refused("told-long-ago", message, fields={"told_at": message})


def refuse_past(on):
    """Raises Refused scheduled-in-past for a day on which nobody can be visited any more."""
    if on < timezone.localdate():
        message = _("Hari kunjungan tidak boleh sudah lewat.")
        raise Refused("scheduled-in-past", message, fields={"on": message})


def refuse_day_long_ago(on, field):
    """As `refuse_long_ago`, for the day that the form's `field` holds."""
    if on < timezone.localdate() - LONGEST_WAIT:
        message = _("Tanggal ini lebih dari setahun lalu. Periksa tahunnya.")
        raise Refused("told-long-ago", message, fields={field: message})
