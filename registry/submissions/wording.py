"""The room's acts and states in plain words: timeline, what happens next, reasons to choose from."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.submissions.ages import TARGET_WORKING_DAYS
from registry.submissions.difference import label_of

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
    "submission.set-aside": lazy("Dikeluarkan dari unggahan untuk diperiksa sendiri"),
    "business.existence-verified": lazy("Keberadaan diverifikasi"),
    "business.identity-verified": lazy("Identitas pemilik diverifikasi"),
    "business.confirmed": lazy("Dipastikan masih aktif"),
    "consent.withdrawn": lazy("Persetujuan ditarik"),
    "identity.revealed": lazy("NIK dibuka"),
    "identity.looked-up": lazy("Dicari dengan NIK"),
}

RETURN_REASONS = (
    lazy("Alamat belum lengkap: tulis gang, nomor rumah, RT dan RW."),
    lazy("Nomor legalitas tidak sama dengan dokumennya."),
    lazy("Foto tidak jelas. Kirim ulang foto produk atau tempat usaha."),
    lazy("Telepon tidak dapat dihubungi. Pastikan nomornya dan milik siapa."),
)
REJECT_REASONS = (
    lazy("Usaha berada di luar Kota Malang."),
    lazy("Usaha ini sudah tercatat (data ganda)."),
    lazy("Usaha tidak ditemukan di tempat yang ditulis."),
    lazy("Isian bukan usaha."),
)


def timeline(entries, addresses=None):
    """Audit entries, newest first, as [{"title", "text", "by", "at", "url"}] for the timeline component.

    `entries` come with `recorded_by` joined; `addresses` maps (target_type, target_id) to a page. Several
    edits in a row by one person are told once.
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
                "text": _text(entry.act, entry.detail or {}),
                "by": entry.recorded_by.name if entry.recorded_by else _("Aturan portal"),
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


def _text(act, detail):
    if act == "submission.edited" and detail.get("fields"):
        return ", ".join(label_of(name) for name in detail["fields"][:6])
    if act == "submission.returned":
        notes = [f"{label_of(key)}: {text}" for key, text in (detail.get("notes") or {}).items()]
        return " ".join(filter(None, [detail.get("reason", ""), *notes]))
    if act in ("submission.rejected",):
        return detail.get("reason", "")
    if act == "submission.approved" and detail.get("batch"):
        return _("Bersama unggahan Excel.")
    if act == "submission.approved" and detail.get("kept"):
        return _("Dibiarkan seperti semula: %s") % ", ".join(label_of(name) for name in detail["kept"])
    if act.endswith("-verified") and detail.get("how") in HOW:
        return _("Lewat %s.") % HOW[detail["how"]]
    if act == "consent.withdrawn" and detail.get("group") in CONSENTS:
        return _("Untuk %s. Langsung tidak tampil lagi.") % CONSENTS[detail["group"]]
    return ""


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
    return {
        "not-found": _("Data ini di luar wilayah yang Anda verifikasi."),
        "in-batch": _("Data ini bagian dari unggahan Excel dan diputuskan bersama unggahannya."),
        "own-submission": _("Anda mengirim atau ikut mengubah data ini, jadi harus diputuskan orang lain."),
    }.get(submission.obstacle_to_decide(user), "")
