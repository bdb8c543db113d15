"""manage.py demo: a whole demo city on this machine, then the site and its worker."""

import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.models import Business
from umkm_portal.demo import accounts, city, clock, field, life, officials

ADDRESS = "127.0.0.1:8000"
RECORDED_BEFORE = 200  # days before today on which the city was recorded


class Command(BaseCommand):
    help = "Menyiapkan kota contoh lalu menjalankan portal di http://127.0.0.1:8000."

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="berhenti sebelum menjalankan portal")
        parser.add_argument("--businesses", type=int, default=city.TOTAL, help="banyaknya usaha contoh")
        parser.add_argument("--address", default=ADDRESS, help="alamat dan porta portal")

    def handle(self, no_serve, businesses, address, **options):
        if not accounts.allowed():
            raise CommandError("Kota contoh hanya untuk DEBUG pada komputer sendiri (lihat .env.example).")
        start = time.monotonic()
        call_command("migrate", verbosity=0)
        self.say(start, "Basis data siap.")
        call_command("load_reference", verbosity=0, stdout=self.silent())
        users = accounts.make_accounts()
        self.say(start, f"Data acuan dan {len(users)} akun contoh siap.")
        if not Business.objects.exists():
            self.fill(start, users, businesses)
        self.say(start, f"Kota contoh berisi {Business.objects.count()} usaha.")
        self.tell(address)
        if not no_serve:
            self.serve(address)

    def fill(self, start, users, businesses):
        workbook = settings.VAR_DIR / "demo" / "pendataan-umkm-contoh.xlsx"
        count = city.write_workbook(workbook, total=businesses)
        self.say(start, f"Daftar contoh ditulis: {count} baris di {workbook.name}.")
        # Some months ago: the reports of past months need businesses that were recorded then.
        with clock.on_the_day(timezone.localdate() - timedelta(days=RECORDED_BEFORE)):
            call_command(
                "import_businesses",
                str(workbook),
                apply=True,
                by="operator",
                approve_by="verifikator",
                stdout=self.silent(),
            )
        self.say(start, "Daftar contoh diunggah, disetujui dan diterapkan.")
        done = life.live(users)
        self.say(
            start,
            f"{done['photos']} foto, {done['waiting']} perubahan menunggu, {done['drafts']} draf, "
            f"{done['returned']} dikembalikan.",
        )
        officials.appoint()
        told = field.live(users)
        self.say(
            start,
            f"Tiga bulan di lapangan: {told['reports']} laporan, {told['visits']} kunjungan, "
            f"{told['follow_ups']} tindak lanjut, {told['proposals']} usulan, {told['checks']} pemeriksaan, "
            f"{told['monthly']} laporan bulanan.",
        )

    def say(self, start, text):
        self.stdout.write(f"[{time.monotonic() - start:5.1f} dtk] {text}")

    @staticmethod
    def silent():
        import io

        return io.StringIO()

    def tell(self, address):
        lines = [
            "",
            f"  Portal          http://{address}/",
            f"  Masuk petugas   http://{address}/masuk/",
            f"  API             http://{address}/api/v1/docs/",
            "",
            f"  Akun contoh, kata sandi {settings.DEMO_PASSWORD}:",
            *(f"    {a[0]:<20} {a[4]}" for a in accounts.ACCOUNTS),
            "",
        ]
        self.stdout.write("\n".join(lines))

    def serve(self, address):
        """The worker beside the site; both end with Ctrl+C."""
        call_command("resume_jobs", stdout=self.silent())
        worker = subprocess.Popen([sys.executable, "manage.py", "db_worker"], cwd=settings.BASE_DIR)
        try:
            subprocess.call(
                [sys.executable, "manage.py", "runserver", address, "--noreload"], cwd=settings.BASE_DIR
            )
        except KeyboardInterrupt:
            pass
        finally:
            worker.terminate()
            worker.wait(timeout=30)
