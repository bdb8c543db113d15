"""Django's admin, for reference tables and accounts only: it is not a second door to the registry."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.tokens import end_all
from registry.models import Holiday, Kbli, Post, ProductCentre, Region, RegionAlias, Subsector


class PortalAdminSite(admin.AdminSite):
    """Admin for holders of the admin role; third-party tables stay outside."""

    site_header = _("Data acuan dan akun")
    site_title = site_header
    index_title = site_header

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm("registry.change_region")

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """No second way in: the portal's own page counts attempts and asks for the second step."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


site = PortalAdminSite(name="admin")


def touched(message):
    """Names of the fields a change message of Django's admin speaks of."""
    return sorted({str(name) for part in message for name in part.get("changed", {}).get("fields", ())})


@admin.register(User, site=site)
class AccountAdmin(UserAdmin):
    fieldsets = [(None, {"fields": ["username", "password", "name", "email", "is_active", "is_staff"]})]
    add_fieldsets = [(None, {"fields": ["username", "name", "usable_password", "password1", "password2"]})]
    list_display = ["username", "name", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "name"]
    filter_horizontal = []

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, obj, message):
        audit.record("account.created", obj, by=request.user)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        """The page that sets a password comes here too. Tokens end with the password and the account."""
        fields = touched(message)
        audit.record("account.changed", obj, by=request.user, fields=fields)
        if "password" in fields or not obj.is_active:
            end_all(obj, by=request.user)
        return super().log_change(request, obj, message)


@admin.register(Post, site=site)
class PostAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "region", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "region"]
    autocomplete_fields = ["user", "region"]
    search_fields = ["user__username", "user__name"]

    def save_model(self, request, obj, form, change):
        if change:
            obj.end(on=form.cleaned_data["ends_on"], by=request.user)
        else:
            made = Post.assign(
                user=obj.user,
                role=obj.role,
                region=obj.region,
                starts_on=obj.starts_on,
                ends_on=obj.ends_on,
                by=request.user,
            )
            obj.pk = made.pk

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Nobody gives themselves a post (Post.assign refuses it as well)."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["user", "role", "region", "starts_on"] if obj else []


@admin.register(Region, site=site)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "parent"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]


@admin.register(RegionAlias, site=site)
class RegionAliasAdmin(admin.ModelAdmin):
    fields = ["region", "alias", "kind"]
    list_display = ["alias", "region", "kind"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["alias", "region__name"]


@admin.register(Holiday, site=site)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["on", "name", "is_decreed"]


@admin.register(Kbli, site=site)
class KbliAdmin(admin.ModelAdmin):
    list_display = ["version", "code", "title"]
    list_filter = ["version"]
    search_fields = ["code", "title"]


@admin.register(Subsector, site=site)
class SubsectorAdmin(admin.ModelAdmin):
    list_display = ["position", "name", "starts_on", "ends_on"]


@admin.register(ProductCentre, site=site)
class ProductCentreAdmin(admin.ModelAdmin):
    list_display = ["name", "product", "kelurahan", "planned"]
    list_select_related = ["kelurahan"]
    autocomplete_fields = ["kelurahan"]
