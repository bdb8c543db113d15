"""Who may enter: every route says it with one of these."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from accounts import second_factor


def requires(*permissions):
    """Decorator for a page: the signed-in user needs one of `permissions` through a current post.

    Signed out, the visitor goes to sign-in and comes back; without the permission the answer is 403. Where
    the permission needs a second factor that was not shown, the user goes to enrol or type a code, and back.
    Rows outside one's reach are the queryset's business (404), not this decorator's.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(request.user.has_perm(permission) for permission in permissions):
                if second_factor.missing_for(request.user, permissions):
                    return second_factor.ask(request)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = permissions
        return guarded

    return decorate


def signed_in(view):
    """Decorator for a page that any signed-in user may open, whatever their posts."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    guarded.access = ("signed in",)
    return guarded


def public(view):
    """Decorator for a page that needs no account."""

    @wraps(view)
    def open_to_all(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    open_to_all.access = ("public",)
    return login_not_required(open_to_all)


class Holding(BasePermission):
    """Base of the classes made by `holding`."""

    permissions = ()

    def has_permission(self, request, view):
        user = request.user
        if not user or not user.is_authenticated:
            return False
        if any(user.has_perm(permission) for permission in self.permissions):
            return True
        if second_factor.missing_for(user, self.permissions):
            self.message, self.code = second_factor.MESSAGE, second_factor.CODE
        return False


def holding(*permissions):
    """A DRF permission class: the user needs one of `permissions` through a current post.

    Without it 403; where only the second factor is missing, 403 with code `second-factor-required`.
    """
    return type(
        "Holding_" + "_".join(p.split(".")[-1] for p in permissions), (Holding,), {"permissions": permissions}
    )
