"""manage.py rebuild_search: make the search index anew; once after an upgrade, or when it is in doubt."""

from django.core.management.base import BaseCommand

from registry.businesses.rebuild import rebuild_search


class Command(BaseCommand):
    help = "Menyusun ulang indeks pencarian, kosakata, dan jumlah untuk filter dari semua usaha."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_search()} usaha diindeks.")
