"""The user's own account: posts and their days, password, second factor."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from registry.regions.models import ENDS_SOON, Post


@signed_in
@require_safe
def account(request):
    today = timezone.localdate()
    in_grace = set(Post.objects.in_grace(today).filter(user=request.user).values_list("pk", flat=True))
    posts = request.user.posts.select_related("region__parent").order_by("-ends_on", "pk")
    return render(
        request,
        "home/account.html",
        {
            "posts": [
                {"post": post, "state": "grace" if post.pk in in_grace else _state(post, today)}
                for post in posts
            ],
            "days_left": ENDS_SOON,
        },
    )


def _state(post, today):
    if post.ends_on < today:
        return "ended"
    if post.starts_on > today:
        return "coming"
    return "ending" if (post.ends_on - today).days <= ENDS_SOON else "current"
