"""manage.py load_partners [FILE]: the offices and partners a city begins with; may be repeated."""

from programs.partners.loading import OWN_FILE, load_organisations
from registry.management.base import LoadCommand


class Command(LoadCommand):
    help = "Muat instansi dan mitra (bawaan, atau dari berkas CSV). Boleh diulang."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=str(OWN_FILE), help="berkas CSV")

    def load(self, options):
        return load_organisations(options["file"])
