"""What the trail is narrowed by: days, act, who acted, which business."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from registry.businesses.models import Business
from umkm_portal.lib.text import clean_line
from umkm_portal.trail.words import ACTS

MANY = 500
FIRST, LAST = 2000, 2100  # years a day may be asked for


def _day(label):
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class TrailFilter(forms.Form):
    """Reads ?query; `rows(user)` are the lines, newest by id."""

    dari = _day(_("Dari hari"))
    sampai = _day(_("Sampai hari"))
    perbuatan = forms.ChoiceField(label=_("Perbuatan"), required=False)
    oleh = forms.CharField(label=_("Oleh (nama atau akun)"), required=False, max_length=100)
    usaha = forms.CharField(label=_("Nama usaha"), required=False, max_length=100)

    def __init__(self, data):
        super().__init__(data, auto_id="f-%s")
        choices = sorted(((act, str(label)) for act, label in ACTS.items()), key=lambda pair: pair[1])
        self.fields["perbuatan"].choices = [("", _("Semua")), *choices]

    def clean(self):
        given = super().clean()
        for name in ("dari", "sampai"):
            if given.get(name) and not FIRST <= given[name].year <= LAST:
                self.add_error(name, _("Tulis tahun antara %d dan %d.") % (FIRST, LAST))
                given[name] = None
        if given.get("dari") and given.get("sampai") and given["sampai"] < given["dari"]:
            self.add_error("sampai", _("Hari ini mendahului hari pertamanya."))
        return given

    def used(self):
        """Names of the filters that are on; what was typed goes into no line of the trail."""
        return sorted(name for name, value in self.cleaned_data.items() if value)

    def rows(self, user):
        rows, given = AuditEntry.objects.all(), self.cleaned_data
        if given["dari"]:
            rows = rows.filter(recorded_at__gte=_start(given["dari"]))
        if given["sampai"]:
            rows = rows.filter(recorded_at__lt=_start(given["sampai"] + timedelta(days=1)))
        if given["perbuatan"]:
            rows = rows.filter(act=given["perbuatan"])
        if who := clean_line(given["oleh"]):
            users = User.objects.filter(Q(username__icontains=who) | Q(name__icontains=who))
            rows = rows.filter(recorded_by__in=users)
        if name := clean_line(given["usaha"]):
            found = Business.objects.visible_to(user).filter(name__icontains=name)
            rows = rows.filter(about__in=list(found.order_by("pk").values_list("uuid", flat=True)[:MANY]))
        return rows


def _start(day):
    return timezone.make_aware(datetime.combine(day, time.min))
