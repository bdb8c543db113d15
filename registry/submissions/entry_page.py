"""The entry page in its kinds: a business filled in, kept as a draft while it is typed, and sent."""

import uuid as uuids

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import AuditEntry
from registry.businesses.models import Business
from registry.people.models import Person
from registry.submissions import similar
from registry.submissions.entry import Entry
from registry.submissions.layout import loose_notes, sections, steps
from registry.submissions.models import Submission
from registry.submissions.next_steps import is_unchanged, next_step
from registry.submissions.offers import people_offers
from registry.submissions.origins import FIELD as BACK_FIELD
from registry.submissions.origins import way_back
from registry.submissions.picking import told_apart
from umkm_portal.lib.formats import moment
from umkm_portal.lib.sealing import SealBroken, seal, unseal

PROPOSE = "registry.propose_submission"
SENDS = ("send", "again")
KEPT_FOR = 12 * 60 * 60  # seconds a page's own last save is remembered: as long as a session
NOTE = "closing_note"  # in the session: (business, sealed note) typed on the page of its state
TITLES = {
    "register": lazy("Usaha baru"),
    "change": lazy("Ubah data usaha"),
    "move": lazy("Usaha pindah kelurahan"),
    "close": lazy("Usaha tutup permanen"),
    "reopen": lazy("Usaha buka kembali"),
}


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def submission_new(request):
    """A business that is not recorded yet; `?pemilik=<uuid>` of an owner who is, `?setelah=<uuid>` after
    another one was sent, whose place (and with both, whose owner) it shares."""
    after = _sent_before(request)
    owner = request.GET.get("pemilik", "")
    person = _person(request, owner, or_none=after is not None)
    return _new_page(request, more={"person": person, "after": after, "owner_of_it": owner})


def _new_page(request, *, more=None, origin=None):
    token = _uuid(request.POST.get("token"))
    if token and (already := Submission.objects.visible_to(request.user).filter(uuid=token).first()):
        # the same page sent again, after the answer was lost on the way
        if not already.may_edit(request.user):
            return _gone(request, already)
        return _entry_page(request, kind="register", submission=already, resent=True, origin=origin)
    return _entry_page(request, kind="register", token=token or uuids.uuid4(), more=more, origin=origin)


def entry_from(request, origin, *, business=None):
    """The entry page as `origin` opens it: a change of `business`, or one that is not recorded yet. For views
    of other rooms, guarded by PROPOSE and sensitive_post_parameters; raises Http404 out of reach."""
    if business is None:
        return _new_page(request, origin=origin)
    return submission_for_business(request, business.uuid, "change", origin=origin)


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def submission_for_business(request, uuid, kind, origin=None):
    """A change of a recorded business, its move, its closing or its reopening."""
    business = get_object_or_404(
        Business.objects.visible_to(request.user).select_related("kelurahan__parent", "kbli", "subsector"),
        uuid=uuid,
    )
    return _entry_page(request, kind=kind, business=business, origin=origin)


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request, uuid):
    """A draft, or what a reviewer sent back with notes."""
    rows = Submission.objects.visible_to(request.user).select_related(
        "business__kelurahan__parent", "business__kbli", "business__subsector"
    )
    submission = get_object_or_404(rows, uuid=uuid)
    if not submission.may_edit(request.user):
        messages.warning(request, _("Data ini tidak dapat diubah lagi oleh Anda."))
        return _gone(request, submission)
    return _entry_page(request, kind=submission.kind, business=submission.business, submission=submission)


def keep_note(request, business, note):
    """Keep the note typed on the page of the state for the page of closing, which asks the rest."""
    request.session[NOTE] = [str(business.uuid), seal(note)] if note else []


def _kept_note(request, business):
    """The note kept for this business, once; "" for none."""
    kept = request.session.get(NOTE) or ["", ""]
    if kept[0] != str(business.uuid):
        return ""
    del request.session[NOTE]
    try:
        return unseal(kept[1])
    except SealBroken:  # the keys changed meanwhile
        return ""


def _gone(request, submission):
    if request.POST.get("do") == "autosave":
        return JsonResponse({"state": "gone", "address": submission.get_absolute_url()})
    return redirect(submission)


def _entry_page(
    request, *, kind, business=None, submission=None, token=None, resent=False, more=None, origin=None
):
    sent = request.method == "POST"
    entry = Entry(
        request.user,
        kind=kind,
        business=business,
        submission=submission,
        data=request.POST if sent else None,
        files=request.FILES if sent else None,
        **(more or {}),
    )
    entry.origin, entry.back = origin, way_back(origin.back if origin else request.GET.get(BACK_FIELD))
    if origin and submission is None:
        origin.begin(entry)
    if sent:
        quiet = request.POST.get("do") == "autosave"
        if request.POST.get("stamp", "") != entry.stamp() and not _own_work(request, entry, resent):
            if quiet:
                return JsonResponse({"state": "conflict"})
            entry.meet()
        elif answer := (_autosave if quiet else _receive)(request, entry, token):
            return answer
    elif kind == "close" and (note := _kept_note(request, business)):
        entry.main.initial["note"] = entry.main.initial.get("note") or note
    saved = entry.submission
    found = sections(entry)
    back_url, back_words = entry.back
    return render(
        request,
        "registry/submissions/entry.html",
        {
            "entry": entry,
            "title": TITLES[kind],
            "kind": kind,
            "business": business,
            "submission": saved,
            "action": _address(entry) if saved else request.get_full_path(),
            "token": token,
            "page": _uuid(request.POST.get("page")) or uuids.uuid4(),
            "sections": found,
            "steps": steps(found) if kind == "register" else [],
            "done": sum(s.done for s in found),
            "total": sum(s.total for s in found),
            "missing": [(s.title, f"#{s.anchor}") for s in found if s.missing and s.done < s.total],
            "notes": loose_notes(entry, found),
            "kept": _what_was_kept(entry, request.FILES) if sent else "",
            "other": _other_editor(entry) if entry.conflict else None,
            "differences": entry.differences(),
            "similar": similar.of_submission(saved, request.user) if saved else None,
            "known_person": entry.known_person,
            "back_url": back_url or (saved.get_absolute_url() if saved else _back(business)),
            "back_words": back_words,
            "facts": origin.facts if origin else (),
        },
    )


# ---- two editors -----------------------------------------------------------------------------------------


def _own_work(request, entry, resent):
    """Whether what is stored now was last written by this very page, whose answer was lost on the way."""
    page = _page_key(request)
    kept = cache.get(page) if page else None
    if kept is None:  # the mark is gone by now: the page's own work only where nobody edited it since
        return resent and not entry.submission.editors.exists()
    return kept == entry.stamp()


def _remember(request, entry):
    if page := _page_key(request):
        entry.submission.refresh_from_db()
        cache.set(page, entry.stamp(), KEPT_FOR)


def _page_key(request):
    page = _uuid(request.POST.get("page"))
    return f"entry-page:{request.user.pk}:{page}" if page else ""


def _other_editor(entry):
    """(name, when) of who changed it last: the draft, or the business it is about."""
    if entry.submission:
        lines = AuditEntry.objects.filter(target_type="submission", target_id=str(entry.submission.pk))
        line = lines.exclude(recorded_by=None).select_related("recorded_by").order_by("-pk").first()
        if line and line.recorded_by_id != entry.user.pk:
            return line.recorded_by.name, line.recorded_at
    if entry.business:
        return entry.business.changed_by.name, entry.business.changed_at
    return None


# ---- keeping and sending ---------------------------------------------------------------------------------


def _address(entry):
    """Of the draft, with the way back to where it was opened from."""
    address = reverse("submission-edit", args=[entry.submission.uuid])
    return f"{address}?{urlencode({BACK_FIELD: entry.back[0]})}" if entry.back[0] else address


def _keep(entry, **how):
    """Keep the page, and tell where it was opened from what came of it."""
    submission = entry.keep(**how)
    if entry.origin and entry.submission:
        entry.origin.kept(entry.submission)
    return submission


def _autosave(request, entry, token):
    """Keep what can be kept, without a word when nothing was typed; the answer is for static/js/entry.js."""
    with transaction.atomic():
        _keep(entry, token=token)
    if entry.submission is None:
        answer = {"state": "nothing"}
    else:
        _remember(request, entry)
        found = sections(entry)
        answer = {
            "state": "saved",
            "address": _address(entry),
            "uuid": str(entry.submission.business_uuid),
            "stamp": entry.stamp(),
            "said": _("Tersimpan %s") % timezone.localtime().strftime("%H.%M"),
            "done": {s.key: [s.done, s.total] for s in found},
            "complete": not entry.submission.missing(),
        }
        photos = next((s for s in found if s.key == "foto"), None)
        if request.FILES and photos:
            answer["photos"] = render_to_string(
                "registry/submissions/partials/photo_rows.html", {"section": photos}, request
            )
    answer["errors"] = {
        form[name].id_for_label or form[name].auto_id: " ".join(errors)
        for form in entry.forms
        for name, errors in form.errors.items()
        if name in form.fields
    }
    return JsonResponse(answer)


def _receive(request, entry, token):
    """Keep what was sent and, if asked, send it on. Returns a redirect, or None where the page has to ask."""
    do = request.POST.get("do")
    use = _person(request, request.POST.get("use_person", ""))
    with transaction.atomic():
        fresh = entry.submission is None
        submission = _keep(entry, token=token, use_person=use)
        good = submission is not None and not entry.has_errors
        sends = good and use is None and do in SENDS
        if sends and is_unchanged(submission):
            entry.main.refuse(
                "note",
                _("Belum ada yang diubah sejak dikembalikan. Perbaiki, atau tulis alasannya di sini."),
            )
            sends = False
        went = sends and entry.send()
        if fresh and submission and do in SENDS and not went and entry.kind in ("close", "reopen"):
            transaction.set_rollback(True)  # a closing that cannot be sent is no draft worth keeping
            entry.submission = None
    wrong = [f"{form[n].label}" for form in entry.forms for n in form.errors if n in form.fields]
    if submission is not None and entry.submission is not None:
        _remember(request, entry)
    if do == "find":
        entry.people_found = _people_found(request, entry)
        return None
    if submission is not None and use is not None and wrong:
        messages.warning(request, _("Belum tersimpan, perlu diisi ulang: %s.") % ", ".join(wrong))
    elif not good:
        if do in SENDS:
            entry.ask_for_missing()
        elif submission is None and not entry.has_errors:
            entry.main.refuse(None, _("Belum ada yang diisi."))
        return None
    if use is not None:
        messages.success(request, _("Pemiliknya sekarang %s. Periksa, lalu kirim.") % use.name)
        return redirect(_address(entry) + "#bagian-pemilik")
    if do not in SENDS:
        messages.success(request, _("Draf tersimpan %s.") % moment(timezone.now()))
        return redirect(_address(entry))
    return _after_sending(request, submission, entry.back, again=do == "again") if went else None


def _after_sending(request, submission, back, *, again):
    """Say what happens next and offer the next one: of the same place, or of the same owner."""
    said = _("Terkirim: %s. %s") % (submission.title or _("tanpa nama"), next_step(submission))
    links = [back] if back[0] else []
    if submission.kind != "register":
        messages.success(request, _with_links(said, links))
        return redirect(submission)
    new = reverse("submission-new")
    if again:
        messages.success(request, _("%s Isian berikutnya memakai kelurahan, RT dan RW yang sama.") % said)
        return redirect(f"{new}?{urlencode({'setelah': submission.uuid})}")
    owner = next((i["uuid"] for i in submission.items if i["kind"] == "owner" and i["op"] == "add"), None)
    links.append((f"{new}?{urlencode({'setelah': submission.uuid})}", _("Tambah usaha lain")))
    if owner:
        query = urlencode({"setelah": submission.uuid, "pemilik": owner})
        links.insert(-1, (f"{new}?{query}", _("Tambah usaha untuk pemilik ini")))
    messages.success(request, _with_links(said, links))
    return redirect(submission)


def _with_links(said, links):
    if not links:
        return said
    html = format_html_join(" ", '<a class="d-inline-block py-2 me-3" href="{}">{}</a>', links)
    return format_html("{}<br>{}", said, html)


def _people_found(request, entry):
    """Persons for "cari orang yang sudah tercatat", the way without JavaScript."""
    text = request.POST.get("person_query", "")[:120]
    place = str(entry.main.typed("kelurahan") or "") if "kelurahan" in entry.main.fields else ""
    return told_apart(people_offers(text, request.user, place), request.user)


def _what_was_kept(entry, files):
    """What was saved of a page that came back, and what has to be given again; only what is true."""
    if entry.people_found is not None:
        return ""
    nothing = entry.conflict or entry.submission is None
    said = [_("Isian lain sudah tersimpan.")]
    if entry.conflict:
        said = []
    elif nothing:
        said = [_("Belum ada yang disimpan, tetapi yang Anda ketik masih ada di bawah.")]
    if any("nik" in row.errors or (nothing and row.retyped_nik()) for row in entry.rows["owner"]):
        said.append(_("NIK perlu diketik ulang."))
    if entry.main.errors.keys() & {"photos", "camera"}:
        said.append(_("Pilih ulang foto yang salah."))
    elif nothing and files:
        said.append(_("Foto perlu dipilih ulang."))
    return " ".join(said)


def _back(business):
    return business.get_absolute_url() if business else reverse("submission-mine")


def _uuid(text):
    try:
        return uuids.UUID(str(text)) if text else None
    except ValueError:
        return None


def _sent_before(request):
    """The submission named by `?setelah=`, or None: a page without it is as good."""
    identity = _uuid(request.GET.get("setelah", ""))
    return Submission.objects.visible_to(request.user).filter(uuid=identity).first() if identity else None


def _person(request, text, *, or_none=False):
    """The person named in the address or by a button, in reach; None when nobody is named."""
    if not text:
        return None
    identity = _uuid(text)
    if identity is None:
        raise Http404
    person = Person.objects.visible_to(request.user).select_related("domicile").filter(uuid=identity).first()
    if person is None and not or_none:
        raise Http404
    return person
