"""Taking a decision back: a submission that reverses another, and proposing again what was turned down."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from registry.businesses import fields
from registry.businesses.belongings import Consent
from registry.businesses.choices import OperatingState
from registry.businesses.models import Ownership
from registry.submissions.actions import propose
from registry.submissions.bases import MODELS, belongings_today, without_kept
from registry.submissions.difference import note_key
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_text, mask_long_digits

OPPOSITE = {"register": "close", "close": "reopen", "reopen": "close", "change": "change", "move": "move"}


def reversal_of(submission):
    """What taking an approved submission back would do: (kind, values, items, left).

    `values` {field: JSON} and `items` put back what is still as it was applied; `left` {key: why} names
    what cannot go back by itself: it changed again since, or is taken back by an act of its own.
    """
    business, kind = submission.business, OPPOSITE[submission.kind]
    if kind in ("close", "reopen"):
        closed = business.operating_state == OperatingState.CLOSED
        if closed == (kind == "close"):
            return kind, {}, [], {"operating_state": _("Keadaannya sudah diubah lagi.")}
        return kind, {"operating_state": "closed" if kind == "close" else "active"}, [], {}
    values, left, kept = {}, {}, _kept(submission)
    today = fields.current_values(business, submission.values)
    for name, (base, applied) in submission.values.items():
        if name in kept:
            continue
        if today[name] == applied and base != applied:
            values[name] = base
        elif today[name] != base:
            left[name] = _("Sudah diubah lagi sesudahnya.")
    items = []
    for item in without_kept(submission.items, kept):
        back, why = _back(item, submission)
        if back:
            items.append(back)
        if why:
            left[note_key(item["kind"], item["uuid"])] = why
    return kind, values, items, left


def _kept(submission):
    """What the reviewer left as it was while approving: never applied, so there is nothing to take back."""
    approved = AuditEntry.objects.filter(
        act="submission.approved", target_type="submission", target_id=str(submission.pk)
    ).first()
    return set(approved.detail.get("kept") or ()) if approved else set()


def _back(item, submission):
    """(the item that undoes `item`, "") or (None, why it cannot be undone)."""
    business = submission.business
    kind, op, identity = item["kind"], item["op"], item["uuid"]
    if kind == "consent":
        given = Consent.objects.current().filter(business=business, uuid=identity).exists()
        return None, _("Persetujuan diakhiri dengan tombol tarik di halaman usaha.") if given else ""
    if kind == "owner":
        return _owner_back(item, submission)
    now = belongings_today([item | {"op": "change"}]).get((kind, identity))
    if op == "add":
        if now is None:
            return None, ""  # ended already
        if any(now.get(n) != v for n, v in item["values"].items() if n != "attachment"):
            return None, _("Sudah diubah lagi sesudahnya.")
        return {"op": "end", "kind": kind, "uuid": identity, "values": {}}, ""
    if op == "end":
        if kind == "photo" or "base" not in item:
            return None, _("Tambahkan lagi sendiri; yang lama sudah diakhiri.")
        return {"op": "add", "kind": kind, "uuid": str(uuid4()), "values": item["base"]}, ""
    if now is None or "base" not in item:
        return None, _("Sudah diubah lagi sesudahnya.")
    values = {n: v for n, v in item["base"].items() if now[n] == item["values"].get(n) and now[n] != v}
    moved = [n for n, v in item["base"].items() if now[n] not in (v, item["values"].get(n))]
    back = {"op": "change", "kind": kind, "uuid": identity, "values": values} if values else None
    return back, _("Sebagian sudah diubah lagi sesudahnya.") if moved else ""


def _owned_before(item, submission):
    """Whether an earlier decision had made this person an owner already, so that this one added nobody."""
    earlier = Submission.objects.filter(
        business=submission.business, status=Submission.Status.APPROVED, decided_at__lt=submission.decided_at
    ).order_by("decided_at", "pk")
    owner = False
    for other in earlier.only("items"):
        for theirs in other.items:
            if (theirs["kind"], theirs["uuid"]) == ("owner", item["uuid"]) and theirs["op"] != "change":
                owner = theirs["op"] == "add"
    return owner


def _owner_back(item, submission):
    business = submission.business
    rows = Ownership.objects.filter(business=business, person__uuid=item["uuid"]).order_by("-pk")
    last = rows.first()
    owns = last is not None and last.ended_on is None
    if item["op"] == "add":
        if owns and _owned_before(item, submission):
            return None, _("Orang ini sudah menjadi pemilik sebelum keputusan ini.")
        values = {"op": "end", "kind": "owner", "uuid": item["uuid"], "values": {}}
        return (values, "") if owns else (None, "")
    if item["op"] == "end":
        if owns or last is None:
            return None, ""
        role = {"role": last.role}
        return {"op": "add", "kind": "owner", "uuid": item["uuid"], "values": role}, ""
    return None, _("Data orang diperbaiki lewat perubahan data, supaya usahanya yang lain ikut benar.")


@transaction.atomic
def reverse(submission, *, by, reason, submit=True):
    """Propose to take an approved submission back; another person decides, as about every proposal.

    Returns the new submission, whose `reverses` names the old one. Raises Refused: reason-missing,
    not-approved, reversed-already, nothing-to-reverse, and what `propose` refuses.
    """
    reason = clean_text(mask_long_digits(reason or ""))
    if not reason:
        raise Refused(
            "reason-missing",
            _("Tulis mengapa keputusan ini dibalikkan."),
            fields={"reason": _("Isian ini wajib.")},
        )
    submission.lock()
    if submission.status != Submission.Status.APPROVED:
        raise Refused("not-approved", _("Hanya yang sudah disetujui yang dapat dibalikkan."))
    kind, values, items, _left = reversal_of(submission)
    if not values and not items:
        raise Refused("nothing-to-reverse", _("Tidak ada yang masih seperti saat disetujui."))
    try:
        with transaction.atomic():
            return propose(
                kind=kind,
                by=by,
                business=submission.business,
                values=values,
                items=items,
                note=_("Membalikkan keputusan: %s") % reason,
                reverses=submission,
                submit=submit,
            )
    except IntegrityError as error:
        if Submission.objects.filter(reverses=submission).exists():
            raise Refused(
                "reversed-already", _("Sudah ada usulan untuk membalikkan keputusan ini.")
            ) from error
        raise
    except ValidationError as error:
        messages = {name: " ".join(told) for name, told in error.message_dict.items()}
        raise Refused("nothing-to-reverse", " ".join(messages.values()), fields=messages) from error


@transaction.atomic
def propose_again(submission, *, by):
    """A new draft with the contents of one that was rejected or withdrawn; its photos are chosen anew.

    Raises Refused: not-turned-down, in-batch, and what `propose` refuses.
    """
    if submission.batch_id:
        raise Refused("in-batch", _("Data ini bagian dari kumpulan; buat usulan baru dari halaman usahanya."))
    if submission.status not in (Submission.Status.REJECTED, Submission.Status.WITHDRAWN):
        raise Refused("not-turned-down", _("Hanya yang ditolak atau ditarik yang dapat diajukan lagi."))
    items = []
    for item in submission.items:
        if item["kind"] == "photo" and item["op"] == "add":
            continue
        fresh = {"uuid": str(uuid4())} if item["op"] == "add" and item["kind"] in MODELS else {}
        items.append({n: item[n] for n in ("op", "kind", "uuid", "values")} | fresh)
    return propose(
        kind=submission.kind,
        by=by,
        business=submission.business if submission.business_id else None,
        values={name: pair[1] for name, pair in submission.values.items()},
        items=items,
        sealed=submission.unsealed(),
        note=submission.note,
    )
