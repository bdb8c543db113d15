"""The room's acts and states in plain words: timeline, what happens next, reasons to choose from."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import fields
from registry.submissions.ages import TARGET_WORKING_DAYS
from registry.submissions.difference import label_of
from umkm_portal.lib.formats import moment

KINDS = {
    "register": lazy("usaha baru"),
    "change": lazy("perubahan data"),
    "move": lazy("pindah kelurahan"),
    "close": lazy("tutup permanen"),
    "reopen": lazy("buka kembali"),
}
HOW = {"visit": lazy("kunjungan"), "document": lazy("dokumen"), "owner": lazy("pemilik sendiri")}
CONSENTS = {
    "owner_name": lazy("nama pemilik"),
    "phone": lazy("telepon"),
    "address": lazy("alamat"),
    "photo": lazy("foto"),
    "exact_place": lazy("titik lokasi"),
}

ACTS = {
    "submission.proposed": lazy("Isian dibuat"),
    "submission.edited": lazy("Isian diubah"),
    "submission.submitted": lazy("Dikirim untuk diverifikasi"),
    "submission.returned": lazy("Diminta diperbaiki"),
    "submission.approved": lazy("Disetujui"),
    "submission.rejected": lazy("Ditolak"),
    "submission.withdrawn": lazy("Ditarik kembali"),
    "submission.set-aside": lazy("Dikeluarkan dari kumpulan untuk diperiksa sendiri"),
    "submission.move-agreed": lazy("Perpindahan disetujui kelurahan penerima"),
    "submission.move-declined": lazy("Perpindahan ditolak kelurahan penerima"),
    "sample.checked": lazy("Koreksi ringan diperiksa sebagai sampel"),
    "business.curated": lazy("Dicatat terkurasi"),
    "business.curated-ended": lazy("Tidak lagi terkurasi"),
    "business.assisted": lazy("Dicatat sebagai binaan"),
    "business.assisted-ended": lazy("Tidak lagi binaan"),
    "business.existence-verified": lazy("Keberadaan diverifikasi"),
    "business.identity-verified": lazy("Identitas pemilik diverifikasi"),
    "business.confirmed": lazy("Dipastikan masih aktif"),
    "business.unconfirmed": lazy("Kepastian masih aktif dibatalkan"),
    "consent.withdrawn": lazy("Persetujuan ditarik"),
    "tip.received": lazy("Masukan masyarakat diterima"),
    "tip.led": lazy("Masukan masyarakat ditindaklanjuti"),
    "tip.dismissed": lazy("Masukan masyarakat dinilai tidak benar"),
    "check.recorded": lazy("Ditanya: masih aktif?"),
    "check.taken-back": lazy("Jawaban masih aktif dibatalkan"),
    "owner-link.made": lazy("Tautan pemilik dibuat"),
    "owner-link.revoked": lazy("Tautan pemilik dicabut"),
    "owner-link.answered": lazy("Pemilik menjawab lewat tautan"),
    "outreach.sent": lazy("Pesan WhatsApp dibuka untuk pemilik"),
    "outreach.skipped": lazy("Pesan WhatsApp dilewati"),
    # what happened to it in the field
    "visit-request.reported": lazy("Dilaporkan perlu didatangi"),
    "visit-request.photo": lazy("Foto ditambahkan pada laporan"),
    "visit-request.withdrawn": lazy("Laporan ditarik"),
    "visit-request.scheduled": lazy("Kunjungan dijadwalkan"),
    "visit-request.rescheduled": lazy("Kunjungan dipindah ke tanggal lain"),
    "visit-request.unscheduled": lazy("Jadwal kunjungan dibatalkan"),
    "visit-request.visited": lazy("Laporan dikunjungi"),
    "visit-request.redated": lazy("Tanggal kunjungan diperbaiki"),
    "visit-request.closed": lazy("Laporan selesai"),
    "visit-request.reopened": lazy("Laporan dibuka kembali"),
    "visit.recorded": lazy("Kunjungan dicatat"),
    "visit.missed": lazy("Kunjungan: tidak bertemu"),
    "follow-up.opened": lazy("Tindak lanjut dibuat"),
    "follow-up.handed-over": lazy("Tindak lanjut diteruskan"),
    "follow-up.answered": lazy("Tindak lanjut dijawab"),
    "follow-up.escalated": lazy("Tindak lanjut lewat tenggat"),
    "follow-up.closed": lazy("Tindak lanjut selesai"),
    "follow-up.dropped": lazy("Tindak lanjut tidak dilanjutkan"),
    "follow-up.reopened": lazy("Tindak lanjut dibuka kembali"),
    "mentoring.started": lazy("Pendampingan dimulai"),
    "mentoring.session": lazy("Sesi pendampingan dicatat"),
    "mentoring.ended": lazy("Pendampingan berakhir"),
    "proposal.logged": lazy("Disebut dalam usulan forum"),
    "field.forgotten": lazy("Catatan lapangan dikosongkan"),
    "identity.revealed": lazy("NIK dibuka"),
    "identity.looked-up": lazy("Dicari dengan NIK"),
}

# What nobody with an account did: a visitor's report, and the closing it proposes (from_public.py).
OF_THE_PUBLIC = {"tip.received", "submission.proposed", "submission.submitted"}

# What an owner did by a personal link (registry/outreach); what it proposes is told by its source.
OF_THE_OWNER = {"owner-link.answered", "check.recorded", "business.confirmed"}


def unattended(act):
    """Who stands at a line of the trail that names no person."""
    if act in OF_THE_OWNER:
        return _("Pemilik lewat tautan")
    return _("Masyarakat") if act in OF_THE_PUBLIC else _("Aturan portal")


RETURN_REASONS = (
    lazy("Alamat belum lengkap: tulis gang, nomor rumah, RT dan RW."),
    lazy("Nomor legalitas tidak sama dengan dokumennya."),
    lazy("Foto tidak jelas. Kirim ulang foto produk atau tempat usaha."),
    lazy("Telepon tidak dapat dihubungi. Pastikan nomornya dan milik siapa."),
)
# What a note on one field usually says, by the field or the belonging it stands at.
NOTE_REASONS = {
    "name": (lazy("Periksa ejaannya."), lazy("Tulis seperti di papan nama.")),
    "activity": (lazy("Sebut produknya, bukan hanya jenis usahanya."),),
    "address": (lazy("Tulis gang dan nomor rumahnya."), lazy("Alamat ini di kelurahan lain.")),
    "rt": (lazy("RT dan RW tidak cocok dengan alamatnya."),),
    "phone": (lazy("Nomor ini tidak dapat dihubungi."), lazy("Nomor siapa ini?")),
    "kbli": (lazy("Kode KBLI tidak cocok dengan kegiatannya."),),
    "workers": (lazy("Pemilik ikut dihitung?"),),
    "turnover_idr": (lazy("Per hari, minggu atau bulan?"),),
    "capital_idr": (lazy("Tanpa tanah dan bangunan?"),),
    "owner": (lazy("Periksa ejaan nama pemilik."), lazy("NIK-nya menyusul kapan?")),
    "licence": (lazy("Nomornya tidak sama dengan dokumen."), lazy("Lampirkan foto dokumennya.")),
    "product": (lazy("Sebut harga dan satuannya."),),
    "photo": (lazy("Foto tidak jelas, kirim ulang."), lazy("Foto ini bukan produk atau tempat usahanya.")),
    "consent": (lazy("Kapan dan lewat apa pemilik setuju?"),),
}
USUAL_NOTES = (lazy("Periksa lagi."), lazy("Sebut sumbernya."))
MEND_REASONS = (
    lazy("Salah ketik diperbaiki."),
    lazy("Huruf besar dan spasi dirapikan."),
    lazy("Nomor dirapikan, isinya sama."),
)
REJECT_REASONS = (
    lazy("Usaha berada di luar Kota Malang."),
    lazy("Usaha ini sudah tercatat (data ganda)."),
    lazy("Usaha tidak ditemukan di tempat yang ditulis."),
    lazy("Isian bukan usaha."),
)


NEED_TO_KNOW = {name for name, spec in fields.BUSINESS.items() if spec.need_to_know} | {
    f"{kind}.{name}"
    for kind, table in fields.ITEMS.items()
    for name, spec in table.items()
    if spec.need_to_know
}


def is_hidden(key, hidden):
    """Whether a key of a note or a mend ("turnover_idr", "owner.1a2b3c4d.disability") is hidden."""
    parts = key.split(".")
    return key in hidden or f"{parts[0]}.{parts[-1]}" in hidden


def notes_told(submission, hidden=NEED_TO_KNOW):
    """[(label, text)] of a reviewer's notes on fields, without those on fields the reader may not see."""
    return [
        (label_of(key, submission.items), text)
        for key, text in (submission.notes or {}).items()
        if not is_hidden(key, hidden)
    ]


def timeline(entries, addresses=None, *, hidden=NEED_TO_KNOW, mended=None):
    """Audit entries, newest first, as [{"title", "text", "by", "at", "url"}] for the timeline component.

    `entries` come with `recorded_by` joined; `addresses` maps (target_type, target_id) to a page. Several
    edits in a row by one person are told once. What notes say about `hidden` fields is left out (all that
    are need-to-know, unless the caller knows that the reader may). `mended` maps a submission's id to what a
    reviewer corrected in it (display.mends_told).
    """
    found, last = [], None
    for entry in entries:
        mark = (entry.act, entry.target_id, entry.recorded_by_id)
        if entry.act == "submission.edited" and mark == last:
            continue
        last = mark
        found.append(
            {
                "title": _title(entry),
                "text": _text(entry, hidden, mended or {}),
                "by": entry.recorded_by.name if entry.recorded_by else unattended(entry.act),
                "at": entry.recorded_at,
                "url": (addresses or {}).get((entry.target_type, entry.target_id), ""),
            }
        )
    return found


def _title(entry):
    title = str(ACTS.get(entry.act, _("Perubahan tercatat")))
    kind = (entry.detail or {}).get("kind")
    if entry.act in ("submission.submitted", "submission.approved", "submission.proposed") and kind in KINDS:
        return f"{title}: {KINDS[kind]}"
    return title


def _text(entry, hidden, mended):
    act, detail = entry.act, entry.detail or {}
    if act == "submission.edited" and detail.get("fields"):
        return ", ".join(label_of(name) for name in detail["fields"][:6])
    if act == "submission.returned":
        notes = [
            f"{label_of(key)}: {text}"
            for key, text in (detail.get("notes") or {}).items()
            if not is_hidden(key, hidden)
        ]
        return " ".join(filter(None, [detail.get("reason", ""), *notes]))
    if act in ("submission.rejected", "submission.move-declined", "tip.dismissed"):
        return detail.get("reason", "")
    if act == "submission.approved":
        return _how_approved(entry, detail, mended)
    if act == "sample.checked":
        return _("Hasil: keliru.") if detail.get("verdict") == "wrong" else _("Hasil: sesuai.")
    if act.endswith("-verified") and detail.get("how") in HOW:
        return _("Lewat %s.") % HOW[detail["how"]]
    if act == "consent.withdrawn" and detail.get("group") in CONSENTS:
        return _("Untuk %s. Langsung tidak tampil lagi.") % CONSENTS[detail["group"]]
    return ""


def _how_approved(entry, detail, mended):
    said = []
    if detail.get("rule"):
        said.append(
            _("Koreksi ringan oleh staf kota, disetujui aturan portal; diperiksa lewat sampel bulanan.")
        )
    if detail.get("batch"):
        said.append(_("Bersama satu kumpulan data."))
    if detail.get("together"):
        said.append(_("Disetujui bersama %d data tanpa peringatan.") % detail["together"])
    if detail.get("kept"):
        said.append(_("Dibiarkan seperti semula: %s.") % ", ".join(label_of(name) for name in detail["kept"]))
    if detail.get("mended"):
        told = mended.get(entry.target_id) or ", ".join(label_of(key) for key in detail["mended"])
        said.append(_("Dengan perbaikan: %s.") % told.rstrip("."))
    return " ".join([*said, detail.get("reason", "")]).strip()


def what_happens_next(submission, age=None):
    """One sentence for the proposer: what this state means and who moves next. `age` in working days."""
    status = submission.status
    if status == "draft":
        return _("Belum dikirim. Lengkapi yang wajib, lalu kirim.")
    if status == "returned":
        return _("Perbaiki isian yang diberi catatan, lalu kirim lagi.")
    if status == "submitted":
        if age is not None and age > TARGET_WORKING_DAYS:
            return _("Menunggu %(age)d hari kerja, lebih lama dari biasanya. Tidak perlu dikirim ulang.") % {
                "age": age
            }
        return _("Diperiksa verifikator, biasanya dalam %(days)d hari kerja.") % {"days": TARGET_WORKING_DAYS}
    if status == "approved":
        return {
            "register": _("Sudah masuk data UMKM. Terdata, belum berarti terverifikasi."),
            "close": _("Usaha tercatat tutup dan tidak tampil lagi di direktori."),
        }.get(submission.kind, _("Perubahan sudah masuk data UMKM."))
    if status == "rejected":
        return _("Tidak dimasukkan ke data UMKM. Alasannya ada di bawah; bila keliru, kirim isian baru.")
    return _("Ditarik oleh pengirim. Tidak ada yang berubah pada data UMKM.")


def why_not_decided(submission, user):
    """Why this user cannot decide a waiting submission, in words; "" when they can or it is decided."""
    code = submission.obstacle_to_decide(user)
    if code == "own-submission" and submission.source == "owner_link":
        return _("Anda membuat tautan pemilik ini atau ikut mengubah datanya; orang lain yang memutuskan.")
    if code == "in-batch":
        return _("Data ini bagian dari satu kumpulan dan diputuskan bersama kumpulannya.")
    return {
        "not-found": _("Data ini di luar wilayah yang Anda verifikasi."),
        "own-submission": _("Anda mengirim atau ikut mengubah data ini, jadi harus diputuskan orang lain."),
        "not-overdue": _("Masih dalam tenggat verifikator. Anda memutuskan yang lewat %d hari kerja.")
        % TARGET_WORKING_DAYS,
    }.get(code, "")


def who_was_first(submission):
    """ "Sudah disetujui Wiji Lestari, 22 November 2026 10.32." for one whose decision came too late."""
    status = submission.get_status_display().lower()
    if submission.decided_at:
        name = submission.decided_by.name if submission.decided_by_id else _("aturan portal")
        at = submission.decided_at
    elif submission.status == "returned":
        status, at = _("dikembalikan untuk diperbaiki"), submission.returned_at
        name = submission.returned_by.name if submission.returned_by_id else ""
    elif submission.status == "withdrawn":
        at, name = submission.withdrawn_at, submission.withdrawn_by.name if submission.withdrawn_by_id else ""
    else:
        return _("Sekarang berstatus %s.") % status
    return _("Sudah %(status)s oleh %(name)s, %(at)s.") % {"status": status, "name": name, "at": moment(at)}


LEFT_REASONS = {
    "warning": lazy("ada peringatan yang perlu dilihat"),
    "conflict": lazy("data usahanya berubah sejak diusulkan"),
    "row-gone": lazy("data usahanya berubah sejak diusulkan"),
    "own-submission": lazy("Anda kirim atau ubah sendiri"),
    "move": lazy("pindah kelurahan, diputuskan satu per satu"),
    "close": lazy("tutup permanen, diputuskan satu per satu"),
    "move-not-agreed": lazy("kelurahan penerima belum menyetujui"),
    "not-found": lazy("di luar wilayah Anda"),
    "in-batch": lazy("bagian dari satu kumpulan"),
    "not-overdue": lazy("masih dalam tenggat verifikator"),
    "submission-decided": lazy("sudah diputuskan orang lain"),
    "submission-wrong-state": lazy("sudah tidak menunggu"),
    "changed-meanwhile": lazy("dikirim ulang sejak Anda membukanya"),
    "nik-taken": lazy("NIK pemiliknya sudah tercatat"),
}


def why_left(code):
    """Why one was not approved together with the others, to stand after a count."""
    return str(LEFT_REASONS.get(code, _("ditolak oleh aturan data")))
