from django.conf import settings
from django.db import transaction

from registry.management.base import LoadCommand
from registry.regions.loading import load_aliases, load_holidays, load_regions, load_tiles
from registry.sectors.loading import load_kbli, load_product_centres, load_subsectors

# Regions first: aliases, tiles and centres point at them.
STEPS = (
    (load_regions, "regions_kota_malang.csv"),
    (load_aliases, "kelurahan_aliases.csv"),
    (load_tiles, "cartogram_tiles.csv"),
    (load_subsectors, "ekraf_subsectors.csv"),
    (load_product_centres, "product_centres.csv"),
    (load_kbli, "kbli.csv"),
    (load_holidays, "holidays.csv"),
)


class Command(LoadCommand):
    help = "Muat semua data acuan bawaan (wilayah, KBLI, subsektor, sentra, libur). Boleh diulang."

    def load(self, options):
        folder = settings.BASE_DIR / "registry" / "data"
        with transaction.atomic():
            return [line for load, name in STEPS for line in load(folder / name)]
