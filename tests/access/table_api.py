"""The API's part of the table (table.py): who may do what at each of its addresses."""

from tests.access.entries import UUID, api
from tests.access.who import (
    ANSWERS_FOLLOW_UPS,
    ANSWERS_PROPOSALS,
    CONFIRMS,
    CONFIRMS_LATE,
    CORRECTS_PROPOSALS,
    DECIDES_LISTS,
    DECIDES_WHAT_IS_LATE,
    FOLLOWS_BATCHES,
    FOLLOWS_LISTS,
    LOGS_PROPOSALS,
    LOOKS_UP_NIK,
    MANAGES_FOLLOW_UPS,
    PROPOSES,
    PUBLIC,
    READS_BUSINESSES,
    READS_FIELD,
    READS_FOLLOW_UPS,
    READS_MONTHLY,
    READS_PEOPLE,
    READS_SUBMISSIONS,
    RECEIVES_MONTHLY,
    RECOGNISES,
    RECORDS_VISITS,
    REPORTS,
    REPORTS_LATE,
    SIGNED_IN,
    SIGNS_MONTHLY,
    UPLOADS,
    VERIFIES,
    WITHDRAWS_CONSENT,
    WRITES_MONTHLY,
)

API = {
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
    "api-visit-proposed": api(POST=PROPOSES, row="visit"),
    "api-visit-miss": api(POST=RECORDS_VISITS, row="visit", send={"reason": "Tutup."}),
    "api-visit-photos": api(POST=RECORDS_VISITS, row="visit", send={"file": "picture"}, upload=True),
    "api-visit-photo": api(GET=READS_FIELD, row="visited"),
    "api-visit-day-list": api(GET=READS_FIELD, POST=RECORDS_VISITS, send={"on": "today"}),
    "api-visit-day-detail": api(
        GET=READS_FIELD, PATCH=RECORDS_VISITS, row="visit-day", send={"title": "Halal"}
    ),
    "api-visit-day-move": api(POST=RECORDS_VISITS, row="day-ahead", send={"on": "today"}),
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
    "api-proposal-detail": api(
        GET=READS_FIELD, PATCH=CORRECTS_PROPOSALS, row="proposal", send={"place": "Balai RW"}
    ),
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
