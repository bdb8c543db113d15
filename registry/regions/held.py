"""Letting in who once held a permission: what was recorded before a post's end may still arrive after it.

These only open the door. Which kelurahan and which days count is decided by the verb (access.covers_on).
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from accounts.access import requires
from registry.regions.models import Post
from registry.regions.roles import Role, permissions_of


def once_held(user, permission):
    """Whether `user` holds `permission`, or any post of theirs ever gave it."""
    if not user or not user.is_authenticated or not user.is_active:
        return False
    if user.has_perm(permission):
        return True
    roles = [role for role in Role if permission in permissions_of(role)]
    return Post.objects.filter(user=user, role__in=roles).exists()


def requires_once_held(permission):
    """Decorator for a page, as `accounts.access.requires`, for who holds or once held `permission`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and once_held(request.user, permission):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return requires(permission)(view)(request, *args, **kwargs)

        guarded.access = (permission,)
        return guarded

    return decorate


def holding_once(permission):
    """A DRF permission class, as `accounts.access.holding`, for who holds or once held `permission`."""

    class HoldingOnce(BasePermission):
        def has_permission(self, request, view):
            return once_held(request.user, permission)

    HoldingOnce.__name__ = HoldingOnce.__qualname__ = f"HoldingOnce_{permission.split('.')[-1]}"
    return HoldingOnce
