"""Acts, targets and details of the trail in plain words, with what belongs to a person covered."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.models import Business
from registry.models import Person, Post, Submission
from registry.people import disclosures
from registry.regions import posts
from registry.submissions import wording
from umkm_portal.lib.formats import day
from umkm_portal.lib.redact import redact
from umkm_portal.lib.text import mask_long_digits

ACTS = {
    **wording.ACTS,
    **posts.ACTS,
    **disclosures.ACTS,
    "submission.expired": lazy("Draf lama dihapus"),
    "submission.identity-expired": lazy("NIK pada usulan yang batal dihapus"),
    "business.exported": lazy("Daftar usaha diunduh"),
    "export.fetched": lazy("Berkas unduhan diambil"),
    "person.erased": lazy("Data orang dihapus"),
    "proposal.answered": lazy("Usulan forum dijawab"),
    "proposal.corrected": lazy("Usulan forum diperbaiki"),
    "proposal.exported": lazy("Daftar usulan diunduh"),
    "visit-board.exported": lazy("Papan kunjungan diunduh"),
    "visit.proposed": lazy("Usulan disebut pada kunjungannya"),
    "visit-day.planned": lazy("Hari kunjungan dibuat"),
    "visit-day.changed": lazy("Hari kunjungan diubah"),
    "visit-day.moved": lazy("Hari kunjungan dipindah ke tanggal lain"),
    "visit-day.added": lazy("Kunjungan dimasukkan ke satu hari"),
    "visit-day.removed": lazy("Kunjungan dikeluarkan dari harinya"),
    "visit-day.cancelled": lazy("Hari kunjungan dibatalkan"),
    "monthly-report.begun": lazy("Laporan bulanan disusun"),
    "monthly-report.written": lazy("Catatan laporan bulanan ditulis"),
    "monthly-report.submitted": lazy("Laporan bulanan diserahkan kepada lurah"),
    "monthly-report.returned": lazy("Laporan bulanan dikembalikan"),
    "monthly-report.approved": lazy("Laporan bulanan disetujui dan dikirim"),
    "monthly-report.received": lazy("Laporan bulanan diterima"),
    "monthly-report.corrected": lazy("Koreksi laporan bulanan dimulai"),
    "monthly-report.reminded": lazy("Laporan bulanan diingatkan"),
    "monthly-report.taken": lazy("Laporan bulanan diunduh"),
    "monthly-report.recap-taken": lazy("Rekap laporan bulanan diunduh"),
    "organisation.added": lazy("Instansi atau mitra dicatat"),
    "organisation.changed": lazy("Instansi atau mitra diubah"),
    "membership.added": lazy("Wakil instansi ditetapkan"),
    "membership.changed": lazy("Masa wakil instansi diubah"),
    "office-holder.added": lazy("Pejabat dicatat"),
    "office-holder.changed": lazy("Data pejabat diubah"),
    "office-address.added": lazy("Alamat kantor dicatat"),
    "office-address.changed": lazy("Alamat kantor diubah"),
    "check.exported": lazy("Daftar perlu dipastikan diunduh"),
    "sheet.made": lazy("Lembar RW dibuat"),
    "sheet.keyed": lazy("Lembar RW diketik"),
    "outreach.queued": lazy("Antrean WhatsApp dibuat"),
    "outreach.answered": lazy("Jawaban WhatsApp dicatat"),
    "outreach.again": lazy("Pesan WhatsApp dikembalikan ke antrean"),
    "outreach.closed": lazy("Antrean WhatsApp ditutup"),
    "batch.submitted": lazy("Kumpulan dikirim"),
    "batch.proposed": lazy("Ubah banyak dikirim"),
    "batch.approved": lazy("Kumpulan disetujui"),
    "batch.applied": lazy("Kumpulan diterapkan"),
    "batch.rejected": lazy("Kumpulan ditolak"),
    "batch.withdrawn": lazy("Kumpulan ditarik"),
    "import.uploaded": lazy("Daftar diunggah"),
    "import.sent": lazy("Unggahan dikirim"),
    "import.file-deleted": lazy("Berkas unggahan dihapus"),
    "import.originals-expired": lazy("Isi asli daftar dihapus"),
    "job.file-deleted": lazy("Berkas unduhan dihapus"),
    "account.created": lazy("Akun dibuat"),
    "account.changed": lazy("Akun diubah"),
    "account.password-changed": lazy("Kata sandi diganti"),
    "account.second-factor-enrolled": lazy("Pengaman dua langkah diaktifkan"),
    "account.second-factor-removed": lazy("Pengaman dua langkah dimatikan"),
    "account.second-factor-reset": lazy("Pengaman dua langkah dihapus admin"),
    "account.devices-forgotten": lazy("Perangkat yang diingat dilupakan"),
    "account.session-ended": lazy("Sesi diakhiri"),
    "token.created": lazy("Token API dibuat"),
    "token.ended": lazy("Token API diakhiri"),
    "token.all-ended": lazy("Semua token API diakhiri"),
    "trail.opened": lazy("Jejak dibuka"),
    "trail.exported": lazy("Jejak diunduh"),
}
# What of a line's detail is told: counts, names of fields, days, numbers of letters. Free text stays where it
# was written (the business's history shows it within reach), but for the reason a number was revealed.
DETAILS = {
    "fields": lazy("isian"),
    "mended": lazy("diperbaiki"),
    "count": lazy("jumlah"),
    "total": lazy("jumlah"),
    "filters": lazy("filter"),
    "columns": lazy("kolom"),
    "kind": lazy("jenis"),
    "rule": lazy("aturan"),
    "what": lazy("apa"),
    "how": lazy("lewat"),
    "through": lazy("lewat"),
    "found": lazy("jawaban"),
    "verdict": lazy("hasil"),
    "role": lazy("peran"),
    "region": lazy("wilayah"),
    "on": lazy("per"),
    "ended_on": lazy("tadinya sampai"),
    "ends_on": lazy("sampai"),
    "letter": lazy("surat"),
    "answer": lazy("jawaban"),
    "activity": lazy("kegiatan"),
}
DAYS = {"on", "ended_on", "ends_on"}
REASON_SHOWN = {disclosures.REVEALED, "person.erased"}
VALUES = {
    "in-reach": lazy("ada"),
    "elsewhere": lazy("di luar wilayah"),
    "nobody": lazy("belum tercatat"),
    "refused": lazy("ditolak"),
    "submission": lazy("usulan"),
    "page": lazy("halaman"),
    "export": lazy("unduhan"),
    "api": "API",
    "api-list": lazy("daftar API"),
    "nik": "NIK",
    "kk": "KK",
}
TYPES = {
    "person": lazy("Orang"),
    "business": lazy("Usaha"),
    "submission": lazy("Usulan"),
    "tip": lazy("Masukan"),
    "visitrequest": lazy("Laporan perlu didatangi"),
    "visit": lazy("Kunjungan"),
    "visitday": lazy("Hari kunjungan"),
    "followup": lazy("Tindak lanjut"),
    "mentoring": lazy("Pendampingan"),
    "proposal": lazy("Usulan forum"),
    "monthlyreport": lazy("Laporan bulanan"),
    "organisation": lazy("Instansi atau mitra"),
    "membership": lazy("Wakil instansi"),
    "officeholder": lazy("Pejabat"),
    "officeaddress": lazy("Alamat kantor"),
    "batch": lazy("Kumpulan"),
    "import": lazy("Unggahan"),
    "post": lazy("Jabatan"),
    "user": lazy("Akun"),
    "consent": lazy("Persetujuan"),
    "check": lazy("Jawaban masih aktif"),
    "sheet": lazy("Lembar RW"),
    "ownerlink": lazy("Tautan pemilik"),
    "outreachqueue": lazy("Antrean WhatsApp"),
    "outreachline": lazy("Pesan WhatsApp"),
}


def told(entries, user):
    """[{"at", "by", "username", "act", "target", "url", "about", "about_url", "detail"}] of a page of lines.

    Persons appear by the last digits of their NIK, never by name; links lead only to what `user` may read.
    """
    entries = list(entries)
    names = _Names(entries, user)
    return [
        {
            "at": entry.recorded_at,
            "by": str(entry.recorded_by) if entry.recorded_by else wording.unattended(entry.act),
            "username": entry.recorded_by.username if entry.recorded_by else "",
            "act": ACTS.get(entry.act, entry.act),
            **names.target(entry),
            **names.about(entry),
            "detail": details(entry),
        }
        for entry in entries
    ]


def details(entry):
    """The tellable part of a line's detail as one text, numbers of persons covered."""
    found = []
    for key, value in (entry.detail or {}).items():
        if key not in DETAILS and not (key == "reason" and entry.act in REASON_SHOWN):
            continue
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(part) for part in value)
        text = day(value) if key in DAYS else str(VALUES.get(value, value)) if value is not None else ""
        if text:
            label = DETAILS.get(key, _("alasan"))
            safe = text if key == "region" else redact(mask_long_digits(text))  # a region's code is no number
            found.append(f"{label}: {safe[:200]}")
    return "; ".join(found)


class _Names:
    """What the lines of one page point at, read in a few queries."""

    def __init__(self, entries, user):
        ids = {}
        for entry in entries:
            if entry.target_id.isdigit():
                ids.setdefault(entry.target_type, set()).add(int(entry.target_id))
        self.people = Person.objects.visible_to(user).only("uuid", "nik_last4").in_bulk(ids.get("person", ()))
        rows = Submission.objects.visible_to(user).only("uuid").in_bulk(ids.get("submission", ()))
        self.submissions = {pk: row.uuid for pk, row in rows.items()}
        self.posts = Post.objects.select_related("user", "region").in_bulk(ids.get("post", ()))
        self.accounts = dict(
            Post._meta.get_field("user")
            .related_model.objects.filter(pk__in=ids.get("user", ()))
            .values_list("pk", "username")
        )
        businesses = Business.objects.visible_to(user).filter(uuid__in={e.about for e in entries} - {None})
        self.businesses = {b.uuid: b for b in businesses.only("uuid", "name", "slug")}

    def target(self, entry):
        kind, pk = entry.target_type, int(entry.target_id) if entry.target_id.isdigit() else None
        label, url = str(TYPES.get(kind, kind)), ""
        if kind == "person" and pk in self.people:
            person = self.people[pk]
            label = f"{label} {person.nik_masked}".strip()
            url = reverse("person-detail", args=[person.uuid])
        elif kind == "submission" and pk in self.submissions:
            url = reverse("submission-detail", args=[self.submissions[pk]])
        elif kind == "post" and pk in self.posts:
            label = f"{self.posts[pk]}, {self.posts[pk].user}"
        elif kind == "user" and pk in self.accounts:
            label = f"{label} {self.accounts[pk]}"
        return {"target": label, "url": url}

    def about(self, entry):
        business = self.businesses.get(entry.about)
        if business is None:
            return {"about": "", "about_url": ""}
        return {"about": business.name, "about_url": business.get_absolute_url()}
