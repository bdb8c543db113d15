from registry.management.base import LoadCommand
from registry.regions.loading import load_regions


class Command(LoadCommand):
    help = (
        "Muat kecamatan dan kelurahan satu kota dari CSV: kecamatan_code, kecamatan, kelurahan_code, "
        "kelurahan, postal_code, lat, lon, bps_code_2016 (empat terakhir boleh kosong). Boleh diulang."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--city-name", default="", help="Nama kota bila tidak dikenal dari kodenya.")

    def load(self, options):
        return load_regions(options["file"], options["city_name"])
