"""Pages of acts on one business: its state, a change of owner, recognition, and its whole history."""

import uuid as uuids

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from registry.businesses import choices
from registry.businesses.belongings import Consent
from registry.businesses.models import Business, Ownership
from registry.people.filters import PersonFilter
from registry.people.models import Person
from registry.regions.access import reach
from registry.submissions import history
from registry.submissions.act_forms import OwnerForm, RecogniseForm, StateForm, UnrecogniseForm, put
from registry.submissions.actions import propose
from registry.submissions.earlier import earlier_days
from registry.submissions.entry_page import keep_note
from registry.submissions.models import Submission
from registry.submissions.next_steps import next_step
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day
from umkm_portal.lib.paging import KeysetPage
from umkm_portal.lib.statuses import status_of

PROPOSE, READ, RECOGNISE = (
    "registry.propose_submission",
    "registry.view_business",
    "registry.recognise_business",
)
PAGE = 60  # lines of the history on one page
FOUND = 8  # persons offered as the new owner
KINDS_OF_RECOGNITION = (
    ("curated", "curated_on", lazy("Lolos kurasi: mutu produknya diperiksa dan layak dipasarkan.")),
    ("assisted", "assisted_on", lazy("Didampingi dinas atau mitra dalam program pembinaan.")),
)


def _business(request, identity, permission):
    """The business under `identity` where `permission` reaches; 404 elsewhere."""
    rows = Business.objects.visible_to(request.user).select_related("kelurahan__parent", "kbli", "subsector")
    business = get_object_or_404(rows, uuid=identity)
    if not reach(request.user, permission).covers(business.kelurahan_id):
        raise Http404
    return business


def _open_about(business, user):
    """What waits about this business, for the note on top of an act's page."""
    rows = Submission.objects.visible_to(user).filter(business_uuid=business.uuid, status__in=Submission.OPEN)
    return rows.defer("values", "items", "sealed", "note").order_by("-pk")[:5]


def _send(request, form, business, **proposal):
    """Propose and send; a redirect to the submission, or None with the messages put on `form`."""
    try:
        made = propose(
            kind="change",
            by=request.user,
            business=business,
            submit=True,
            uuid=_token(request.POST.get("token")),
            **proposal,
        )
    except ValidationError as error:
        put(form, {name: " ".join(told) for name, told in error.message_dict.items()})
        return None
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        if refused.code == "already-proposed":  # the same page sent again, after its answer was lost
            return redirect("submission-mine")
        form.known_person = getattr(refused, "person", None)
        put(form, refused.fields or {"": refused.message})
        return None
    messages.success(request, _("Terkirim: %s. %s") % (business.name, next_step(made)))
    return redirect(made)


def _token(text):
    try:
        return uuids.UUID(str(text)) if text else None
    except ValueError:
        return None


# ---- state -----------------------------------------------------------------------------------------------


@requires(PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def business_state(request, identity):
    """Propose that the business is active, closed for a while, or seasonal; closing has its own page."""
    business = _business(request, identity, PROPOSE)
    known = {value for value, _label in StateForm.base_fields["operating_state"].choices}
    state = business.operating_state
    form = StateForm(
        request.POST if request.method == "POST" else None,
        initial={
            "operating_state": state if state in known else None,
            "season_months": [str(n) for n in business.season_months],
        },
    )
    if business.operating_state == choices.OperatingState.CLOSED:
        messages.info(request, _("Usaha ini tercatat tutup permanen. Ajukan buka kembali lebih dulu."))
        return redirect("submission-reopen", business.uuid)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["operating_state"] == choices.OperatingState.CLOSED:
            keep_note(request, business, form.cleaned_data["note"])
            return redirect("submission-close", business.uuid)
        answer = _send(request, form, business, values=form.values(), note=form.cleaned_data["note"])
        if answer:
            return answer
    return render(
        request,
        "registry/submissions/business_state.html",
        {
            "business": business,
            "form": form,
            "waiting": _open_about(business, request.user),
            "token": request.POST.get("token") or uuids.uuid4(),
        },
    )


# ---- owner -----------------------------------------------------------------------------------------------


@requires(PROPOSE)
@sensitive_post_parameters("nik")
@require_http_methods(["GET", "HEAD", "POST"])
def business_owner(request, identity):
    """Propose that one owner stops and another begins, as one change; the consents of the old one end."""
    business = _business(request, identity, PROPOSE)
    owners = list(
        Ownership.objects.filter(business=business, ended_on=None).select_related("person").order_by("pk")
    )
    person = _named(request)
    form = OwnerForm(request.POST if request.method == "POST" else None, owners=owners, person=person)
    form.known_person = None
    if request.method == "POST" and "use_person" not in request.POST and form.is_valid():
        answer = _send(request, form, business, **_change_of_owner(business, form))
        if answer:
            return answer
    asked = request.GET.get("q", "")
    return render(
        request,
        "registry/submissions/business_owner.html",
        {
            "business": business,
            "form": form,
            "owners": owners,
            "person": person,
            "asked": asked,
            "kept": _what_was_kept(request),
            "found": _found(asked, request.user, owners) if asked else (),
            "consents": Consent.objects.current().filter(business=business).exists(),
            "waiting": _open_about(business, request.user),
            "token": request.POST.get("token") or uuids.uuid4(),
        },
    )


def _what_was_kept(request):
    if request.POST.get("nik"):
        return _(
            "Belum ada yang dikirim. Yang Anda ketik masih ada di bawah, tetapi NIK perlu diketik ulang."
        )
    return _("Belum ada yang dikirim. Yang Anda ketik masih ada di bawah.")


def _named(request):
    """The recorded person chosen as the new owner, in the user's reach; None while nobody is chosen."""
    text = request.POST.get("use_person") or request.POST.get("person") or request.GET.get("orang")
    if not text:
        return None
    identity = _token(text)
    if identity is None:
        raise Http404
    return get_object_or_404(Person.objects.visible_to(request.user), uuid=identity)


def _found(asked, user, owners):
    """Persons of that name in reach, without those who own it already; () where nothing was understood."""
    filterset = PersonFilter({"q": asked}, Person.objects.visible_to(user))
    if not filterset.is_valid():
        return ()
    rows = filterset.qs.exclude(pk__in=[row.person_id for row in owners]).select_related("domicile")
    return rows.order_by("pk")[:FOUND]


def _change_of_owner(business, form):
    """{values, items, sealed, note} of the one change that this page proposes."""
    asked, person = form.cleaned_data, form.person
    items = [{"op": "end", "kind": "owner", "uuid": u, "values": {}} for u in asked.get("ends", [])]
    identity = str(person.uuid) if person else str(uuids.uuid4())
    told = {name: asked[name] for name in ("name", "phone", "phone_of", "nik_answer") if name in asked}
    items.append({"op": "add", "kind": "owner", "uuid": identity, "values": told | {"role": asked["role"]}})
    # They were given by who owned it then: the new owner is asked anew (UU 27/2022).
    for consent in Consent.objects.current().filter(business=business):
        items.append({"op": "end", "kind": "consent", "uuid": str(consent.uuid), "values": {}})
    values, phone = {}, person.phone if person else asked.get("phone", "")
    if asked.get("for_business") and phone and (person or asked.get("phone_of") in ("", "owner")):
        values = {"phone": phone, "phone_of": "owner"}
    note = _("Berganti pemilik sejak %s.") % day(asked["on"])
    return {
        "values": values,
        "items": items,
        "sealed": {identity: {"nik": asked["nik"]}} if asked.get("nik") else None,
        "note": f"{note} {asked['note']}".strip(),
    }


# ---- recognition -----------------------------------------------------------------------------------------


@requires(RECOGNISE)
@require_http_methods(["GET", "HEAD", "POST"])
def business_recognise(request, identity):
    """Record that the business was curated or is guided (binaan), or that this is over."""
    business = _business(request, identity, RECOGNISE)
    marks = []
    for what, column, text in KINDS_OF_RECOGNITION:
        since = getattr(business, column)
        kind = UnrecogniseForm if since else RecogniseForm
        sent = request.method == "POST" and request.POST.get("what") == what
        form = kind(request.POST if sent else None, auto_id=f"{what}-%s")
        if sent and form.is_valid() and _recognise(request, business, what, since, form):
            return redirect(business)
        marks.append({"key": what, "label": status_of(what).text, "text": text, "since": since, "form": form})
    if request.method == "POST" and request.POST.get("what") not in [mark["key"] for mark in marks]:
        messages.error(request, _("Pilih kurasi atau binaan."))
    return render(
        request, "registry/submissions/business_recognise.html", {"business": business, "marks": marks}
    )


def _recognise(request, business, what, since, form):
    """Do it. Whether it was done; otherwise the message stands on `form`."""
    try:
        if since:
            business.unrecognise(what, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Dicabut: %s.") % status_of(what).text)
        else:
            business.recognise(
                what, on=form.cleaned_data["on"], by=request.user, note=form.cleaned_data["note"]
            )
            messages.success(request, _("Dicatat: %s.") % status_of(what).text)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        put(form, refused.fields or {"": refused.message})
        return False
    return True


# ---- history ---------------------------------------------------------------------------------------------


@requires(READ)
@require_safe
def business_history(request, identity):
    """Everything that happened to one business, newest first, page by page."""
    business = get_object_or_404(
        Business.objects.visible_to(request.user).select_related("kelurahan__parent", "subsector", "kbli"),
        uuid=identity,
    )
    page = KeysetPage(request, history.entries_about(business, request.user), "-pk", PAGE)
    return render(
        request,
        "registry/submissions/business_history.html",
        {
            "business": business,
            "page": page,
            "timeline": history.told(page.rows, business, request.user),
            "newest": not page.previous_url,
            "earlier": earlier_days(business),
            "owners": _owners_of_earlier_days(business, request.user),
        },
    )


def _owners_of_earlier_days(business, user):
    """Ownerships that ended, for who may read persons here."""
    if not reach(user, "registry.view_person").covers(business.kelurahan_id):
        return []
    rows = Ownership.objects.filter(business=business, ended_on__isnull=False)
    return list(rows.select_related("person").order_by("-ended_on", "-pk")[:20])
