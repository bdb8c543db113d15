"""Posts on working pages, for the admin: which end soon, renew many, give one, end one."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import AuditEntry
from registry.regions.actions import renew_many
from registry.regions.forms import EndForm, PostForm, RenewForm
from registry.regions.models import Post
from registry.regions.roles import GRACE_DAYS
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.text import clean_line

CHANGE = "registry.change_post"
MANY = 500
TYPED = "posts_renewal"  # in the session: a renewal that did not go through, as it was sent
VIEWS = {
    "segera": lazy("Berakhir 30 hari ini"),
    "tenggang": lazy("Masa tenggang"),
    "berlaku": lazy("Berlaku"),
    "nanti": lazy("Belum mulai"),
    "lewat": lazy("Berakhir"),
}
ACTS = {
    "post.assigned": lazy("Jabatan diberikan"),
    "post.renewed": lazy("Jabatan diperpanjang"),
    "post.ended": lazy("Jabatan diakhiri"),
}


def seen_as(view, today):
    """(posts, order) of one tab."""
    rows = Post.objects.all()
    return {
        "segera": (rows.ending(today), "ends_on"),
        "tenggang": (rows.in_grace(today), "ends_on"),
        "berlaku": (rows.current(today), "ends_on"),
        "nanti": (rows.filter(starts_on__gt=today), "starts_on"),
        "lewat": (rows.filter(ends_on__lt=today), "-ends_on"),
    }[view]


@requires(CHANGE)
@require_safe
def post_list(request):
    """The posts of one tab; those that can be renewed carry a box to tick."""
    today = timezone.localdate()
    view = request.GET.get("lihat") if request.GET.get("lihat") in VIEWS else "segera"
    rows, order = seen_as(view, today)
    asked = clean_line(request.GET.get("q", ""))[:100]
    for word in asked.split()[:6]:
        rows = rows.filter(
            Q(user__name__icontains=word)
            | Q(user__username__icontains=word)
            | Q(region__name__icontains=word)
        )
    page = KeysetPage(request, rows.select_related("user", "region__parent"), order, 50)
    return render(
        request,
        "registry/regions/post_list.html",
        {
            "rows": [row_of(post, request.user, today) for post in page.rows],
            "page": page,
            "view": view,
            "tabs": [(key, label, _count(seen_as(key, today)[0])) for key, label in VIEWS.items()],
            "asked": asked,
            "renewable": view in ("segera", "tenggang", "berlaku"),
            **_as_typed(request, today),
            "grace_days": GRACE_DAYS,
        },
    )


def _as_typed(request, today):
    """{form, ticked} of the renewal: as it was sent where it did not go through, once; else a fresh one."""
    typed = request.session.pop(TYPED, None)
    if typed is None:
        return {"form": RenewForm(initial={"ends_on": today + timedelta(days=365)}), "ticked": ()}
    return {"form": RenewForm(typed["form"]), "ticked": typed["ticked"]}


def _keep_typed(request, ticked):
    form = {name: request.POST.get(name, "")[:100] for name in ("ends_on", "letter")}
    request.session[TYPED] = {"form": form, "ticked": [int(pk) for pk in ticked]}


def _count(rows):
    count, more = capped_count(rows)
    return f"{count}{'+' * more}"


def row_of(post, user, today):
    left = (post.ends_on - today).days
    return {
        "post": post,
        "own": post.user_id == user.pk,
        "left": left if left >= 0 else None,
        "grace_ends_on": post.grace_ends_on if left < 0 else None,
        "ended_by_hand": post.ended_at is not None,
    }


@requires(CHANGE)
@require_POST
def post_renew_many(request):
    """Renew the ticked posts, each guarded as one; those a rule refuses are named."""
    to_list = redirect("post-list")
    if request.GET:  # the list as it was seen: tab, search, page
        to_list["Location"] += f"?{request.GET.urlencode()}"
    picked = [p for p in request.POST.getlist("post") if p.isascii() and p.isdigit() and len(p) < 19][:MANY]
    form = RenewForm(request.POST)
    if not picked:
        messages.warning(request, _("Belum ada jabatan yang dipilih. Centang dulu yang akan diperpanjang."))
        _keep_typed(request, picked)
        return to_list
    if not form.is_valid():
        messages.error(request, _("Belum ada yang diperpanjang. Periksa isiannya; centangnya masih ada."))
        _keep_typed(request, picked)
        return to_list
    posts = Post.objects.filter(pk__in=picked).select_related("user", "region").order_by("ends_on", "pk")
    done = renew_many(
        posts, ends_on=form.cleaned_data["ends_on"], letter=form.cleaned_data["letter"], by=request.user
    )
    if done["renewed"]:
        messages.success(request, _("%(n)s jabatan diperpanjang.") % {"n": done["renewed"]})
    for post, why in done["left"][:10]:
        messages.warning(
            request, _("%(who)s, %(post)s: %(why)s") % {"who": post.user, "post": post, "why": why}
        )
    if done["left"]:
        _keep_typed(request, [post.pk for post, _why in done["left"]])
    if len(done["left"]) > 10:
        messages.warning(request, _("%(n)s lainnya tidak diperpanjang.") % {"n": len(done["left"]) - 10})
    return to_list


@requires("registry.add_post")
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request):
    """Give somebody a post."""
    form = PostForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            post = Post.assign(by=request.user, **form.cleaned_data)
        except Refused as refused:
            show(form, refused)
        else:
            messages.success(request, _("Jabatan %(post)s diberikan.") % {"post": post})
            return redirect("post-detail", post.pk)
    return render(request, "registry/regions/post_new.html", {"form": form})


@requires(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def post_detail(request, pk):
    """One post: its days and history; renew it or end it."""
    post = get_object_or_404(Post.objects.select_related("user", "region__parent", "assigned_by"), pk=pk)
    today = timezone.localdate()
    act = request.POST.get("act") if request.method == "POST" else None
    renew = RenewForm(
        request.POST if act == "renew" else None, initial={"ends_on": today + timedelta(days=365)}
    )
    end = EndForm(request.POST if act == "end" else None, initial={"on": min(today, post.ends_on)})
    form = {"renew": renew, "end": end}.get(act)
    if form is not None and form.is_valid():
        try:
            (post.renew if act == "renew" else post.end)(by=request.user, **form.cleaned_data)
        except Refused as refused:
            show(form, refused)
            post.refresh_from_db()
        else:
            messages.success(
                request, _("Tersimpan: jabatan sampai dengan %(day)s.") % {"day": day(post.ends_on)}
            )
            return redirect("post-detail", post.pk)
    lines = AuditEntry.objects.filter(target_type="post", target_id=str(post.pk)).select_related(
        "recorded_by"
    )
    far = today + timedelta(days=365)
    return render(
        request,
        "registry/regions/post_detail.html",
        {
            "post": post,
            "row": row_of(post, request.user, today),
            "renew": renew,
            "end": end,
            "failed": form,
            "no_renewal": post.obstacle_to_renew(
                ends_on=max(far, post.ends_on + timedelta(days=1)), by=request.user, letter="-"
            ),
            "no_end": post.obstacle_to_end(on=min(today, post.ends_on - timedelta(days=1)), by=request.user),
            "history": [
                {
                    "title": ACTS.get(line.act, line.act),
                    "text": told(line.detail or {}),
                    "by": line.recorded_by or _("Baris perintah"),
                    "at": line.recorded_at,
                }
                for line in lines.select_related("recorded_by").order_by("-pk")[:50]
            ],
        },
    )


def told(detail):
    """What an audit line of a post says in words."""
    parts = []
    if ends_on := detail.get("ends_on"):
        parts.append(_("sampai dengan %(day)s") % {"day": day(ends_on)})
    if letter := detail.get("letter"):
        parts.append(_("surat %(letter)s") % {"letter": letter})
    return ", ".join(parts)


def show(form, refused):
    """Put a refusal where it belongs on the form."""
    told_at = {name: message for name, message in refused.fields.items() if name in form.fields}
    for name, message in told_at.items():
        form.add_error(name, message)
    if not told_at:
        form.add_error(None, refused.message)
