"""Pages of one's own account: the second factor, remembered devices, open sessions."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, audit, second_factor
from accounts.access import signed_in
from accounts.sessions import device, end_one, end_sessions, sessions_of
from accounts.tokens import end_all, tokens_of
from umkm_portal.lib.errors import Refused


class Enrol(ActivateTOTPView):
    """allauth's page; the code just typed counts for this session as one typed at sign-in."""

    def form_valid(self, form):
        response = super().form_valid(form)
        row = second_factor.authenticator_of(self.request.user)
        record_authentication(self.request, self.request.user, "mfa", id=row.pk, type=row.type)
        audit.record("account.second-factor-enrolled", self.request.user, by=self.request.user)
        return response


class SwitchOff(DeactivateTOTPView):
    def form_valid(self, form):
        response = super().form_valid(form)
        audit.record("account.second-factor-removed", self.request.user, by=self.request.user)
        return response


enrol = Enrol.as_view()
switch_off = SwitchOff.as_view()


@signed_in
@require_safe
def begin(request):
    """From the home page's notice: enrol or type a code, then back to the home page."""
    return second_factor.ask(request, back=reverse("home"))


@signed_in
@require_safe
def go_on(request):
    """After enrolling: back to the page that asked for it."""
    back = request.session.pop(second_factor.BACK, "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else "mfa_index")


@signed_in
@require_POST
def forget(request):
    """No device is remembered any more."""
    try:
        actions.forget_devices(request.user, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Semua perangkat dilupakan. Kode diminta lagi saat masuk berikutnya."))
    return redirect("mfa_index")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sessions(request):
    """Where this account is signed in; end one, all others, or all API tokens."""
    if request.method == "POST":
        messages.success(request, _end(request))
        return redirect("account-sessions")
    rows = sessions_of(request.user)
    here = request.session.session_key
    return render(
        request,
        "account/sessions.html",
        {
            "rows": [
                {"row": row, "device": device(row.user_agent), "here": row.session_key == here}
                for row in rows
            ],
            "others": sum(row.session_key != here for row in rows),
            "tokens": tokens_of(request.user),
        },
    )


def _end(request):
    """Do what the form asks; returns what to tell."""
    user, what = request.user, request.POST.get("end", "")
    if what == "others":
        ended = end_sessions(user, but=request.session.session_key)
        audit.record("account.session-ended", user, by=user, count=ended)
        return _("Sesi lain sudah diakhiri. Sesi ini tetap berjalan.")
    if what == "tokens":
        end_all(user, by=user)
        return _("Semua token API sudah diakhiri.")
    if what.isascii() and what.isdigit() and len(what) < 19 and end_one(user, int(what), by=user):
        return _("Sesi itu sudah diakhiri.")
    return _("Sesi itu memang sudah berakhir.")


def has_authenticator(user):
    """Whether an admin could take a second factor away from this account."""
    return Authenticator.objects.filter(user=user).exists()
