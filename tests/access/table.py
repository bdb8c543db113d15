"""Who may do what, at every address of the portal: the one table the access matrix is made from.

A new route goes in here, under its URL name, in one line; the suite fails and prints the line until it does.

    "business-confirm": page(POST=CONFIRMS, row="business", send={"on": "today"}),

`GET=`, `POST=`, ... name who may use that method; every method left out must answer 405. `row` names the
thing the address is about (ROWS): outside one's reach it answers 404. `send` is a body that would do the
thing, so that a refusal is seen to come from the guard and not from an empty form. Refused are: a visitor
(to the sign-in page; 401 on the API) and whoever is not named (403). A single answer that everybody let in
gets whatever happens stands in `always`.

Who may do what is told here as the office tells it (docs/panduan, a guide for each role), and not
read from registry/regions/roles.py: where the two differ, the suite says so.
"""

from dataclasses import dataclass, field, replace

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


UUID = "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e77"  # of something new
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

# ---- what an address is about --------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One thing of Purwantoro and the same of Dinoyo (world.py makes them).

    `seen_by`: roles that see it at all (others get 404 though they hold the permission); `own_only`: roles
    that see it only when they made it themselves. `placed`: whether it lies in a kelurahan.
    """

    seen_by: frozenset = frozenset(Role)
    own_only: frozenset = frozenset()
    placed: bool = True


CITY_STAFF = frozenset({R.OPERATOR, R.VERIFIKATOR})
ROWS = {
    # a business with an owner, a consent for photos and a published photo
    "business": Row(),
    "person": Row(),
    # a draft belongs to the kelurahan's post; of the city's staff only the author sees their own
    "draft": Row(seen_by=frozenset({R.PETUGAS}) | CITY_STAFF, own_only=CITY_STAFF),
    # sent by the officer of the kelurahan, waiting for a decision, with a photo
    "waiting": Row(),
    # sent back to the officer of the kelurahan, with notes
    "returned": Row(),
    # a list uploaded by an operator, waiting for a decision
    "list": Row(placed=False),
    # the same list to who acts on it for its uploader: nobody but the uploader
    "upload": Row(placed=False, own_only=frozenset({R.OPERATOR})),
    "photo": Row(),
    # a move to this kelurahan, which its officer has to agree to
    "move": Row(seen_by=frozenset({R.PETUGAS})),
    # decided: applied, turned down, passed by the rule for light corrections
    "approved": Row(),
    "rejected": Row(),
    "light": Row(),
    # a change of many by an operator, waiting; who follows lists sees it
    "batch": Row(seen_by=FOLLOWS_LISTS.roles, placed=False),
    # an operator's own: nobody else's business
    "job": Row(seen_by=frozenset({R.OPERATOR}), own_only=frozenset({R.OPERATOR}), placed=False),
    "view": Row(seen_by=frozenset({R.OPERATOR}), own_only=frozenset({R.OPERATOR}), placed=False),
    "post": Row(placed=False),
    # what the address names besides rows of ours
    "region": Row(placed=False),
    "sector": Row(placed=False),
    "subsector": Row(placed=False),
    "kelurahan": Row(placed=False),
    "centre": Row(placed=False),
    "section": Row(placed=False),
    # what a visitor said about the business
    "tip": Row(),
    # "masih aktif?": an answer by the officer of the kelurahan; the same to who takes it back
    "check": Row(),
    "own-check": Row(seen_by=frozenset({R.PETUGAS}), own_only=frozenset({R.PETUGAS})),
    "sheet": Row(),
    # messages to owners, and a personal link
    "outreach": Row(),
    "owner-link": Row(),
    # a need that waits, one that is answered, a day with a planned visit and a recorded one with a photo
    "need": Row(),
    # the same to who puts a photo to it; one that has its photo
    "own-need": Row(seen_by=frozenset({R.PETUGAS}), own_only=frozenset({R.PETUGAS})),
    "pictured-need": Row(),
    # the names of its businesses, for picking on a phone
    "names": Row(),
    "answered-need": Row(),
    "visit-day": Row(),
    "visit": Row(),
    "visited": Row(),
    # a problem handed to the office that the accounts of other offices act for, and one it solved
    "follow-up": Row(),
    "solved": Row(),
    "mentoring": Row(),
    # said at a forum of the kelurahan, not answered yet
    "proposal": Row(),
    # monthly reports of the kelurahan: being written, handed to the lurah, sent
    "monthly": Row(),
    "monthly-handed": Row(),
    "monthly-sent": Row(),
}


@dataclass(frozen=True)
class Entry:
    """One line of the table."""

    methods: dict  # {"GET": Who}
    api: bool
    row: str = ""
    send: dict = field(default_factory=dict)
    upload: bool = False  # the body is a form with a file, also on the API
    always: int = 0
    within: Who | None = None  # of what is open to everybody: roles that read their own reach instead
    rows: dict = field(default_factory=dict)  # {method: row} where one method is about another thing

    def at(self, method):
        """This line as `method` meets it."""
        return replace(self, row=self.rows[method]) if method in self.rows else self


def page(row="", send=None, always=0, **methods):
    return Entry(methods, False, row, send or {}, always=always)


def api(row="", send=None, always=0, upload=False, within=None, rows=None, **methods):
    return Entry(methods, True, row, send or {}, upload, always, within, rows or {})


# ---- the table -----------------------------------------------------------------------------------

TABLE = {
    # public pages
    "home": page(GET=PUBLIC),
    "about": page(GET=PUBLIC),
    "privacy": page(GET=PUBLIC),
    "theme": page(POST=PUBLIC),
    "language": page(POST=PUBLIC),
    "health": page(GET=PUBLIC),
    "robots": page(GET=PUBLIC),
    "favicon": page(GET=PUBLIC),
    "komponen": page(GET=READS_BUSINESSES),  # the component sheet
    "directory": page(GET=PUBLIC),
    "directory-map": page(GET=PUBLIC),
    "directory-map-data": page(GET=PUBLIC),
    "directory-figures": page(GET=PUBLIC),
    "directory-download": page(GET=PUBLIC),
    "directory-business": page(GET=PUBLIC, row="business"),
    "directory-business-card": page(GET=PUBLIC, row="business"),
    "directory-business-qr": page(GET=PUBLIC, row="business"),
    "directory-business-sheet": page(GET=PUBLIC, row="business"),
    "places-kelurahan": page(GET=PUBLIC),
    "places-sektor": page(GET=PUBLIC),
    "places-sentra": page(GET=PUBLIC),
    "place-kelurahan": page(GET=PUBLIC, row="kelurahan"),
    "place-sektor": page(GET=PUBLIC, row="subsector"),
    "place-sentra": page(GET=PUBLIC, row="centre"),
    "sitemap": page(GET=PUBLIC),
    "sitemap-section": page(GET=PUBLIC, row="section"),
    "tip-new": page(GET=PUBLIC, POST=PUBLIC, row="business"),
    "tip-thanks": page(GET=PUBLIC),
    "directory-photo": page(GET=PUBLIC, row="photo"),
    "directory-photo-small": page(GET=PUBLIC, row="photo"),
    # one's own account
    "account": page(GET=SIGNED_IN),
    "account-sessions": page(GET=SIGNED_IN, POST=SIGNED_IN),
    "second-factor": page(GET=SIGNED_IN),
    "second-factor-done": page(GET=SIGNED_IN),
    "second-factor-forget": page(POST=SIGNED_IN),
    "saved-views": page(GET=SIGNED_IN),
    "saved-view-save": page(POST=SIGNED_IN, always=404),  # of a list that is not theirs to open, or none
    "saved-view-change": page(POST=SIGNED_IN, row="view", send={"act": "rename", "title": "Kios"}),
    # posts
    "post-list": page(GET=KEEPS_REFERENCES),
    "post-renew-many": page(POST=KEEPS_REFERENCES),
    "post-new": page(GET=KEEPS_REFERENCES, POST=KEEPS_REFERENCES),
    "post-detail": page(GET=KEEPS_REFERENCES, POST=KEEPS_REFERENCES, row="post"),
    "working-in": page(POST=PROPOSES),
    # work that somebody waits for
    "job-list": page(GET=WAITS_FOR_JOBS),
    "job-detail": page(GET=WAITS_FOR_JOBS, row="job"),
    "job-file": page(GET=EXPORTS, row="job"),
    # the audit trail
    "trail": page(GET=READS_TRAIL),
    "trail-export": page(GET=READS_TRAIL),
    # businesses
    "business-list": page(GET=READS_BUSINESSES),
    "business-export": page(GET=EXPORTS),
    "business-detail": page(GET=READS_BUSINESSES, row="business"),
    "business-photo": page(GET=READS_BUSINESSES, row="business"),
    "business-confirm": page(POST=CONFIRMS, row="business", send={"on": "today"}),
    "business-verify": page(POST=VERIFIES, row="business", send={"what": "existence", "how": "visit"}),
    "consent-withdraw": page(GET=WITHDRAWS_CONSENT, POST=WITHDRAWS_CONSENT, row="business"),
    "business-export-ask": page(POST=EXPORTS),
    "business-print": page(GET=EXPORTS),
    "business-state": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "business-owner": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "business-recognise": page(GET=RECOGNISES, POST=RECOGNISES, row="business"),
    "business-history": page(GET=READS_BUSINESSES, row="business"),
    "bulk-change": page(GET=PROPOSES, POST=PROPOSES),
    # people
    "person-detail": page(GET=READS_PEOPLE, row="person"),
    "person-lookup": page(GET=LOOKS_UP_NIK, POST=LOOKS_UP_NIK, send={"nik": "3573015508800001"}),
    "person-reveal": page(
        GET=REVEALS_NIK, POST=REVEALS_NIK, row="person", send={"reason": "Diminta pemiliknya."}
    ),
    "person-disclosures": page(GET=WATCHES_DISCLOSURES | PROPOSES, row="person"),
    # proposing
    "submission-new": page(GET=PROPOSES, POST=PROPOSES),
    "submission-change": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "submission-close": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "submission-reopen": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "submission-move": page(GET=PROPOSES, POST=PROPOSES, row="business"),
    "submission-mine": page(GET=PROPOSES),
    "submission-detail": page(GET=READS_SUBMISSIONS, row="waiting"),
    "submission-photo": page(GET=READS_SUBMISSIONS, row="waiting"),
    "submission-edit": page(GET=PROPOSES, POST=PROPOSES, row="draft"),
    "submission-send": page(POST=PROPOSES, row="draft"),
    "submission-withdraw": page(POST=PROPOSES, row="draft"),
    "submission-agree": page(POST=PROPOSES, row="move", send={"act": "agree"}),
    "submission-reverse": page(GET=PROPOSES, POST=PROPOSES, row="approved", send={"reason": "Salah."}),
    "submission-again": page(POST=PROPOSES, row="rejected"),
    "rows-entry": page(GET=PROPOSES, POST=PROPOSES),
    "rows-block": page(POST=PROPOSES),
    "pick-kbli": page(GET=PROPOSES),
    "pick-kelurahan": page(GET=PROPOSES),
    "pick-person": page(POST=PROPOSES),
    "entry-similar": page(POST=PROPOSES),
    # deciding
    "submission-queue": page(GET=DECIDES_WHAT_IS_LATE),
    "submission-review": page(
        GET=DECIDES_WHAT_IS_LATE,
        POST=DECIDES_WHAT_IS_LATE,
        row="waiting",
        send={"act": "reject", "reject-reason": "Bukan usaha."},
    ),
    "submission-together": page(GET=DECIDES, POST=DECIDES),
    "submission-together-done": page(GET=DECIDES),
    "batch-detail": page(GET=FOLLOWS_LISTS | PROPOSES, POST=FOLLOWS_LISTS | PROPOSES, row="batch"),
    "sample": page(GET=CHECKS_SAMPLES),
    "sample-export": page(GET=CHECKS_SAMPLES),
    "sample-check": page(POST=CHECKS_SAMPLES, row="light", send={"verdict": "right"}),
    # what visitors report
    "tip-list": page(GET=HANDLES_TIPS),
    "tip-detail": page(GET=HANDLES_TIPS, row="tip"),
    "tip-propose": page(POST=HANDLES_TIPS, row="tip", send={"act": "change"}),
    "tip-dismiss": page(POST=HANDLES_TIPS, row="tip", send={"reason": "Masih buka."}),
    # forums and needs
    "proposal-log": page(GET=LOGS_PROPOSALS, POST=LOGS_PROPOSALS),
    "proposal-log-shell": page(GET=PUBLIC),
    "proposal-list": page(GET=READS_FIELD),
    "proposal-export": page(GET=EXPORTS),
    "proposal": page(GET=READS_FIELD, row="proposal"),
    "proposal-answer": page(POST=ANSWERS_PROPOSALS, row="proposal", send={"act": "taken", "version": 1}),
    "proposal-public": page(GET=PUBLIC),
    "needs": page(GET=READS_FIELD),
    "needs-list": page(GET=READS_FIELD),
    "needs-export": page(GET=READS_FIELD),
    # "masih aktif?"
    "checks-walk": page(GET=CONFIRMS_LATE, POST=CONFIRMS_LATE),
    "checks-walk-shell": page(GET=PUBLIC),
    "check-list": page(GET=READS_FIELD),
    "check-export": page(GET=EXPORTS),
    "sheets": page(GET=CONFIRMS, POST=CONFIRMS),
    "sheet": page(GET=CONFIRMS, row="sheet"),
    "sheet-key": page(GET=CONFIRMS, POST=CONFIRMS, row="sheet", send={"text": "1x", "on": "today"}),
    # writing to owners
    "owner-link": page(GET=PUBLIC, POST=PUBLIC, row="owner-link", send={"answer": "active"}),
    "owner-thanks": page(GET=PUBLIC),
    "owner-links": page(GET=CONFIRMS, POST=CONFIRMS, row="business"),
    "owner-link-revoke": page(POST=CONFIRMS, row="owner-link"),
    "outreach-list": page(GET=CONFIRMS),
    "outreach-new": page(GET=CONFIRMS, POST=CONFIRMS),
    "outreach-queue": page(GET=CONFIRMS, row="outreach"),
    "outreach-send": page(POST=CONFIRMS, row="outreach", always=404),  # names no line of it
    "outreach-line": page(POST=CONFIRMS, row="outreach", send={"act": "close"}),
    # lists
    "import-list": page(GET=FOLLOWS_LISTS, POST=FOLLOWS_LISTS),
    "import-detail": page(GET=FOLLOWS_LISTS, row="list"),
    "import-problems": page(GET=FOLLOWS_LISTS, row="list"),
    "import-send": page(POST=UPLOADS, row="list"),
    "import-withdraw": page(POST=UPLOADS, row="list"),
    "import-approve": page(POST=DECIDES_LISTS, row="list"),
    "import-reject": page(POST=DECIDES_LISTS, row="list", send={"reason": "Daftar lama."}),
    # what officers report from the lane, also without signal
    "service-worker": page(GET=PUBLIC),
    "outbox-state": page(GET=PUBLIC),
    "names-list": page(GET=READS_BUSINESSES, row="names"),
    "report-need": page(GET=REPORTS_LATE, POST=REPORTS_LATE),
    "report-need-shell": page(GET=PUBLIC),
    "visit-request-list": page(GET=READS_FIELD),
    "visit-request": page(GET=READS_FIELD, row="need"),
    "visit-request-photo": page(GET=READS_FIELD, row="pictured-need"),
    "visit-request-photo-add": page(POST=REPORTS_LATE, row="own-need", send={"photo": "picture"}),
    "visit-request-withdraw": page(POST=REPORTS, row="need"),
    # the board, visit days, visits
    "visit-board": page(GET=READS_FIELD),
    "board-schedule": page(POST=RECORDS_VISITS),
    "board-print": page(GET=EXPORTS),
    "board-export": page(GET=EXPORTS),
    "request-steps": page(GET=READS_FIELD, row="need"),
    "request-close": page(GET=RECORDS_VISITS, POST=RECORDS_VISITS, row="need", send={"outcome": "helped"}),
    "request-reopen": page(POST=RECORDS_VISITS, row="answered-need"),
    "visit-list": page(GET=READS_FIELD),
    "visit-day-new": page(GET=RECORDS_VISITS, POST=RECORDS_VISITS, send={"on": "today", "uuid": UUID}),
    "visit-day": page(GET=READS_FIELD, row="visit-day"),
    "visit-day-print": page(GET=READS_FIELD, row="visit-day"),
    "visit-day-change": page(POST=RECORDS_VISITS, row="visit-day", send={"title": "Halal"}),
    "visit-day-cancel": page(POST=RECORDS_VISITS, row="visit-day"),
    "visit-new": page(
        GET=RECORDS_VISITS,
        POST=RECORDS_VISITS,
        send={"on": "today", "uuid": UUID, "told_name": "Warung", "kelurahan": "35.73.01.1007"},
    ),
    "visit": page(GET=READS_FIELD, row="visit"),
    "visit-record": page(
        GET=RECORDS_VISITS, POST=RECORDS_VISITS, row="visit", send={"on": "today", "production": "Ada."}
    ),
    "visit-miss": page(POST=RECORDS_VISITS, row="visit", send={"text": "Tutup."}),
    "visit-remove": page(POST=RECORDS_VISITS, row="visit"),
    "visit-photo-add": page(POST=RECORDS_VISITS, row="visit", send={"photos": "picture"}),
    "visit-photo": page(GET=READS_FIELD, row="visited"),
    # follow-ups and mentoring
    "follow-up-list": page(GET=READS_FOLLOW_UPS),
    "follow-up-new": page(GET=MANAGES_FOLLOW_UPS, POST=MANAGES_FOLLOW_UPS, always=404),  # names nothing
    "follow-up": page(GET=READS_FOLLOW_UPS, row="follow-up"),
    "follow-up-reply": page(POST=ANSWERS_FOLLOW_UPS, row="follow-up", send={"jawab-text": "Ya."}),
    "follow-up-close": page(POST=ANSWERS_FOLLOW_UPS, row="follow-up", send={"selesai-evidence": "Ada."}),
    "follow-up-hand-over": page(POST=MANAGES_FOLLOW_UPS, row="follow-up", send={"teruskan-reason": "Lain."}),
    "follow-up-drop": page(POST=MANAGES_FOLLOW_UPS, row="follow-up", send={"hentikan-text": "Tutup."}),
    "follow-up-reopen": page(POST=MANAGES_FOLLOW_UPS, row="solved", send={"buka-text": "Belum."}),
    "follow-up-photo": page(GET=READS_FOLLOW_UPS, row="solved"),
    "mentoring-list": page(GET=READS_FIELD),
    "mentoring-new": page(GET=RECORDS_VISITS, POST=RECORDS_VISITS, always=404),  # names no business
    "mentoring": page(GET=READS_FIELD, row="mentoring"),
    "mentoring-session": page(
        POST=RECORDS_VISITS,
        row="mentoring",
        send={"sesi-uuid": UUID, "sesi-on": "today", "sesi-service": "nib"},
    ),
    "mentoring-end": page(POST=RECORDS_VISITS, row="mentoring", send={"selesai-result": "reached"}),
    # monthly reports
    "monthly-list": page(GET=READS_MONTHLY),
    "monthly-export": page(GET=READS_MONTHLY),
    "monthly-begin": page(POST=WRITES_MONTHLY, send={"kelurahan": "35.73.01.1007", "bulan": "2026-10"}),
    "monthly-report": page(GET=READS_MONTHLY, row="monthly"),
    "monthly-document": page(GET=READS_MONTHLY, row="monthly-sent"),
    "monthly-behind": page(GET=READS_MONTHLY, row="monthly"),
    "monthly-write": page(POST=WRITES_MONTHLY, row="monthly", send={"note": "Ramai.", "act": "submit"}),
    "monthly-approve": page(
        POST=SIGNS_MONTHLY, row="monthly-handed", send={"letter_number": "400/1", "letter_on": "today"}
    ),
    "monthly-receive": page(POST=RECEIVES_MONTHLY, row="monthly-sent"),
    "monthly-correct": page(
        POST=WRITES_MONTHLY, row="monthly-sent", send={"koreksi-reason": "Ada yang tertinggal."}
    ),
    # the API
    "api-business-list": api(GET=PUBLIC),
    "api-business-detail": api(GET=PUBLIC, row="business", within=READS_BUSINESSES),
    "api-business-confirm": api(POST=CONFIRMS, row="business", send={"on": "today"}),
    "api-business-photo": api(GET=READS_BUSINESSES, row="business"),
    "api-business-recognise": api(POST=RECOGNISES, row="business", send={"what": "curated", "on": "today"}),
    "api-business-unrecognise": api(
        POST=RECOGNISES, row="business", send={"what": "curated", "reason": "Salah."}
    ),
    "api-business-verify": api(POST=VERIFIES, row="business", send={"what": "existence", "how": "visit"}),
    "api-business-withdraw-consent": api(POST=WITHDRAWS_CONSENT, row="business"),
    "api-submission-list": api(GET=READS_SUBMISSIONS, POST=PROPOSES),
    "api-submission-detail": api(
        GET=READS_SUBMISSIONS, PUT=PROPOSES, PATCH=PROPOSES, row="returned", send={"note": "Sudah ditanya."}
    ),
    "api-submission-submit": api(POST=PROPOSES, row="draft"),
    "api-submission-withdraw": api(POST=PROPOSES, row="draft"),
    "api-submission-photos": api(POST=PROPOSES, row="draft", upload=True, send={"file": "picture"}),
    "api-submission-approve": api(POST=DECIDES_WHAT_IS_LATE, row="waiting"),
    "api-submission-send-back": api(POST=DECIDES_WHAT_IS_LATE, row="waiting", send={"reason": "Lengkapi."}),
    "api-submission-reject": api(POST=DECIDES_WHAT_IS_LATE, row="waiting", send={"reason": "Bukan usaha."}),
    "api-submission-bulk": api(POST=PROPOSES),
    "api-submission-decide": api(POST=DECIDES_WHAT_IS_LATE),
    "api-submission-again": api(POST=PROPOSES, row="rejected"),
    "api-submission-agree": api(POST=PROPOSES, row="move"),
    "api-submission-decline": api(POST=PROPOSES, row="move", send={"reason": "Bukan di sini."}),
    "api-submission-photo": api(GET=READS_SUBMISSIONS, row="waiting"),
    "api-submission-take-back": api(POST=PROPOSES, row="approved", send={"reason": "Salah."}),
    "api-batch-list": api(GET=FOLLOWS_BATCHES),
    "api-batch-detail": api(GET=FOLLOWS_BATCHES, row="batch"),
    "api-batch-row-list": api(GET=FOLLOWS_BATCHES, row="batch"),
    "api-batch-approve": api(POST=DECIDES_LISTS, row="batch"),
    "api-batch-reject": api(POST=DECIDES_LISTS, row="batch", send={"reason": "Salah kolom."}),
    "api-import-row-list": api(GET=FOLLOWS_LISTS, row="list"),
    "api-import-list": api(GET=FOLLOWS_LISTS, POST=UPLOADS),
    "api-import-detail": api(GET=FOLLOWS_LISTS, row="list"),
    "api-import-submit": api(POST=UPLOADS, row="upload"),
    "api-import-withdraw": api(POST=UPLOADS, row="upload"),
    "api-import-approve": api(POST=DECIDES_LISTS, row="list"),
    "api-import-reject": api(POST=DECIDES_LISTS, row="list", send={"reason": "Daftar lama."}),
    "api-check-list": api(GET=READS_FIELD, POST=CONFIRMS_LATE),
    "api-check-detail": api(GET=READS_FIELD, row="check"),
    "api-check-bulk": api(POST=CONFIRMS_LATE),
    "api-check-take-back": api(POST=CONFIRMS_LATE, row="own-check"),
    "api-person-list": api(GET=READS_PEOPLE),
    "api-person-detail": api(GET=READS_PEOPLE, row="person"),
    "api-person-lookup": api(POST=LOOKS_UP_NIK, send={"nik": "3573015508800001"}),
    "api-visit-request-list": api(GET=READS_FIELD, POST=REPORTS_LATE),
    "api-visit-request-detail": api(GET=READS_FIELD, row="need"),
    "api-visit-request-withdraw": api(POST=REPORTS, row="need"),
    "api-visit-request-photo": api(
        GET=READS_FIELD, PUT=REPORTS_LATE, row="pictured-need", rows={"PUT": "own-need"}, upload=True
    ),
    "api-visit-list": api(
        GET=READS_FIELD,
        POST=RECORDS_VISITS,
        send={"uuid": UUID, "on": "today", "told_name": "Warung", "kelurahan": "35.73.01.1007"},
    ),
    "api-visit-detail": api(GET=READS_FIELD, row="visit"),
    "api-visit-record": api(POST=RECORDS_VISITS, row="visit", send={"production": "Ada."}),
    "api-visit-miss": api(POST=RECORDS_VISITS, row="visit", send={"reason": "Tutup."}),
    "api-visit-photos": api(POST=RECORDS_VISITS, row="visit", send={"file": "picture"}, upload=True),
    "api-visit-photo": api(GET=READS_FIELD, row="visited"),
    "api-visit-day-list": api(GET=READS_FIELD, POST=RECORDS_VISITS, send={"on": "today"}),
    "api-visit-day-detail": api(
        GET=READS_FIELD, PATCH=RECORDS_VISITS, row="visit-day", send={"title": "Halal"}
    ),
    "api-visit-day-add": api(POST=RECORDS_VISITS, row="visit-day"),
    "api-visit-day-remove": api(POST=RECORDS_VISITS, row="visit-day"),
    "api-visit-day-cancel": api(POST=RECORDS_VISITS, row="visit-day"),
    "api-follow-up-list": api(GET=READS_FOLLOW_UPS, POST=MANAGES_FOLLOW_UPS),
    "api-follow-up-detail": api(GET=READS_FOLLOW_UPS, row="follow-up"),
    "api-follow-up-reply": api(POST=ANSWERS_FOLLOW_UPS, row="follow-up", send={"text": "Ya."}),
    "api-follow-up-close": api(POST=ANSWERS_FOLLOW_UPS, row="follow-up", send={"evidence": "Ada."}),
    "api-follow-up-hand-over": api(POST=MANAGES_FOLLOW_UPS, row="follow-up", send={"reason": "Lain."}),
    "api-follow-up-drop": api(POST=MANAGES_FOLLOW_UPS, row="follow-up", send={"reason": "Tutup."}),
    "api-follow-up-reopen": api(POST=MANAGES_FOLLOW_UPS, row="solved", send={"reason": "Belum."}),
    "api-follow-up-photo": api(GET=READS_FOLLOW_UPS, row="solved"),
    "api-mentoring-list": api(GET=READS_FIELD, POST=RECORDS_VISITS),
    "api-mentoring-detail": api(GET=READS_FIELD, row="mentoring"),
    "api-mentoring-sessions": api(
        POST=RECORDS_VISITS, row="mentoring", send={"on": "today", "service": "nib"}
    ),
    "api-mentoring-end": api(POST=RECORDS_VISITS, row="mentoring", send={"result": "reached"}),
    "api-proposal-list": api(GET=READS_FIELD, POST=LOGS_PROPOSALS),
    "api-proposal-detail": api(GET=READS_FIELD, row="proposal"),
    "api-proposal-respond": api(POST=ANSWERS_PROPOSALS, row="proposal", send={"state": "taken"}),
    "api-need-list": api(GET=READS_FIELD),
    "api-region-list": api(GET=PUBLIC),
    "api-region-detail": api(GET=PUBLIC, row="region"),
    "api-sector-list": api(GET=PUBLIC),
    "api-sector-detail": api(GET=PUBLIC, row="sector"),
    "api-subsector-list": api(GET=PUBLIC),
    "api-subsector-detail": api(GET=PUBLIC, row="subsector"),
    "api-monthly-report-list": api(
        GET=READS_MONTHLY, POST=WRITES_MONTHLY, send={"kelurahan": "35.73.01.1007", "month": "2026-10"}
    ),
    "api-monthly-report-detail": api(
        GET=READS_MONTHLY, PATCH=WRITES_MONTHLY, row="monthly", send={"note": "Ramai."}
    ),
    "api-monthly-report-submit": api(POST=WRITES_MONTHLY, row="monthly"),
    "api-monthly-report-approve": api(
        POST=SIGNS_MONTHLY, row="monthly-handed", send={"letter_number": "400/1", "letter_on": "today"}
    ),
    "api-monthly-report-send-back": api(
        POST=SIGNS_MONTHLY, row="monthly-handed", send={"reason": "Lengkapi catatannya."}
    ),
    "api-monthly-report-receive": api(POST=RECEIVES_MONTHLY, row="monthly-sent"),
    "api-monthly-report-correct": api(
        POST=WRITES_MONTHLY, row="monthly-sent", send={"reason": "Ada yang tertinggal."}
    ),
    "api-me": api(GET=SIGNED_IN),
    "api-tokens": api(POST=PUBLIC),
    "api-token-current": api(DELETE=SIGNED_IN, always=401),  # ends the token it came with; a session has none
    "api-tokens-end-all": api(POST=SIGNED_IN),
    "schema": api(GET=PUBLIC),
    "api-docs": api(GET=PUBLIC),
    "api-nothing-here": api(GET=PUBLIC, POST=PUBLIC, PUT=PUBLIC, PATCH=PUBLIC, DELETE=PUBLIC, always=404),
}

# ---- third parties' routes, by prefix ------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Routes of a third party under one rule for all methods. `open_to_all`: names without a guard."""

    prefix: str
    who: Who
    open_to_all: frozenset = frozenset()
    closed_to_all: tuple = ()  # names that contain one of these are refused to everybody


GROUPS = [
    Group(
        "account_",
        SIGNED_IN,
        frozenset(
            {
                "account_login",
                "account_logout",
                "account_signup",
                "account_inactive",
                "account_reset_password",
            }
        ),
    ),
    # The second step of signing in is met by who is not yet signed in.
    Group("mfa_", SIGNED_IN, frozenset({"mfa_authenticate"})),
    # Only aliases and holidays are ever deleted; businesses, accounts and posts never.
    Group(
        "admin:",
        KEEPS_REFERENCES,
        frozenset({"admin:login", "admin:logout"}),
        tuple(
            f"_{model}_delete"
            for model in (
                "user",
                "post",
                "region",
                "kbli",
                "subsector",
                "productcentre",
                "organisation",
                "membership",
                "officeholder",
                "officeaddress",
            )
        ),
    ),
]
