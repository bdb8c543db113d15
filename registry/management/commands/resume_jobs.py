"""manage.py resume_jobs: queue again what a stopped worker left; run it before the worker starts."""

from django.core.management.base import BaseCommand

from registry.businesses.tasks import resume as resume_exports
from registry.imports.tasks import resume
from registry.submissions.bulk_tasks import resume as resume_changes


class Command(BaseCommand):
    help = "Mengantrekan lagi pekerjaan yang terputus. Jalankan sebelum pekerja latar dimulai."

    def handle(self, **options):
        self.stdout.write(f"{resume() + resume_exports() + resume_changes()} pekerjaan diteruskan.")
