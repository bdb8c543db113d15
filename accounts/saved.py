"""Saved views: a list as somebody likes to see it, kept under a title, private or shared.

Only the address is kept, never rows: a shared view shows each reader their own reach. Telephone and
identity numbers typed into a search box do not stay in a saved address (`clean_query`).
"""

import re
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import SavedView
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_line

# The lists that can be saved: URL name -> (what it is called, who may open it). A closed list, so that no
# saved view leads anywhere else.
PAGES = {
    "business-list": (_("Usaha"), ("registry.view_business",)),
    "submission-queue": (
        _("Verifikasi data"),
        ("registry.decide_submission", "registry.decide_escalated"),
    ),
    "person-list": (_("Orang"), ("registry.view_person",)),
    "import-list": (
        _("Unggah Excel"),
        ("registry.upload_import", "registry.decide_import", "registry.view_import"),
    ),
}
MOST = 50  # views of one person for one page
MOST_PARAMETERS = 200  # of an address; more than any list has
MAX_QUERY = SavedView._meta.get_field("query").max_length
MAX_TITLE = SavedView._meta.get_field("title").max_length
NOT_KEPT = "saved_view_typed"  # in the session: what was typed for a view that could not be kept
PASSING = {"after", "before", "csrfmiddlewaretoken", "page", "title", "next"}
TYPED = {"q"}  # parameters people type free text into
NUMBER = re.compile(r"\d(?:[ .\-/]?\d){4}")  # five digits, however they are spaced
LONG_NUMBER = re.compile(r"\d(?:[ .\-/]?\d){8}")
LONG_RUN = re.compile(r"(?<![0-9a-f-])\d{9,}(?![0-9a-f-])")  # in a code or a choice there is none; a uuid may


def may_open(user, page):
    """Whether `user` may open the list named `page`; False for a page that is not in PAGES."""
    return page in PAGES and any(user.has_perm(p) for p in PAGES[page][1])


def for_page(user, page):
    """(own, shared by others) views of one list, by title; empty where the list is not theirs to open."""
    if not user.is_authenticated or not may_open(user, page):
        return [], []
    rows = list(
        SavedView.objects.filter(Q(user=user) | Q(is_shared=True), page=page)
        .select_related("user")
        .order_by("title", "pk")[:200]
    )
    return [r for r in rows if r.user_id == user.pk], [r for r in rows if r.user_id != user.pk]


def clean_query(query):
    """(the query string as it may be kept, whether something typed was left out).

    Pager tokens and blanks go; so does a search text with five digits or more, which may be somebody's
    number (UU 27/2022: keep no personal data that is not needed). Of an address with more than
    MOST_PARAMETERS nothing may be kept: `save_view` refuses it, and the list it shows is no saved one.
    """
    kept, left_out = [], False
    if _has_too_many(query):
        return "", left_out
    for name, value in parse_qsl(str(query).lstrip("?"), keep_blank_values=False):
        if name in PASSING:
            continue
        if (NUMBER if name in TYPED else LONG_RUN).search(value):
            left_out = True
            continue
        kept.append((name, value))
    return urlencode(kept), left_out


@transaction.atomic
def save_view(*, page, title, query, by, shared=False):
    """Keep a list's address under a title; the same title again replaces it.

    Returns (view, whether a typed number was left out). Raises Refused: view-page (no such list, or not
    theirs), view-title, view-too-long, view-too-many.
    """
    if not may_open(by, page):
        raise Refused("view-page", _("Tampilan halaman ini tidak dapat disimpan."))
    title = _titled(title)
    kept, left_out = clean_query(query)
    if len(kept) > MAX_QUERY or _has_too_many(query):
        raise Refused("view-too-long", _("Filter ini terlalu panjang untuk disimpan. Kurangi pilihannya."))
    view = SavedView.objects.select_for_update().filter(user=by, page=page, title=title).first()
    if view is None:
        if SavedView.objects.filter(user=by, page=page).count() >= MOST:
            raise Refused(
                "view-too-many", _("Sudah ada %(most)d tampilan. Hapus yang tidak dipakai."), most=MOST
            )
        view = SavedView(user=by, page=page, title=title)
    was_shared = view.is_shared
    view.query, view.is_shared = kept, bool(shared)
    view.save()
    if view.is_shared or was_shared:
        _record_sharing(view, by)
    return view, left_out


@transaction.atomic
def rename(view, *, title, by):
    """Give a view another title. Raises Refused: not-found, view-title, view-title-taken."""
    view = _own(view, by)
    view.title = _titled(title)
    try:
        with transaction.atomic():
            view.save(update_fields=["title", "saved_at"])
    except IntegrityError as error:
        raise Refused("view-title-taken", _("Anda sudah punya tampilan dengan nama ini.")) from error
    return view


@transaction.atomic
def share(view, *, shared, by):
    """Let colleagues who may open the list use this view too, or stop that; their reach stays theirs."""
    view = _own(view, by)
    if view.is_shared != bool(shared):
        view.is_shared = bool(shared)
        view.save(update_fields=["is_shared", "saved_at"])
        _record_sharing(view, by)
    return view


@transaction.atomic
def delete(view, *, by):
    """Forget a view; for colleagues too, when it was shared."""
    view = _own(view, by)
    if view.is_shared:
        view.is_shared = False
        _record_sharing(view, by)
    view.delete()


def _has_too_many(query):
    return str(query).count("&") >= MOST_PARAMETERS


def _own(view, by):
    row = SavedView.objects.select_for_update().filter(pk=view.pk, user=by).first()
    if row is None:
        raise not_found()
    return row


def _titled(title):
    title = clean_line(title or "")
    if not title or len(title) > MAX_TITLE:
        raise Refused(
            "view-title",
            _("Tulis nama tampilan, paling panjang %(most)d huruf."),
            most=MAX_TITLE,
            fields={"title": _("Isian ini wajib.")},
        )
    if LONG_NUMBER.search(title):
        raise Refused("view-title", _("Nama tampilan tidak boleh memuat nomor orang."))
    return title


def _record_sharing(view, by):
    act = "view.shared" if view.is_shared else "view.unshared"
    names = sorted({name for name, _value in parse_qsl(view.query)})
    audit.record(act, view, by=by, page=view.page, filters=names)
