"""The page of one business for staff: its facts, what is proposed about it, and its history.

It stands in this room because it shows submissions, which businesses know nothing of.
"""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import requires
from registry.businesses import choices, columns, fields
from registry.businesses.belongings import Consent, Licence
from registry.businesses.columns import MONEY, PERSON, Sight
from registry.businesses.derived import computed_scale
from registry.businesses.forms import ConfirmForm, VerifyForm
from registry.businesses.models import Business, Ownership
from registry.businesses.public import with_public_parts
from registry.people import disclosures
from registry.regions.access import reach
from registry.submissions import history
from registry.submissions.difference import Names, words
from registry.submissions.earlier import earlier_days
from registry.submissions.models import Submission
from umkm_portal.lib.formats import UNKNOWN, day, phone, rt_rw
from umkm_portal.lib.statuses import status_of

HISTORY = 15  # newest lines of the timeline; the whole stands on its own page
WAITING = 10  # open proposals named on top
PLACE = ("address", "stall", "place_kind")
CONTACT = ("website", "instagram", "marketplace", "opening_hours")
WORK = ("activity", "description", "kbli", "subsector", "other_subsectors", "sector_told", "legal_form")
EXPECTED = (  # what a complete record holds, beyond what a registration asks for
    "activity", "kelurahan", "rt", "rw", "address", "place_kind", "phone", "kbli", "subsector",
    "founded_year", "workers", "scale",
)  # fmt: skip


@requires("registry.view_business")
@require_safe
def business_detail(request, identity):
    """Everything `request.user` may know of a business in reach."""
    user = request.user
    rows = with_public_parts(Business.objects.visible_to(user)).select_related(
        "existence_verified_by", "identity_verified_by"
    )
    owners = Ownership.objects.select_related("person").order_by("ended_on", "pk")
    business = get_object_or_404(
        rows.prefetch_related(
            Prefetch("ownerships", owners, to_attr="all_owners"),
            Prefetch("licences", Licence.objects.current().order_by("kind", "pk"), to_attr="legal"),
            Prefetch("consents", Consent.objects.order_by("group", "-given_on", "-pk"), to_attr="agreed"),
            "scales",
        ),
        uuid=identity,
    )
    sight = Sight(user)
    owners = [o for o in business.all_owners if not o.ended_on] if sight.may(PERSON, business) else []
    if request.method == "GET" and owners:
        disclosures.note([o.person for o in owners], by=user, how="business")
    lines = list(history.entries_about(business, user).order_by("-pk")[: HISTORY + 1])
    return render(
        request,
        "registry/businesses/business_detail.html",
        {
            "business": business,
            "place": columns.place(business),
            "facts": facts(business, sight),
            "owners": owners,
            "former": [o for o in business.all_owners if o.ended_on] if owners else [],
            "sees_people": sight.may(PERSON, business),
            "recognition": [mark for mark in recognition(business) if mark["on"]],
            "unrecognised": [mark["label"] for mark in recognition(business) if not mark["on"]],
            "concerns": concerns(business),
            "consents": consents(business),
            "missing": [fields.BUSINESS[n].label for n in EXPECTED if _lacks(business, n)],
            "expected": len(EXPECTED),
            "is_public": Business.objects.public().filter(pk=business.pk).exists(),
            "open_submissions": _waiting(user, business),
            "timeline": history.told(lines[:HISTORY], business, user),
            "more_history": len(lines) > HISTORY,
            "earlier": earlier_days(business),
            "acts": acts(user, business, owners),
            "confirm_form": ConfirmForm(auto_id="aktif-%s"),
            "verify_form": VerifyForm(auto_id="verifikasi-%s"),
            "stale": columns.is_stale(business),
        },
    )


# ---- facts -----------------------------------------------------------------------------------------------


def facts(business, sight):
    """Groups of {"heading", "known": [(label, words)], "unknown": [label]}: the missing is named once."""
    names = Names(
        kbli={f"{business.kbli.version}:{business.kbli.code}": business.kbli.title} if business.kbli else {},
        subsectors={s.slug: s.name for s in (business.subsector, *business.other_subsectors.all()) if s},
    )

    def told(*wanted):
        return [
            (spec.label, words(spec, fields.column_value(business, spec.name), names))
            for spec in map(fields.BUSINESS.__getitem__, wanted)
        ]

    founded = day(business.founded_on) if business.founded_on else business.founded_year
    point = f"{business.latitude}, {business.longitude}" if business.latitude is not None else ""
    groups = [
        (
            _("Kegiatan"),
            [
                *told(*WORK),
                (_("Berdiri"), founded),
                *(told("season_months") if business.season_months else []),
            ],
        ),
        (
            _("Tempat"),
            [
                (_("Kelurahan"), business.kelurahan.place if business.kelurahan else ""),
                ("RT/RW", rt_rw(business.rt, business.rw)),
                *told(*PLACE),
                (_("Titik lokasi"), point),
            ],
        ),
        (_("Kontak"), [*_phones(business, sight, told), *told(*CONTACT)]),
        (_("Skala dan tenaga kerja"), _size(business, sight)),
    ]
    return [
        {
            "heading": heading,
            "known": [(label, text) for label, text in rows if text not in ("", None, UNKNOWN)],
            "unknown": [label for label, text in rows if text in ("", None, UNKNOWN)],
        }
        for heading, rows in groups
    ]


def _phones(business, sight, told):
    if not sight.may(PERSON, business):
        return []
    number = phone(business.phone) if business.phone else ""
    if number and business.phone_of:
        number = f"{number} ({business.get_phone_of_display().lower()})"
    return [(_("Telepon/WhatsApp"), number), *told("phone_other", "email")]


def _size(business, sight):
    scale = business.get_scale_display()
    if scale:
        scale = _("%(scale)s, dasar %(basis)s") % {
            "scale": scale,
            "basis": business.get_scale_basis_display().lower(),
        }
        scale += f", {day(business.scale_on)}" if business.scale_on else ""
    rows = [
        (_("Skala UMKM"), scale),
        (_("Kelas industri"), business.get_industry_class_display()),
        (_("Tenaga kerja"), columns.workers(business)),
    ]
    if sight.may(MONEY, business):
        turnover = columns.yearly_turnover(business)
        if business.turnover_is_estimate:
            turnover = _("%s (perkiraan)") % turnover
        rows += [
            (_("Omzet/tahun"), turnover),
            (_("Omzet, seperti disebut"), business.turnover_told),
            (_("Modal usaha"), columns.capital(business)),
            (
                _("Nilai investasi"),
                words(fields.BUSINESS["investment_idr"], business.investment_idr, Names()),
            ),
        ]
    return rows


def _lacks(business, name):
    if name == "founded_year":
        return not (business.founded_on or business.founded_year)
    if name == "workers":
        return business.workers is None and not business.workers_told
    return not getattr(business, f"{name}_id" if name in ("kelurahan", "kbli", "subsector") else name)


def recognition(business):
    """The separate marks, never one ladder: [{"key", "label", "on", "text"}]."""

    def checked(at, by, how):
        if not at:
            return ""
        return _("%(day)s, %(by)s, lewat %(how)s") % {"day": day(at), "by": by, "how": how.lower()}

    legal = columns.licences(business)
    marks = [
        {"key": "recorded", "on": True, "text": day(business.recorded_at)},
        {
            "key": "verified_existence",
            "on": bool(business.existence_verified_at),
            "text": checked(
                business.existence_verified_at,
                business.existence_verified_by,
                business.get_existence_verified_how_display(),
            ),
        },
        {
            "key": "verified_identity",
            "on": bool(business.identity_verified_at),
            "text": checked(
                business.identity_verified_at,
                business.identity_verified_by,
                business.get_identity_verified_how_display(),
            ),
        },
        {
            "key": "curated",
            "on": bool(business.curated_on),
            "text": day(business.curated_on) if business.curated_on else "",
        },
        {
            "key": "assisted",
            "on": bool(business.assisted_on),
            "text": day(business.assisted_on) if business.assisted_on else "",
        },
        {"key": "licensed", "on": bool(legal), "text": legal},
    ]
    return [mark | {"label": status_of(mark["key"]).text} for mark in marks]


def concerns(business):
    """Sentences about what the law or the record asks somebody to look at."""
    found = []
    today = timezone.localdate()
    is_food = business.subsector is not None and business.subsector.slug == "kuliner"
    settled = {choices.LicenceStatus.NON_HALAL, choices.LicenceStatus.NOT_REQUIRED}
    halal = [row for row in business.legal if row.kind == choices.LicenceKind.HALAL]
    if is_food and not business.has_halal and not any(row.status in settled for row in halal):
        found.append(
            _("Sertifikat halal belum ada. Wajib bagi pangan usaha mikro dan kecil sejak 17 Oktober 2026.")
        )
    found += [
        _("%(kind)s habis berlaku %(day)s.") % {"kind": row.get_kind_display(), "day": day(row.expires_on)}
        for row in business.legal
        if row.status == choices.LicenceStatus.HAS and row.expires_on and row.expires_on < today
    ]
    if business.kbli and business.kbli.version == "2020":
        found.append(_("Kode KBLI masih versi 2020; KBLI 2025 berlaku sejak 18 Desember 2025."))
    scale, basis = computed_scale(business, today)
    if scale and business.scale and scale != business.scale:
        found.append(
            _("Skala tercatat %(told)s, tetapi menurut %(basis)s: %(computed)s (PP 7/2021 pasal 35).")
            % {
                "told": business.get_scale_display().lower(),
                "basis": choices.ScaleBasis(basis).label.lower(),
                "computed": choices.Scale(scale).label.lower(),
            }
        )
    if business.name_has_owner and not business.shows_owner_name:
        found.append(_("Nama usaha memuat nama pemilik, padahal pemilik belum setuju namanya tampil."))
    if not business.kelurahan_id:
        found.append(_("Belum ada kelurahan, jadi usaha ini hanya terlihat oleh kantor kota."))
    return found


def consents(business):
    """One row for each group: {"group", "label", "row"}; `row` is the consent in force, else None."""
    given = {row.group: row for row in reversed(business.agreed) if row.withdrawn_at is None}
    taken = {row.group: row for row in reversed(business.agreed) if row.withdrawn_at is not None}
    return [
        {"label": label, "row": given.get(group), "withdrawn": taken.get(group)}
        for group, label in choices.ConsentGroup.choices
    ]


# ---- what is going on ------------------------------------------------------------------------------------


def _waiting(user, business):
    """Drafts and open proposals about it, for those who may read submissions."""
    if not user.has_perm("registry.view_submission"):
        return []
    rows = Submission.objects.visible_to(user).filter(
        business_uuid=business.uuid, status__in=(*Submission.OPEN, Submission.Status.DRAFT)
    )
    rows = rows.defer("values", "items", "sealed", "note").select_related("proposed_by")
    return list(rows.order_by("-pk")[:WAITING])


def acts(user, business, owners):
    """Addresses of what this user may do with it here: {name: address}, without what they may not."""
    closed = business.operating_state == choices.OperatingState.CLOSED
    found = {}

    def offer(name, page, permission, *args, query=""):
        if reach(user, permission).covers(business.kelurahan_id):
            found[name] = reverse(page, args=args or [business.uuid]) + query

    offer("change", "submission-change", "registry.propose_submission")
    offer("move", "submission-move", "registry.propose_submission")
    offer("owner", "business-owner", "registry.propose_submission")
    offer(
        "reopen" if closed else "close",
        "submission-reopen" if closed else "submission-close",
        "registry.propose_submission",
    )
    if owners and reach(user, "registry.propose_submission"):
        found["another"] = f"{reverse('submission-new')}?pemilik={owners[0].person.uuid}"
    if not closed:
        offer("confirm", "business-confirm", "registry.confirm_business")
        offer("state", "business-state", "registry.propose_submission")
    offer("verify", "business-verify", "registry.verify_business")
    offer("recognise", "business-recognise", "registry.recognise_business")
    if reach(user, "registry.withdraw_consent").covers(business.kelurahan_id):
        found["withdraw"] = True
    return found
