"""Bring a list of businesses in: look at it, and with --apply send it, and with --approve-by apply it.

Prints counts and the reasons of each row with row and column; never a name of an owner, a NIK or a phone
number. Without --apply nothing at all is written.
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from registry.imports import actions
from registry.regions.access import reach
from registry.submissions.actions import apply_batch
from umkm_portal.lib.errors import Refused


class Command(BaseCommand):
    help = "Membaca daftar usaha (.csv .tsv .xlsx .xls .ods) dan, dengan --apply, mengirimkannya."

    def add_arguments(self, parser):
        parser.add_argument("file", help="berkas daftar")
        parser.add_argument("--sheet", type=int, help="nomor lembar, mulai 1 (bawaan: yang paling berisi)")
        parser.add_argument(
            "--kelurahan", default="", help="kode kelurahan untuk baris yang tidak menyebutnya"
        )
        parser.add_argument("--apply", action="store_true", help="kirim untuk verifikasi")
        parser.add_argument("--by", help="nama akun pengunggah, perlu untuk --apply")
        parser.add_argument("--approve-by", help="nama akun orang lain yang menyetujui dan menerapkan")
        parser.add_argument("--json", action="store_true", dest="as_json", help="cetak satu objek JSON")

    def handle(self, file, sheet, kelurahan, apply, by, approve_by, as_json, **options):
        path = Path(file)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Berkas {path.name} tidak dapat dibuka.") from error
        try:
            who = self.people(apply, by, approve_by)
            options = actions.Options(sheet=sheet, kelurahan=kelurahan.strip())
            if not apply:
                compared = actions.look(data, path.name, options)
                self.tell(compared, as_json)
                return
            self.bring(data, path.name, options, *who, as_json)
        except Refused as refused:
            if as_json:
                self.stdout.write(json.dumps({"refused": refused.code, "detail": refused.message}))
            raise CommandError(refused.message) from refused

    def people(self, apply, by, approve_by):
        if not apply:
            if by or approve_by:
                raise CommandError("--by dan --approve-by hanya berlaku bersama --apply.")
            return None, None
        if not by:
            raise CommandError("--apply memerlukan --by, nama akun pengunggah.")
        uploader = self.user(by, "registry.upload_import", "mengunggah daftar")
        if not approve_by:
            return uploader, None
        decider = self.user(approve_by, "registry.decide_import", "memutuskan daftar")
        if uploader.pk == decider.pk:
            raise CommandError("Penyetuju harus orang lain, bukan pengunggah sendiri.")
        return uploader, decider

    def user(self, username, permission, act):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Akun {username} tidak ada.")
        if not reach(user, permission).everywhere:
            raise CommandError(f"Akun {username} tidak berhak {act}.")
        return user

    def bring(self, data, filename, options, by, approve_by, as_json):
        compared = actions.look(data, filename, options)
        state = "nothing-new"
        if compared.counts()["accepted"]:
            upload = actions.upload(data, filename, options, by=by)
            actions.keep(upload, compared)
            upload.begin_sending(by=by)
            batch = actions.send(upload)
            if approve_by:
                batch.approve(by=approve_by)
                apply_batch(batch)
            state = batch.state
        self.tell(compared, as_json, state)

    def tell(self, compared, as_json, state=""):
        counts = compared.counts()
        rows = list(self.rows(compared))
        if as_json:
            answer = counts | {"notes": [str(n) for n in compared.plan.notes], "rows": rows}
            if state:
                answer["state"] = state
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        self.stdout.write(json.dumps(counts))
        if state:
            self.stdout.write(f"state: {state}")
        for note in compared.plan.notes:
            self.stdout.write(f"* {note}")
        for row in rows:
            head = f"baris {row['row']} [{row['outcome']}]"
            if row.get("candidate_of"):
                self.stdout.write(f"{head} mirip dengan baris {row['candidate_of']}; periksa apakah sama.")
            elif row.get("candidate"):
                self.stdout.write(f"{head} mirip dengan usaha yang sudah tercatat; periksa apakah sama.")
            for message in row["messages"]:
                where = f" kolom {message['column']} ({message['header']})" if message["column"] else ""
                self.stdout.write(f"{head}{where}: {message['message']}")

    def rows(self, compared):
        """Every row there is something to say about, with its reasons."""
        for record in compared.plan.records:
            shown = actions.messages_of(record)
            candidate = record.outcome == "accepted" and (
                record.candidate_of is not None or record.number in compared.candidates
            )
            changed = record.number in compared.changes
            if not (shown or candidate or changed or record.outcome != "accepted"):
                continue
            row = {"row": record.number, "outcome": record.outcome}
            if record.duplicate_of:
                row["duplicate_of"] = record.duplicate_of
            if candidate:
                row["candidate"] = True
                if record.candidate_of:
                    row["candidate_of"] = record.candidate_of
            if changed:
                row["changed"] = True
            row["messages"] = [{"column": c, "header": h, "message": m} for c, h, m in shown]
            yield row
