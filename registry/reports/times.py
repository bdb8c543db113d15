"""What a phone's clock may say."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.errors import Refused

FAST_CLOCK = timedelta(minutes=15)  # phones whose clock runs ahead a little


def refuse_future(told_at):
    """Raises Refused told-in-future when `told_at` (aware) is later than a fast clock explains."""
    if told_at > timezone.now() + FAST_CLOCK:
        message = _("Waktu laporan ini di masa depan. Periksa tanggal dan jam ponsel, lalu kirim lagi.")
        raise Refused("told-in-future", message, fields={"told_at": message})
