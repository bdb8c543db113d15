"""What an uploader says: which file, which sheet, which kelurahan, and what the owners agreed to."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.businesses.choices import ConsentGroup
from registry.regions.models import Region


class UploadForm(forms.Form):
    """A list to be looked at; nothing is sent yet."""

    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("Excel (.xlsx, .xls), .ods atau .csv, paling besar 20 MB. Judul kolom dikenali sendiri."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.xlsb,.ods,.csv,.tsv,.txt"}),
        error_messages={"empty": _("Berkas ini kosong. Pilih berkas yang berisi daftar usaha.")},
    )
    sheet = forms.IntegerField(
        label=_("Lembar ke-"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Kosongkan agar dipilih lembar dengan daftar terbanyak."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    kelurahan = forms.ModelChoiceField(
        label=_("Kelurahan"),
        required=False,
        queryset=Region.objects.none(),
        to_field_name="code",
        empty_label=_("Menurut daftar"),
        help_text=_("Untuk daftar yang tidak menyebut kelurahan di barisnya."),
    )
    consent_groups = forms.MultipleChoiceField(
        label=_("Pemilik setuju ini ditampilkan kepada masyarakat"),
        required=False,
        choices=ConsentGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hanya bila semua pemilik di daftar ini telah menyetujuinya."),
    )
    consent_statement = forms.CharField(
        label=_("Dasar persetujuan"),
        required=False,
        max_length=300,
        help_text=_("Misalnya: formulir pendataan bertanda tangan, Maret 2026."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kelurahan"].queryset = (
            Region.objects.kelurahan().select_related("parent").order_by("name")
        )
        self.fields["kelurahan"].label_from_instance = lambda region: region.place

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_WORKBOOK_BYTES:
            raise forms.ValidationError(
                _("Berkas ini lebih besar dari 20 MB. Pecah menjadi beberapa berkas.")
            )
        return upload

    def clean(self):
        data = super().clean()
        if data.get("consent_groups") and not data.get("consent_statement"):
            self.add_error("consent_statement", _("Tulis dasar persetujuannya."))
        return data


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan penolakan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
