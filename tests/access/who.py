"""Who does what in the office, told as the office tells it (docs/panduan, a guide for each role)."""

from dataclasses import dataclass

from registry.regions.roles import Role

R = Role
# Days of grace follow a post in the field, which ran out while somebody was out entering.
HAVE_GRACE = frozenset({R.PETUGAS, R.LURAH, R.CAMAT})


@dataclass(frozen=True)
class Who:
    """Roles that may, and those of them that still may in the 14 days after their post ran out."""

    roles: frozenset
    in_grace: frozenset = frozenset()
    everybody: bool = False  # visitors too
    signed_in: bool = False  # any account, with or without a post
    once: bool = False  # whoever ever held it: what was recorded before the end may still arrive

    def __or__(self, other):
        return Who(
            self.roles | other.roles,
            self.in_grace | other.in_grace,
            self.everybody or other.everybody,
            self.signed_in or other.signed_in,
            self.once or other.once,
        )


def roles(*named, in_grace=False, once=False):
    return Who(frozenset(named), frozenset(named) & HAVE_GRACE if in_grace else frozenset(), once=once)


PUBLIC = Who(frozenset(), everybody=True)
SIGNED_IN = Who(frozenset(), signed_in=True)

# ---- who does what in the office -----------------------------------------------------------------

READS_BUSINESSES = roles(*(set(Role) - {R.ADMIN, R.OPD}), in_grace=True)
READS_SUBMISSIONS = roles(*(set(Role) - {R.ADMIN, R.KEUANGAN, R.OPD}), in_grace=True)
READS_PEOPLE = roles(*(set(Role) - {R.ADMIN, R.KEUANGAN, R.OPD}), in_grace=True)
PROPOSES = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR, in_grace=True)
CONFIRMS = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR, R.PROGRAM)
CONFIRMS_LATE = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR, R.PROGRAM, once=True)
HANDLES_TIPS = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR)
WITHDRAWS_CONSENT = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR)
LOOKS_UP_NIK = roles(R.PETUGAS, R.OPERATOR, R.VERIFIKATOR)
DECIDES = roles(R.VERIFIKATOR)
DECIDES_WHAT_IS_LATE = roles(R.VERIFIKATOR, R.KASI)  # the head of section: after three working days
CHECKS_SAMPLES = roles(R.VERIFIKATOR, R.KASI)
VERIFIES = roles(R.VERIFIKATOR)
REVEALS_NIK = roles(R.VERIFIKATOR)
READS_TRAIL = roles(R.AUDITOR)
WATCHES_DISCLOSURES = roles(R.KASI, R.AUDITOR)
RECOGNISES = roles(R.VERIFIKATOR, R.PROGRAM)
EXPORTS = roles(
    R.PETUGAS, R.LURAH, R.CAMAT, R.OPERATOR, R.VERIFIKATOR, R.PROGRAM, R.KASI, R.KEPALA
)  # fmt: skip
UPLOADS = roles(R.OPERATOR)
DECIDES_LISTS = roles(R.VERIFIKATOR)
FOLLOWS_LISTS = roles(R.OPERATOR, R.VERIFIKATOR, R.KASI, R.KEPALA, R.AUDITOR)
FOLLOWS_BATCHES = FOLLOWS_LISTS | READS_SUBMISSIONS
WAITS_FOR_JOBS = EXPORTS | PROPOSES
READS_FIELD = roles(
    R.PETUGAS, R.LURAH, R.CAMAT, R.OPERATOR, R.VERIFIKATOR, R.PROGRAM, R.KASI, R.KEPALA, R.AUDITOR,
    in_grace=True,
)  # fmt: skip
LOGS_PROPOSALS = roles(R.PETUGAS, R.OPERATOR, R.PROGRAM, once=True)
CORRECTS_PROPOSALS = roles(R.PETUGAS, R.OPERATOR, R.PROGRAM)
ANSWERS_PROPOSALS = roles(R.OPERATOR, R.PROGRAM)
# needs: whoever reported may still send what they recorded before their post ended
REPORTS = roles(R.PETUGAS, R.OPERATOR)
REPORTS_LATE = roles(R.PETUGAS, R.OPERATOR, once=True)
# the kelurahan's monthly report
READS_MONTHLY = roles(
    R.PETUGAS, R.LURAH, R.CAMAT, R.OPERATOR, R.VERIFIKATOR, R.PROGRAM, R.KASI, R.KEPALA, R.AUDITOR,
    in_grace=True,
)  # fmt: skip
WRITES_MONTHLY = roles(R.PETUGAS)
SIGNS_MONTHLY = roles(R.LURAH)
RECEIVES_MONTHLY = roles(R.OPERATOR, R.PROGRAM, R.KASI)
# visits, and problems handed to other offices
RECORDS_VISITS = roles(R.OPERATOR, R.PROGRAM)
MANAGES_FOLLOW_UPS = roles(R.OPERATOR, R.PROGRAM, R.KASI)
ANSWERS_FOLLOW_UPS = MANAGES_FOLLOW_UPS | roles(R.OPD)
READS_FOLLOW_UPS = READS_FIELD | roles(R.OPD)
KEEPS_REFERENCES = roles(R.ADMIN)

# What decides, reveals a number or gives others access: nobody is let in before they showed a second factor.
NEED_A_SECOND_FACTOR = (
    DECIDES,
    DECIDES_WHAT_IS_LATE,
    DECIDES_LISTS,
    CHECKS_SAMPLES,
    VERIFIES,
    REVEALS_NIK,
    READS_TRAIL,
    KEEPS_REFERENCES,
)
