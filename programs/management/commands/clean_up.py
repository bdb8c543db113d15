"""manage.py clean_up: delete what may no longer be kept (docs/personal-data.md); run it every night."""

from django.core.management.base import BaseCommand

from accounts.idempotency import delete_answered
from accounts.sessions import delete_ended
from accounts.tokens import delete_expired
from programs.visits.retention import forget_pictures, forget_words
from registry.businesses.jobs import delete_old_files as delete_old_results
from registry.imports.actions import delete_old_files
from registry.imports.retention import empty_old_originals
from registry.submissions.retention import delete_idle_drafts, delete_unused_photos, drop_identities
from registry.tips.retention import forget_contacts


class Command(BaseCommand):
    help = "Menghapus draf, foto, berkas unggahan dan token yang masa simpannya habis."

    def handle(self, **options):
        self.stdout.write(f"{delete_idle_drafts()} draf lama dihapus.")
        self.stdout.write(f"{delete_unused_photos()} foto usulan lama dihapus.")
        self.stdout.write(f"{delete_old_files()} berkas unggahan lama dihapus.")
        self.stdout.write(f"{delete_old_results()} berkas unduhan lama dihapus.")
        self.stdout.write(f"{empty_old_originals()} baris asli daftar dikosongkan.")
        self.stdout.write(f"{drop_identities()} usulan batal dikosongkan NIK-nya.")
        self.stdout.write(f"{forget_contacts()} kontak pelapor dihapus.")
        self.stdout.write(f"{forget_pictures()} foto lapangan lama dihapus.")
        self.stdout.write(f"{forget_words()} catatan lapangan lama dikosongkan.")
        self.stdout.write(f"{delete_ended()} catatan sesi lama dihapus.")
        self.stdout.write(f"{delete_expired()} token kedaluwarsa dihapus.")
        self.stdout.write(f"{delete_answered()} jawaban API lama dihapus.")
