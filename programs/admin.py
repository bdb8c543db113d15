"""The programmes' reference tables in the admin: organisations, who acts for them, and officials."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from programs.models import Membership, OfficeAddress, OfficeHolder, Organisation
from registry.admin import site, touched
from registry.regions.models import Region
from registry.reports.needs import Need


class KeptAdmin(admin.ModelAdmin):
    """Rows end by a day, they are not deleted. What was changed, and by whom, stands in the audit trail too.

    `known_as` names a row in the trail: `<known_as>.added`, `<known_as>.changed`.
    """

    known_as = ""

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, obj, message):
        audit.record(f"{self.known_as}.added", obj, by=request.user)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        audit.record(f"{self.known_as}.changed", obj, by=request.user, fields=touched(message))
        return super().log_change(request, obj, message)


class OrganisationForm(forms.ModelForm):
    helps_with = forms.MultipleChoiceField(
        label=_("menangani"),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Diusulkan lebih dulu sebagai penanggung jawab untuk masalah jenis ini."),
    )


@admin.register(Organisation, site=site)
class OrganisationAdmin(KeptAdmin):
    known_as = "organisation"
    form = OrganisationForm
    fields = ["short_name", "name", "kind", "helps_with", "ended_on"]
    list_display = ["short_name", "name", "kind", "ended_on"]
    list_filter = ["kind"]
    search_fields = ["short_name", "name"]


class MembershipForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Hari terakhir mendahului hari pertama."))
        return cleaned


@admin.register(Membership, site=site)
class MembershipAdmin(KeptAdmin):
    """Who acts for which organisation, from when to when. Changed are the days only: another account or
    another organisation is another row, so that it stays readable who answered for whom."""

    known_as = "membership"
    form = MembershipForm
    fields = ["user", "organisation", "starts_on", "ends_on"]
    list_display = ["user", "organisation", "starts_on", "ends_on"]
    list_filter = ["organisation"]
    list_select_related = ["user", "organisation"]
    autocomplete_fields = ["user", "organisation"]
    search_fields = ["user__username", "user__name", "organisation__short_name"]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "organisation"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Nobody lets themselves act for an office, as nobody gives themselves a post."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfficeHolderForm(MembershipForm):
    """Which office goes with which kind of region; an office of the city stands without one."""

    LEVELS = {
        OfficeHolder.Office.HEAD: None,
        OfficeHolder.Office.CAMAT: Region.Level.KECAMATAN,
        OfficeHolder.Office.LURAH: Region.Level.KELURAHAN,
    }

    def clean(self):
        cleaned = super().clean()
        office, region = cleaned.get("office"), cleaned.get("region")
        if office and self.LEVELS[office] != (region.level if region else None):
            self.add_error("region", _("Wilayahnya tidak sesuai dengan jabatannya."))
        return cleaned


@admin.register(OfficeHolder, site=site)
class OfficeHolderAdmin(KeptAdmin):
    known_as = "office-holder"
    form = OfficeHolderForm
    fields = ["office", "region", "name", "staff_number", "is_acting", "starts_on", "ends_on"]
    list_display = ["office", "region", "name", "is_acting", "starts_on", "ends_on"]
    list_filter = ["office", "is_acting"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["name", "region__name"]


@admin.register(OfficeAddress, site=site)
class OfficeAddressAdmin(KeptAdmin):
    known_as = "office-address"
    fields = ["region", "address", "phone", "email", "website"]
    list_display = ["region", "address", "phone"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["region__name", "address"]
