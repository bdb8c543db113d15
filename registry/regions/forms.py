"""What the pages about posts let an admin fill in; the days' rules are the verbs' own."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registry.regions.models import Region
from registry.regions.roles import Role


def day_field(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options
    )


class LetterForm(forms.Form):
    letter = forms.CharField(
        label=_("Nomor surat tugas"),
        max_length=100,
        required=False,
        help_text=_("Wajib bagi pemeriksa."),
    )


class RenewForm(LetterForm):
    """A new last day for one post or for many."""

    ends_on = day_field(_("Hari terakhir yang baru"))
    field_order = ["ends_on", "letter"]


class EndForm(forms.Form):
    on = day_field(_("Hari terakhir"), help_text=_("Hari itu masih berlaku. Tidak ada masa tenggang."))


class PostForm(LetterForm):
    """A new post. Nobody is offered themselves (Post.assign refuses it as well)."""

    user = forms.ModelChoiceField(label=_("Akun"), queryset=User.objects.none())
    role = forms.ChoiceField(label=_("Peran"), choices=Role.choices)
    region = forms.ModelChoiceField(
        label=_("Wilayah"),
        queryset=Region.objects.none(),
        to_field_name="code",
        help_text=_("Petugas dan lurah: kelurahan. Camat: kecamatan. Lainnya: kota."),
    )
    starts_on = day_field(_("Mulai"), initial=timezone.localdate)
    ends_on = day_field(
        _("Sampai dengan"),
        initial=lambda: timezone.localdate() + timedelta(days=365),
        help_text=_("Hari terakhir, masih berlaku."),
    )
    field_order = ["user", "role", "region", "starts_on", "ends_on", "letter"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        users = User.objects.filter(is_active=True).exclude(pk=by.pk).order_by("name", "username")
        self.fields["user"].queryset = users
        self.fields["user"].label_from_instance = lambda user: f"{user.name} ({user.username})"
        regions = Region.objects.select_related("parent").order_by("code")
        self.fields["region"].queryset = regions
        self.fields["region"].label_from_instance = self.place

    @staticmethod
    def place(region):
        """ "Kec. Blimbing › Blimbing": five kecamatan bear the name of one of their kelurahan."""
        if region.level == Region.Level.KELURAHAN:
            return f"Kec. {region.parent.name} › {region.name}"
        return f"Kec. {region.name}" if region.level == Region.Level.KECAMATAN else region.name
