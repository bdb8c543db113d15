from registry.management.base import LoadCommand
from registry.sectors.loading import load_kbli


class Command(LoadCommand):
    help = "Muat tabel KBLI dari CSV: kbli_version, code, section (boleh kosong), title. Boleh diulang."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def load(self, options):
        return load_kbli(options["file"])
