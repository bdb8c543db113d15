from pathlib import Path

from registry.management.base import LoadCommand
from registry.regions.boundaries import load_boundaries


class Command(LoadCommand):
    help = "Muat batas wilayah dari GeoJSON (derajat WGS 84), dicocokkan lewat kode wilayah. Boleh diulang."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--source", default="", help="Asal lapisan; bila kosong, nama berkas.")

    def load(self, options):
        return load_boundaries(options["file"], options["source"] or Path(options["file"]).name)
