"""manage.py assign_post USER ROLE REGION_CODE: give an account a post, for instance to the first admin."""

from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from registry.models import Post, Region
from registry.regions.roles import Role
from umkm_portal.lib.errors import Refused


def iso_date(text):
    """A date for argparse; raises ValueError, which argparse turns into a usage message."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Memberi jabatan kepada satu akun, misalnya admin pertama sesudah createsuperuser."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("region_code", help="kode Kemendagri, misalnya 35.73 atau 35.73.01.1007")
        parser.add_argument("--from", dest="starts_on", type=iso_date, help="hari pertama, YYYY-MM-DD")
        parser.add_argument("--to", dest="ends_on", type=iso_date, help="hari terakhir, YYYY-MM-DD")

        parser.add_argument("--letter", default="", help="nomor surat tugas, wajib bagi pemeriksa (auditor)")

    def handle(self, username, role, region_code, starts_on, ends_on, letter, **options):
        user = User.objects.filter(username=username, is_active=True).first()
        region = Region.objects.filter(code=region_code).first()
        if user is None:
            raise CommandError(f"Tidak ada akun aktif bernama {username}.")
        if region is None:
            raise CommandError(
                f"Tidak ada wilayah berkode {region_code}. Jalankan load_reference lebih dulu."
            )
        starts_on = starts_on or timezone.localdate()
        ends_on = ends_on or starts_on + timedelta(days=365)
        try:
            post = Post.assign(
                user=user,
                role=role,
                region=region,
                starts_on=starts_on,
                ends_on=ends_on,
                by=None,
                letter=letter,
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{username}: {post}, {starts_on} sampai dengan {ends_on}.")
