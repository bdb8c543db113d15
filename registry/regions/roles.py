"""What each role may do: one table, read by people and by the permission backend.

A role's permissions hold inside the region of its post (access.reach). To find who may do a thing, search
for its permission here; to change it, change it here and nowhere else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

CITY, KECAMATAN, KELURAHAN = "city", "kecamatan", "kelurahan"

FIELD = {  # what came of the kelurahan's reports: read by whoever answers for a place or for the office
    "registry.view_visitrequest",
    "registry.view_check",
    "programs.view_visit",
    "programs.view_followup",
    "programs.view_proposal",
    "programs.view_monthlyreport",
}
READ = {"registry.view_business", "registry.view_submission", "registry.view_person"}
PROPOSE = {"registry.propose_submission"}
MONEY = {"registry.view_turnover"}
REFERENCE_TABLES = (
    "registry.region",
    "registry.regionalias",
    "registry.holiday",
    "registry.post",
    "registry.kbli",
    "registry.subsector",
    "registry.productcentre",
    "registry.synonym",
    "programs.organisation",
    "programs.membership",
    "programs.officeholder",
    "programs.officeaddress",
    "accounts.user",
)


class Role(models.TextChoices):
    PETUGAS = "petugas", _("Petugas kelurahan")
    LURAH = "lurah", _("Lurah")
    CAMAT = "camat", _("Camat")
    OPERATOR = "operator", _("Operator Diskopindag")
    VERIFIKATOR = "verifikator", _("Verifikator")
    PROGRAM = "program", _("Pengelola program")
    KEUANGAN = "keuangan", _("Keuangan")
    KASI = "kasi", _("Kepala seksi")
    KEPALA = "kepala", _("Kepala dinas")
    AUDITOR = "auditor", _("Pemeriksa")
    OPD = "opd", _("Instansi lain (OPD), Sahabat UMKM")
    ADMIN = "admin", _("Admin")

    @property
    def levels(self):
        """Levels of region at which a post of this role can stand."""
        return {
            "petugas": {KELURAHAN},
            "lurah": {KELURAHAN},
            "camat": {KECAMATAN},
            "opd": {CITY, KECAMATAN},
        }.get(self.value, {CITY})


PERMISSIONS = {
    Role.PETUGAS: READ
    | PROPOSE
    | MONEY
    | FIELD
    | {
        "registry.report_need",
        "programs.write_monthlyreport",
        "programs.log_proposal",
        "registry.handle_tip",
        "registry.lookup_identity",
        "registry.export_business",
        "registry.withdraw_consent",
        "registry.confirm_business",
    },
    Role.LURAH: READ | FIELD | {"registry.export_business", "programs.approve_monthlyreport"},
    Role.CAMAT: READ | FIELD | {"registry.export_business"},
    Role.OPERATOR: READ
    | PROPOSE
    | MONEY
    | FIELD
    | {
        "registry.report_need",
        "registry.schedule_visit",
        "programs.record_visit",
        "programs.answer_followup",
        "programs.log_proposal",
        "programs.answer_proposal",
        "programs.receive_monthlyreport",
        "registry.handle_tip",
        "registry.lookup_identity",
        "registry.export_business",
        "registry.withdraw_consent",
        "registry.confirm_business",
        "registry.upload_import",
        "registry.view_import",
    },
    Role.VERIFIKATOR: READ
    | PROPOSE
    | MONEY
    | FIELD
    | {
        "registry.handle_tip",
        "registry.decide_submission",
        "registry.check_sample",
        "registry.verify_business",
        "registry.recognise_business",
        "registry.reveal_identity",
        "registry.lookup_identity",
        "registry.export_business",
        "registry.withdraw_consent",
        "registry.confirm_business",
        "registry.decide_import",
        "registry.view_import",
    },
    Role.PROGRAM: READ
    | FIELD
    | {
        "registry.export_business",
        "registry.recognise_business",
        "registry.confirm_business",
        "registry.schedule_visit",
        "programs.record_visit",
        "programs.answer_followup",
        "programs.log_proposal",
        "programs.answer_proposal",
        "programs.receive_monthlyreport",
    },
    Role.KEUANGAN: {"registry.view_business"},
    Role.KASI: READ
    | MONEY
    | FIELD
    | {
        "programs.answer_followup",
        "programs.receive_monthlyreport",
        "registry.decide_escalated",
        "registry.check_sample",
        "registry.export_business",
        "registry.view_import",
        "registry.view_disclosures",
    },
    Role.KEPALA: READ | FIELD | MONEY | {"registry.export_business", "registry.view_import"},
    Role.AUDITOR: READ
    | FIELD
    | MONEY
    | {"registry.view_import", "registry.view_disclosures", "accounts.view_auditentry"},
    # Answers what was handed to its organisation (programs/partners Membership); sees nothing else.
    Role.OPD: {"programs.answer_handed"},
    Role.ADMIN: {
        f"{table.split('.')[0]}.{act}_{table.split('.')[1]}"
        for table in REFERENCE_TABLES
        for act in ("view", "add", "change")
    }
    | {"registry.delete_regionalias", "registry.delete_holiday", "registry.delete_synonym"},
}

# What decides, reveals a sealed number or colleagues' acts, or gives access to others: these hold only where
# a second factor was shown (settings.REQUIRE_SECOND_FACTOR; accounts/second_factor.py). The admin's whole
# site hangs on change_region. What pays joins with the funding room.
SECOND_FACTOR = {
    "registry.decide_submission",
    "registry.decide_escalated",
    "registry.decide_import",
    "registry.check_sample",
    "registry.verify_business",
    "registry.reveal_identity",
    "registry.view_disclosures",
    "accounts.view_auditentry",
    "accounts.add_user",
    "accounts.change_user",
    "registry.add_post",
    "registry.change_post",
    "registry.change_region",
}

# A post in a kelurahan or kecamatan that ran out, and was not ended by hand, keeps this much for GRACE_DAYS:
# reading its own region, with its figures, and proposing. The city's posts end on their day.
GRACE_DAYS = 14
GRACE = READ | FIELD | PROPOSE | MONEY  # who proposes a figure reads the one it would replace
GRACE_ROLES = {Role.PETUGAS, Role.LURAH, Role.CAMAT}

# Roles that stand only on a letter of assignment (DOMAIN "Who": all, for the days of a letter, logged).
LETTER_ROLES = {Role.AUDITOR}


def permissions_of(role, *, in_grace=False):
    """The permissions a post of `role` gives, in force or in its days of grace."""
    return PERMISSIONS[Role(role)] & GRACE if in_grace else PERMISSIONS[Role(role)]
