"""Permissions and reach, both read from Posts. Django's `user.has_perm` asks PostBackend."""

from dataclasses import dataclass

from django.utils import timezone

from registry.regions.models import Post, Region
from registry.regions.roles import SECOND_FACTOR, Role, permissions_of


@dataclass(frozen=True)
class Reach:
    """Where a permission holds: everywhere in the city, or in these kelurahan (region ids)."""

    everywhere: bool = False
    kelurahan: frozenset = frozenset()

    def __bool__(self):
        return self.everywhere or bool(self.kelurahan)

    def covers(self, region_id):
        """Whether a row of this kelurahan (None: unplaced) is inside. Unplaced rows are the city's."""
        return self.everywhere or (region_id is not None and region_id in self.kelurahan)


NOWHERE = Reach()


def current_posts(user):
    """(posts, memo): the posts that hold today, in force or in grace, read once for each user object."""
    today = timezone.localdate()
    kept = getattr(user, "_current_posts", None)  # not __dict__: request.user is a wrapper with its own
    if kept is None or kept[0] != today:
        posts = list(
            Post.objects.usable(today).filter(user=user).select_related("region__parent").order_by("pk")
        )
        for post in posts:
            post.in_grace = post.is_in_grace(today)
        kept = user._current_posts = (today, posts, {})
    return kept[1], kept[2]


def forget_posts(user):
    """Drop what `current_posts` remembered, after a post was assigned or ended."""
    user._current_posts = None


def _lacks_second_factor(user, permission, posts):
    """Asked last, because the answer may cost a query: whether `user` acts without the second factor."""
    held = any(permission in permissions_of(p.role, in_grace=p.in_grace) for p in posts)
    return held and user.lacks_second_factor()


def reach(user, permission):
    """The Reach of `permission` for `user`; NOWHERE for visitors, inactive users and those without it."""
    if not user.is_authenticated or not user.is_active:
        return NOWHERE
    posts, remembered = current_posts(user)
    if permission in SECOND_FACTOR and _lacks_second_factor(user, permission, posts):
        return NOWHERE
    if permission not in remembered:
        regions = [p.region for p in posts if permission in permissions_of(p.role, in_grace=p.in_grace)]
        if any(r.level == Region.Level.CITY for r in regions):
            found = Reach(everywhere=True)
        else:
            ids = {r.pk for r in regions if r.level == Region.Level.KELURAHAN}
            above = [r.pk for r in regions if r.level == Region.Level.KECAMATAN]
            if above:
                ids |= set(Region.objects.filter(parent__in=above).values_list("pk", flat=True))
            found = Reach(kelurahan=frozenset(ids))
        remembered[permission] = found
    return remembered[permission]


def held_on(user, permission, region_id, day):
    """Whether a post of `user` gave `permission` in this kelurahan on `day`, whatever became of the post.

    What an officer recorded before a post's end is accepted when it arrives later (DOMAIN "Who"). Days of
    grace do not count: they are for reading and proposing, not for recording.
    """
    if not user.is_authenticated or not user.is_active or region_id is None:
        return False
    roles = [role for role in Role if permission in permissions_of(role)]
    kelurahan = Region.objects.filter(pk=region_id).values("pk", "parent", "parent__parent").first()
    return (
        kelurahan is not None
        and Post.objects.current(day)
        .filter(user=user, role__in=roles, region__in=[pk for pk in kelurahan.values() if pk])
        .exists()
    )


def covers_on(user, permission, region_id, day):
    """Whether `user` may record something of `day` in this kelurahan: by a post of today, or by one held
    on that day."""
    return reach(user, permission).covers(region_id) or held_on(user, permission, region_id, day)


def serves(user, code):
    """Whether a region lies in the city of one of the user's posts; others' regions may be loaded."""
    posts, _remembered = current_posts(user)
    return any(code.split(".")[:2] == p.region.code.split(".")[:2] for p in posts)


def within_reach(queryset, user, permission, column="kelurahan"):
    """`queryset` cut down to rows whose `column` (a kelurahan) lies in the user's reach."""
    there = reach(user, permission)
    if there.everywhere:
        return queryset
    if not there:
        return queryset.none()
    return queryset.filter(**{f"{column}__in": there.kelurahan})


class PostBackend:
    """Authentication backend that authenticates nobody and answers permissions from Posts."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj, app_label):
        return any(p.startswith(app_label + ".") for p in self.get_all_permissions(user_obj))

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        held = held_permissions(user_obj)
        return held - SECOND_FACTOR if held & SECOND_FACTOR and user_obj.lacks_second_factor() else held


def held_permissions(user):
    """What the user's posts give, whether or not the second factor was shown."""
    posts, remembered = current_posts(user)
    if None not in remembered:
        remembered[None] = set().union(*(permissions_of(p.role, in_grace=p.in_grace) for p in posts))
    return remembered[None]
