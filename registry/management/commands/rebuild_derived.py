"""manage.py rebuild_derived: compute derived columns again; run it every night, licences expire."""

from django.core.management.base import BaseCommand

from registry.businesses.rebuild import rebuild_derived, recount


class Command(BaseCommand):
    help = "Menghitung ulang kolom turunan semua usaha, misalnya sertifikat yang masa berlakunya habis."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_derived()} usaha diperbarui.")
        recount()
