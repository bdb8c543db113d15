"""What a proposal of each kind may hold, and whose it may be; checked whenever one is filled."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.businesses import fields
from registry.businesses.belongings import Consent, Licence, Photo, Product
from registry.businesses.choices import OperatingState
from registry.businesses.models import Ownership
from registry.people.models import Person
from registry.regions.access import reach, serves
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from umkm_portal.lib.errors import Refused, not_found

ROWS = {"licence": Licence, "product": Product, "photo": Photo, "consent": Consent}
MOVE_FIELDS = {"kelurahan", "rt", "rw", "address", "stall", "place_kind", "latitude", "longitude"}


def check(submission, shape, *, by):
    """Refuse a shape that does not fit the submission's kind or the proposer's reach.

    Raises ValidationError({field: message}) or Refused(outside-reach, use-move, use-close, not-found).
    `by` None is a public tip or an owner's link, which has no reach to check.
    """
    _known_codes(shape)
    _whole_point(submission, shape)
    fits_kind(submission, shape)
    _own_marks(submission, shape)
    _ends_an_owner(submission, shape)
    _own_rows(submission, shape)
    if by is not None:
        _within_reach(submission, shape, by)
        _known_owners(submission, shape, by)


def _known_codes(shape):
    errors, values = {}, shape.values
    codes = {values.get("kelurahan")} | {
        i["values"].get("domicile") for i in shape.items if i["kind"] == "owner"
    }
    known = set(Region.objects.kelurahan().filter(code__in=codes - {None}).values_list("code", flat=True))
    for code in codes - {None} - known:
        name = "kelurahan" if values.get("kelurahan") == code else "owner.domicile"
        errors[name] = _("Kelurahan ini tidak ada di kota ini. Pilih dari daftar.")
    if values.get("kbli"):
        version, code = values["kbli"].split(":")
        if not Kbli.objects.filter(version=version, code=code).exists():
            errors["kbli"] = _("Kode %(code)s tidak ada di KBLI %(version)s.") % {
                "code": code,
                "version": version,
            }
    slugs = {s for s in (values.get("subsector"), *values.get("other_subsectors", ())) if s}
    if slugs - set(Subsector.objects.filter(slug__in=slugs).values_list("slug", flat=True)):
        errors["subsector"] = _("Subsektor ini tidak ada di daftar.")
    if errors:
        raise ValidationError(errors)


def _whole_point(submission, shape):
    """A point has a latitude and a longitude: what is recorded already counts for the half not named."""
    names = ("latitude", "longitude")
    if not set(names) & set(shape.values):
        return
    known = fields.current_values(submission.business, names) if submission.business_id else {}
    point = {name: shape.values.get(name, known.get(name)) for name in names}
    empty = [name for name in names if not point[name]]
    if len(empty) == 1:
        raise ValidationError({empty[0]: _("Isi lintang dan bujur bersama-sama.")})


def fits_kind(submission, shape):
    kind, business, values = submission.kind, submission.business, shape.values
    closed = OperatingState.CLOSED
    if kind in ("close", "reopen"):
        shape.values = {"operating_state": closed if kind == "close" else OperatingState.ACTIVE.value}
        shape.items, shape.sealed = [], {}
        if (business.operating_state == closed) == (kind == "close"):
            raise Refused(
                "state-already",
                _("Usaha ini sudah tercatat tutup.")
                if kind == "close"
                else _("Usaha ini tidak sedang tutup."),
            )
    elif kind == "move":
        shape.values = {n: v for n, v in values.items() if n in MOVE_FIELDS}
        shape.items, shape.sealed = [], {}
        now = business.kelurahan.code if business.kelurahan_id else None
        if values.get("kelurahan") in (None, now):
            raise ValidationError({"kelurahan": _("Pilih kelurahan yang baru.")})
    elif kind == "change":
        new_place = values.get("kelurahan")
        now = business.kelurahan.code if business.kelurahan_id else None
        if "kelurahan" in values and now is not None and new_place != now:
            raise Refused(
                "use-move",
                _("Untuk pindah kelurahan, pakai usulan pindah supaya kelurahan yang baru ikut tahu."),
                fields={"kelurahan": _("Pakai usulan pindah.")},
            )
        state = values.get("operating_state")
        if state and state != business.operating_state and closed in (state, business.operating_state):
            raise Refused("use-close", _("Pakai usulan tutup atau buka kembali."))


def _within_reach(submission, shape, by):
    there = reach(by, "registry.propose_submission")
    if not there:
        raise not_found()
    if submission.business_id:
        if not there.covers(submission.business.kelurahan_id):
            raise not_found()
        return
    code = shape.values.get("kelurahan")
    if code and there.everywhere and not serves(by, code):
        raise ValidationError({"kelurahan": _("Kelurahan ini tidak ada di kota ini. Pilih dari daftar.")})
    if code and not there.everywhere:
        region = Region.objects.get(code=code)
        if not there.covers(region.pk):
            raise Refused(
                "outside-reach",
                _("Kelurahan ini di luar wilayah Anda."),
                fields={"kelurahan": _("Pilih kelurahan yang Anda layani.")},
            )


def _owners(items):
    return {item["uuid"]: item["values"] for item in items if item["kind"] == "owner"}


def _own_marks(submission, shape):
    """`nik_known` is set by submit alone: no client sets it, and none takes it away, for that person may be
    out of the proposer's reach."""
    stored = _owners(submission.items)
    for identity, values in _owners(shape.items).items():
        values.pop("nik_known", None)
        if stored.get(identity, {}).get("nik_known"):
            values["nik_known"] = True


def _ends_an_owner(submission, shape):
    """Only who owns the business stops owning it: an unknown uuid would become a person without a name."""
    ended = {i["uuid"] for i in shape.items if i["kind"] == "owner" and i["op"] == "end"}
    if not ended:
        return
    standing = Ownership.objects.filter(
        business=submission.business_id, person__uuid__in=ended, ended_on=None
    )
    if submission.business_id is None or len(ended) > standing.count():
        raise ValidationError({"owner.uuid": _("Orang ini bukan pemilik usaha ini.")})


def _own_rows(submission, shape):
    """A licence, product, photo or consent that is changed or ended belongs to this business."""
    for kind, model in ROWS.items():
        named = {i["uuid"] for i in shape.items if i["kind"] == kind and i["op"] != "add"}
        if not named:
            continue
        own = model.objects.filter(business=submission.business_id, uuid__in=named).count()
        if submission.business_id is None or own < len(named):
            raise ValidationError({f"{kind}.uuid": _("Baris ini bukan milik usaha ini.")})


def _known_owners(submission, shape, by):
    """An owner item may name a person who exists only when the proposer may read that person."""
    named = set(_owners(shape.items)) - set(_owners(submission.items))
    if not named:
        return
    known = set(Person.objects.filter(uuid__in=named).values_list("pk", flat=True))
    if known and known - set(Person.objects.visible_to(by).filter(pk__in=known).values_list("pk", flat=True)):
        raise not_found()
