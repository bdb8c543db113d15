"""Django's admin, for reference tables and accounts only: it is not a second door to the registry."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts import actions, audit, second_factor
from accounts.models import User
from accounts.tokens import end_all
from accounts.views import has_authenticator
from registry.models import Holiday, Kbli, Post, ProductCentre, Region, RegionAlias, Subsector, Synonym
from umkm_portal.lib.errors import Refused

ENTRY = "registry.change_region"


class PortalAdminSite(admin.AdminSite):
    """Admin for holders of the admin role; third-party tables stay outside."""

    site_header = _("Data acuan dan akun")
    site_title = site_header
    index_title = site_header

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm(ENTRY)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """No second way in: the portal's own page counts attempts and asks for the second step."""
        back = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(back)
        if second_factor.missing_for(request.user, {ENTRY}):
            return second_factor.ask(request, back=back)
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
    change_form_template = "admin/account_change.html"

    def get_urls(self):
        mine = path(
            "<int:pk>/pengaman/",
            self.admin_site.admin_view(self.reset_second_factor),
            name="accounts_user_second_factor",
        )
        return [mine, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        may = user is not None and user.pk != request.user.pk and has_authenticator(user)
        return super().change_view(
            request, object_id, form_url, (extra_context or {}) | {"may_reset_second_factor": may}
        )

    def reset_second_factor(self, request, pk):
        """Ask, then take a lost second factor away (accounts.actions.reset)."""
        user = get_object_or_404(User, pk=pk)
        to_user = redirect("admin:accounts_user_change", user.pk)
        if request.method == "POST":
            try:
                actions.reset(user, by=request.user)
            except Refused as refused:
                messages.error(request, refused.message)
            else:
                messages.success(
                    request, _("Pengaman dua langkah dihapus. Semua sesi dan token akun ini berakhir.")
                )
            return to_user
        context = self.admin_site.each_context(request) | {"account": user, "opts": User._meta}
        return render(request, "admin/second_factor_reset.html", context | {"title": _("Hapus pengaman")})

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


class PostAdminForm(forms.ModelForm):
    """Asks the verbs beforehand what they would refuse, so that it stands at the field."""

    by = None  # set by PostAdmin.get_form

    def clean(self):
        cleaned = super().clean()
        ends_on, letter = cleaned.get("ends_on"), cleaned.get("letter") or ""
        if not (self.instance.pk and ends_on):
            return cleaned
        post = Post.objects.get(pk=self.instance.pk)
        refused = None
        if ends_on > post.ends_on:
            refused = post.obstacle_to_renew(ends_on=ends_on, by=self.by, letter=letter)
        elif ends_on < post.ends_on:
            refused = post.obstacle_to_end(on=ends_on, by=self.by)
        else:
            self.add_error("ends_on", _("Ubah hari terakhirnya: memperpanjang atau mengakhiri jabatan."))
        if refused:
            self.add_error("ends_on", refused.message)
        return cleaned


@admin.register(Post, site=site)
class PostAdmin(admin.ModelAdmin):
    """Add, renew, end: by the verbs of Post, as the page /jabatan/ does, which shows many at once."""

    form = PostAdminForm
    fields = ["user", "role", "region", "starts_on", "ends_on", "letter"]
    list_display = ["user", "role", "region", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "region"]
    autocomplete_fields = ["user", "region"]
    search_fields = ["user__username", "user__name"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("PostForm", (form,), {"by": request.user})

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        if not change:
            obj.pk = Post.assign(by=request.user, **{n: given.get(n) for n in self.fields}).pk
            return
        post = Post.objects.get(pk=obj.pk)
        if given["ends_on"] > post.ends_on:
            post.renew(ends_on=given["ends_on"], letter=given["letter"], by=request.user)
        else:
            post.end(on=given["ends_on"], by=request.user)

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


@admin.register(Synonym, site=site)
class SynonymAdmin(admin.ModelAdmin):
    """Words of one meaning; a search reads them anew each time, so a change counts at once."""

    list_display = ["words"]
    search_fields = ["words"]
