"""What a grid says of the identity numbers in it: no more than sending each row would, and counted as well.

A row is a question for an exact NIK like any other (ARCHITECTURE section 8): whoever types numbers to learn
whose they are is stopped at the hour's limit, and every answer leaves its line.
"""

from django.core.cache import cache
from django.utils.translation import gettext as _

from registry.people.asking import answer_in_passing
from registry.people.models import Person
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealing import lookups
from umkm_portal.lib.text import fold

ANSWERED_FOR = 60 * 60  # seconds: the same answer to the same user again is no new question


def settle(rows, user):
    """A NIK that is somebody's in reach: of the same name it becomes that person's business; else say so.

    One outside reach says nothing here; the door passes it on to the reviewer by itself. One that waits on
    another registration is told wherever that is, as sending would tell it.
    """
    holders = [row for row in rows if row.reading.nik and not _is_settled(row)]
    if not holders:
        return
    people, waiting = _known(holders, user), _waiting(holders)
    answers, first = Answers(user), {}
    for row in holders:
        nik, owner = row.reading.nik, row.reading.owner
        person = people.get(nik)
        if person is not None and answers.may_tell(nik, person):
            if owner and fold(person.name) == fold(owner["values"]["name"]):
                _join(row, owner, person)
            else:
                row.refuse("nik", _("NIK ini sudah tercatat atas nama lain. Periksa KTP-nya."))
        elif person is None and nik in waiting and answers.may_tell(nik, None):
            row.refuse(
                "nik",
                _(
                    "NIK ini menunggu verifikasi pada kiriman lain. "
                    "Tulis menyusul, atau kirim setelah itu disetujui."
                ),
            )
        elif nik in first:
            row.refuse(
                "nik",
                _(
                    "NIK ini juga tertulis pada %s. Tulis menyusul di sini; "
                    "pemiliknya dapat dipilih setelah yang itu disetujui."
                )
                % first[nik],
            )
        else:
            first[nik] = row.reading.values.get("name") or _("baris lain")


class Answers:
    """The answers about NIKs that one user may still have; one they had within the hour is not counted again.

    Without that, a grid that is checked and then sent would use up the hour twice.
    """

    def __init__(self, user):
        self.user, self.used_up = user, False

    def may_tell(self, nik, person):
        """Count and note an answer (`person`, or None: it waits elsewhere); False when none is left."""
        answer = person.uuid if person else "waiting"
        key = f"nik-answered:{self.user.pk}:{lookups('nik', nik)[0]}:{answer}"
        if cache.get(key):
            return True
        if self.used_up:
            return False
        try:
            answer_in_passing(person, by=self.user)
        except Refused:
            self.used_up = True
            return False
        cache.set(key, True, ANSWERED_FOR)
        return True


def _is_settled(row):
    """Rows that arrived, or stay because their draft went on elsewhere, ask nothing."""
    arrived = row.submission is not None and row.submission.status not in Submission.EDITABLE
    return arrived or row.elsewhere


def _known(holders, user):
    """{NIK: Person} of those in reach."""
    numbers = _numbers(holders)
    people = Person.objects.visible_to(user).filter(nik_lookup__in=numbers).distinct()
    return {numbers[person.nik_lookup]: person for person in people}


def _waiting(holders):
    """NIKs that another open registration brings and nobody bears yet.

    One that somebody outside reach bears meanwhile is passed on silently by the door, so it is not told here.
    """
    numbers = _numbers(holders)
    pending = Submission.objects.open().filter(kind="register", owner_nik_lookup__in=numbers)
    pending = pending.exclude(uuid__in=[row.uuid for row in holders])
    waiting = {numbers[digest] for digest in pending.values_list("owner_nik_lookup", flat=True)}
    borne = Person.objects.filter(nik_lookup__in=numbers).values_list("nik_lookup", flat=True)
    return waiting - {numbers[digest] for digest in borne}


def _numbers(holders):
    return {digest: row.reading.nik for row in holders for digest in lookups("nik", row.reading.nik)}


def _join(row, owner, person):
    row.reading.sealed = {}
    row.reading.items.remove(owner)
    row.reading.items.insert(0, {"op": "add", "kind": "owner", "uuid": str(person.uuid), "values": {}})
    row.reading.notes["owner"] = _("Orang ini sudah tercatat; usaha ini ditambahkan untuknya.")
