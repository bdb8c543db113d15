"""manage.py daily: what the clock does each morning; run it once a day, before the office opens."""

from django.core.management.base import BaseCommand

from programs.monthly.reminding import mark_reminded
from programs.visits.follow_ups import FollowUp


class Command(BaseCommand):
    help = "Menandai yang lewat tenggat: tindak lanjut dan laporan bulanan. Jalankan tiap pagi."

    def handle(self, **options):
        self.stdout.write(f"{FollowUp.escalate_overdue()} tindak lanjut lewat tenggat disampaikan.")
        self.stdout.write(f"{mark_reminded()} laporan bulanan lewat tenggat diingatkan.")
