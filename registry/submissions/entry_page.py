"""The entry page in its kinds: a business filled in, kept as a draft and sent."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from registry.businesses.models import Business
from registry.people.models import Person
from registry.submissions.actions import likely_same
from registry.submissions.entry import Entry
from registry.submissions.layout import loose_notes, sections
from registry.submissions.models import Submission
from registry.submissions.wording import what_happens_next
from umkm_portal.lib.formats import moment

PROPOSE = "registry.propose_submission"
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
    """A business that is not recorded yet, perhaps of an owner who is (`?pemilik=<uuid>`)."""
    person = _person(request, request.GET.get("pemilik", ""))
    token = _uuid(request.POST.get("token"))
    if token and (already := Submission.objects.visible_to(request.user).filter(uuid=token).first()):
        # the same page sent again, after the answer was lost on the way
        if not already.may_edit(request.user):
            return redirect(already)
        return _entry_page(request, kind="register", submission=already, resent=True)
    return _entry_page(request, kind="register", person=person, token=token or uuids.uuid4())


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def submission_for_business(request, uuid, kind):
    """A change of a recorded business, its move, its closing or its reopening."""
    business = get_object_or_404(
        Business.objects.visible_to(request.user).select_related("kelurahan__parent", "kbli", "subsector"),
        uuid=uuid,
    )
    return _entry_page(request, kind=kind, business=business)


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
        return redirect(submission)
    return _entry_page(request, kind=submission.kind, business=submission.business, submission=submission)


def _entry_page(request, *, kind, business=None, submission=None, person=None, token=None, resent=False):
    sent = request.method == "POST"
    entry = Entry(
        request.user,
        kind=kind,
        business=business,
        submission=submission,
        person=person,
        data=request.POST if sent else None,
        files=request.FILES if sent else None,
    )
    if sent:
        if not resent and request.POST.get("stamp", "") != entry.stamp():
            entry.conflict = True
        elif answer := _receive(request, entry, token):
            return answer
    saved = entry.submission
    found = sections(entry)
    return render(
        request,
        "registry/submissions/entry.html",
        {
            "entry": entry,
            "title": TITLES[kind],
            "kind": kind,
            "business": business,
            "submission": saved,
            "action": reverse("submission-edit", args=[saved.uuid]) if saved else request.get_full_path(),
            "token": token,
            "sections": found,
            "done": sum(s.done for s in found),
            "total": sum(s.total for s in found),
            "missing": [(s.title, f"#{s.anchor}") for s in found if s.missing and s.done < s.total],
            "notes": loose_notes(entry, found),
            "kept": _what_was_kept(entry) if sent else "",
            "same": likely_same(saved, request.user) if saved else [],
            "known_person": entry.known_person,
            "back_url": saved.get_absolute_url() if saved else _back(business),
        },
    )


def _receive(request, entry, token):
    """Keep what was sent and, if asked, send it on. Returns a redirect, or None where the page has to ask."""
    use = _person(request, request.POST.get("use_person", ""))
    submission = entry.keep(token=token, use_person=use)
    wrong = [f"{form[n].label}" for form in entry.forms for n in form.errors if n in form.fields]
    if submission is not None and use is not None and wrong:
        messages.warning(request, _("Belum tersimpan, perlu diisi ulang: %s.") % ", ".join(wrong))
    elif submission is None or entry.has_errors:
        if request.POST.get("do") == "send":
            entry.ask_for_missing()
        return None
    if use is not None:
        messages.success(request, _("Pemiliknya sekarang %s. Periksa, lalu kirim.") % use.name)
        return redirect("submission-edit", submission.uuid)
    if request.POST.get("do") != "send":
        messages.success(request, _("Draf tersimpan %s.") % moment(timezone.now()))
        return redirect("submission-edit", submission.uuid)
    if not entry.send():
        return None
    messages.success(
        request, _("Terkirim: %s. %s") % (submission.title or _("tanpa nama"), what_happens_next(submission))
    )
    return redirect(submission)


def _what_was_kept(entry):
    if entry.conflict:
        return _("Belum ada yang disimpan. Yang Anda ketik masih ada di bawah; bandingkan, lalu simpan lagi.")
    said = [_("Isian lain sudah tersimpan.")]
    if entry.submission is None:
        said = [_("Belum ada yang disimpan, tetapi yang Anda ketik masih ada di bawah.")]
    if any(
        "nik" in row.errors or (entry.submission is None and row.retyped_nik()) for row in entry.rows["owner"]
    ):
        said.append(_("NIK perlu diketik ulang."))
    if entry.main.errors.keys() & {"photos", "camera"}:
        said.append(_("Pilih ulang foto yang salah."))
    return " ".join(said)


def _back(business):
    return business.get_absolute_url() if business else reverse("submission-mine")


def _uuid(text):
    try:
        return uuids.UUID(str(text)) if text else None
    except ValueError:
        return None


def _person(request, text):
    """The person named in the address or by a button, in reach; None when nobody is named."""
    if not text:
        return None
    identity = _uuid(text)
    if identity is None:
        raise Http404
    return get_object_or_404(
        Person.objects.visible_to(request.user).select_related("domicile"), uuid=identity
    )
