"""The history of one business in plain words: who, when, from where, what changed, decided and why.

Read from the audit trail; what changed comes from the submissions it names. The number of queries does
not grow with the number of lines.
"""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from registry.businesses import cleaning
from registry.businesses.belongings import Consent, Licence, Product
from registry.businesses.columns import PERSON, Sight
from registry.businesses.models import Ownership
from registry.people.models import Person
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions import changes
from registry.submissions.difference import Names, item_label, label_of, note_key
from registry.submissions.display import hidden_fields
from registry.submissions.models import Submission
from registry.submissions.wording import ACTS, CONSENTS, HOW, KINDS, unattended
from umkm_portal.lib.formats import day

READ = "registry.view_submission"
SENT, APPROVED, MADE = "submission.submitted", "submission.approved", "submission.proposed"
UNFINISHED = (MADE, "submission.edited")  # steps of filling in, which only its readers see
PHONES = {"phone", "phone_of", "phone_other", "email"}
SHOWN = 6  # changes told at once; the others fold away
FIRST_FACTS = ("name", "activity", "kelurahan", "kbli", "subsector")  # what a registration is told by


def entries_about(business, user):
    """Audit lines about `business` that `user` may read, unordered, without drafts that are not theirs."""
    rows = AuditEntry.objects.filter(about=business.uuid).select_related("recorded_by")
    if not user.has_perm(READ):
        return rows.filter(target_type="business")  # acts on the business itself; no notes of reviewers
    about = Submission.objects.filter(business_uuid=business.uuid)
    drafts = about.filter(status=Submission.Status.DRAFT)
    hidden = drafts.exclude(pk__in=Submission.objects.visible_to(user).filter(pk__in=drafts).values("pk"))
    pks = [str(pk) for pk in hidden.values_list("pk", flat=True)]
    return rows.exclude(target_type="submission", target_id__in=pks) if pks else rows


def told(entries, business, user):
    """`entries` (newest first) as rows for partials/history.html: dictionaries with title, text, by, at,
    url, source, changes, more (those folded away), notes and linked submissions.

    Several edits in a row by one person are told once, and so are filling in and sending; what changed is
    told where it was decided, or where it was sent last while it waits.
    """
    entries = list(entries)
    ids = {e.target_id for e in entries if e.target_type == "submission"}
    readable = {}
    if ids and user.has_perm(READ):
        rows = Submission.objects.visible_to(user).filter(pk__in=ids)
        rows = rows.select_related("batch", "reverses").prefetch_related("reversed_by")
        readable = {str(row.pk): row for row in rows}
    teller = Teller(business, user, list(readable.values()))
    found, last, explained = [], None, set()
    for entry in entries:
        mark = (entry.act, entry.target_id, entry.recorded_by_id)
        if entry.act == "submission.edited" and mark == last:
            continue
        if entry.act == MADE and last == (SENT, *mark[1:]) and found:
            # filled in and sent in one go: one line
            found[-1]["title"] = found[-1]["title"].replace(str(ACTS[SENT]), _("Diisi dan dikirim"), 1)
            continue
        last = mark
        submission = readable.get(entry.target_id) if entry.target_type == "submission" else None
        if submission is None and entry.act in UNFINISHED:
            continue  # filled in by somebody for another kelurahan, before this reader's day
        row = _row(entry, submission, teller)
        if submission and submission.pk not in explained and _explains(entry.act, submission):
            explained.add(submission.pk)
            listed = teller.changes_of(submission, set((entry.detail or {}).get("kept", ())))
            row["changes"], row["more"] = listed[:SHOWN], listed[SHOWN:]
        found.append(row)
    return found


def _explains(act, submission):
    """Whether what a submission changes is told at this line."""
    return act == {
        Submission.Status.APPROVED: APPROVED,
        Submission.Status.DRAFT: MADE,
    }.get(submission.status, SENT)


# ---- one line --------------------------------------------------------------------------------------------


def _row(entry, submission, teller):
    detail, act = entry.detail or {}, entry.act
    by = entry.recorded_by.name if entry.recorded_by else unattended(act)
    return {
        "title": _title(act, detail, submission),
        "text": _text(act, detail, submission),
        "by": by,
        "at": entry.recorded_at,
        "url": submission.get_absolute_url() if submission else "",
        "source": _source(act, submission),
        "notes": teller.notes_of(submission, detail) if submission else [],
        "links": _links(act, submission),
        "changes": [],
        "more": [],
    }


def _title(act, detail, submission):
    title = str(ACTS.get(act, _("Perubahan tercatat")))
    kind = detail.get("kind") or (submission.kind if submission else "")
    if act not in (SENT, APPROVED, MADE, "submission.rejected"):
        return title
    if submission is not None and submission.reverses_id:
        return f"{title}: {_('pembalikan keputusan')}"
    return f"{title}: {KINDS[kind]}" if kind in KINDS else title


def _text(act, detail, submission):
    """The reason or the circumstances, without what `changes` and `notes` tell."""
    if act in ("submission.returned", "submission.rejected", "submission.move-declined"):
        return detail.get("reason", "") if submission is not None else ""
    if act == APPROVED:
        said = []
        if detail.get("rule"):
            said.append(_("Koreksi ringan, disetujui menurut aturan."))
        if detail.get("mended"):
            said.append(_("Disetujui dengan perbaikan."))
        if detail.get("together"):
            said.append(_("Disetujui bersama data lain yang tanpa peringatan."))
        if submission is not None and submission.reason:
            said.append(submission.reason)
        return " ".join(said)
    if act == "tip.dismissed":
        return detail.get("reason", "")
    if act == SENT and submission is not None:
        return submission.note
    if act.endswith("-verified") and detail.get("how") in HOW:
        return _("Lewat %s.") % HOW[detail["how"]]
    if act == "consent.withdrawn" and detail.get("group") in CONSENTS:
        return _("Untuk %s. Langsung tidak tampil lagi.") % CONSENTS[detail["group"]]
    if act.startswith("business.") and (detail.get("on") or detail.get("reason") or detail.get("note")):
        dated = _("Per %s.") % day(detail["on"]) if detail.get("on") else ""
        return " ".join(filter(None, [dated, detail.get("note", ""), detail.get("reason", "")]))
    return ""


def _source(act, submission):
    """Which way the data came in: the page, the API, a list by its title, a link. Told where it came in,
    and of a list again where it was decided."""
    if submission is None or act not in (SENT, APPROVED, MADE):
        return ""
    if submission.batch_id:
        if submission.batch.kind == "bulk":
            return _("dari perubahan massal “%s”") % submission.batch.title
        return _("dari unggahan “%s”") % submission.batch.title
    if act == APPROVED:
        return ""
    return {
        "page": _("lewat halaman isian"),
        "api": _("lewat API"),
        "import": _("dari unggahan Excel"),
        "tip": _("dari laporan masyarakat"),
        "owner_link": _("lewat tautan pemilik"),
    }.get(submission.source, "")


def _links(act, submission):
    """[(words, address)] of the decision a submission takes back, and of those that take it back."""
    if submission is None or act not in (SENT, APPROVED):
        return []
    found = []
    if submission.reverses_id:
        found.append((_("Keputusan yang dibalikkan"), submission.reverses.get_absolute_url()))
    if act == APPROVED:
        found += [
            (_("Dibalikkan kemudian"), other.get_absolute_url())
            for other in submission.reversed_by.all()
            if other.status == Submission.Status.APPROVED
        ]
    return found


# ---- what changed ----------------------------------------------------------------------------------------


class Teller:
    """Tells the changes of some submissions to one reader; reads the names behind their codes once."""

    def __init__(self, business, user, submissions):
        self.user, self.business = user, business
        self.sees_people = Sight(user).may(PERSON, business)
        items = [item for s in submissions for item in s.items]
        self.names = _names(submissions)
        self.labels = _labels(items)
        self.people = _people({i["uuid"] for i in items if i["kind"] == "owner"}, business, user)

    def hidden_of(self, submission):
        hidden = hidden_fields(submission, self.user)
        return hidden if self.sees_people else hidden | PHONES

    def changes_of(self, submission, kept=frozenset()):
        """[changes.Change]; a registration is told by its first facts and the number of the others."""
        hidden = self.hidden_of(submission)
        if submission.kind == Submission.Kind.REGISTER:
            values = {n: v for n, v in submission.values.items() if n in FIRST_FACTS}
            found = changes.of_values(values, self.names, hidden=hidden, mends=submission.mends)
            owners = [i for i in submission.items if i["kind"] == "owner"]
            found += self._of_items(owners, hidden, submission, kept)
            others = len(submission.values) - len(values)
            others += sum(i["kind"] != "owner" for i in submission.items)
            if others > 0:
                found.append(changes.Change(_("Lainnya"), "", _("%d isian lain") % others))
            return found
        found = changes.of_values(
            submission.values, self.names, hidden=hidden, mends=submission.mends, kept=kept
        )
        return found + self._of_items(submission.items, hidden, submission, kept)

    def _of_items(self, items, hidden, submission, kept):
        found = []
        for item in items:
            if item["kind"] == "owner":
                person = self.people.get(item["uuid"])
                found += changes.of_owner(
                    item,
                    self.names,
                    person,
                    hidden=hidden,
                    sees_people=self.sees_people,
                    joins=submission.kind != "register",
                )
                continue
            found += changes.of_item(
                item,
                self.names,
                self.labels.get(item["uuid"], ""),
                hidden=hidden,
                mends=submission.mends,
                kept=kept,
            )
        return found

    def label_of(self, key, submission):
        """What a `difference.note_key` of one of its items names, "" for a field."""
        for item in submission.items:
            if note_key(item["kind"], item["uuid"]) == key:
                label, stored = item_label(item, self.names), self.labels.get(item["uuid"], "")
                person = self.people.get(item["uuid"])
                told = person.name if person else stored or item["values"].get("name", "")
                return f"{label} {told}" if told and told != label else label
        return ""

    def notes_of(self, submission, detail):
        """The reviewer's notes [(label, text)], without those on fields this reader may not see."""
        hidden = self.hidden_of(submission)
        found = []
        for key, text in (detail.get("notes") or {}).items():
            kind, inner = key.partition(".")[0], key.rpartition(".")[2]
            if {key, f"{kind}.{inner}"} & hidden or (kind == "owner" and not self.sees_people):
                continue
            found.append((label_of(key, submission.items, self.names), text))
        return found


def _names(submissions):
    """difference.Names of every code that these submissions hold, before or after: three queries at most."""
    texts, slugs = set(), False
    for submission in submissions:
        sides = [v for pair in submission.values.values() for v in pair]
        sides += [v for pair in (submission.mends or {}).values() for v in pair]
        for item in submission.items:
            sides += [item["values"].get("domicile"), item.get("base", {}).get("domicile")]
        texts |= {v for v in sides if isinstance(v, str) and v}
        slugs = slugs or bool({"subsector", "other_subsectors"} & set(submission.values))
    codes = {t for t in texts if cleaning.REGION.match(t)}
    keys = {t for t in texts if cleaning.KBLI.match(t)}
    regions = Region.objects.filter(code__in=codes).select_related("parent") if codes else ()
    kbli = Kbli.objects.filter(code__in={k.split(":")[1] for k in keys}) if keys else ()
    return Names(
        regions={r.code: r.place for r in regions},
        kbli={k.key: k.title for k in kbli},
        subsectors=dict(Subsector.objects.values_list("slug", "name")) if slugs else {},
    )


def _labels(items):
    """{uuid: words} of belongings that a change or an end names by uuid only, those ended included."""
    found = {}
    for kind, model, name in (
        ("licence", Licence, "get_kind_display"),
        ("product", Product, "name"),
        ("consent", Consent, "get_group_display"),
    ):
        wanted = {i["uuid"] for i in items if i["kind"] == kind and i["op"] != "add"}
        for row in model.objects.filter(uuid__in=wanted) if wanted else ():
            told_by = getattr(row, name)
            found[str(row.uuid)] = str(told_by() if callable(told_by) else told_by)
    return found


def _people(identities, business, user):
    """{uuid: changes.Known} of owners the registry knows: by name when they are in the reader's sight or
    own or owned this business, with details only in sight."""
    if not identities:
        return {}
    here = Ownership.objects.filter(business=business, person=OuterRef("pk"))
    in_sight = Person.objects.visible_to(user).filter(pk=OuterRef("pk"))
    rows = Person.objects.filter(uuid__in=identities).annotate(here=Exists(here), seen=Exists(in_sight))
    return {
        str(person.uuid): changes.Known(
            name=person.name if person.here or person.seen else "", in_sight=person.seen
        )
        for person in rows.only("uuid", "name")
    }
