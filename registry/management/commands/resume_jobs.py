"""manage.py resume_jobs: queue again what a stopped worker left; run it before the worker starts."""

from django.core.management.base import BaseCommand

from registry.imports.tasks import resume


class Command(BaseCommand):
    help = "Mengantrekan lagi pekerjaan yang terputus. Jalankan sebelum pekerja latar dimulai."

    def handle(self, **options):
        self.stdout.write(f"{resume()} pekerjaan diteruskan.")
