"""Public addresses that visitors ask for, and businesses whose consent is withdrawn; see load.py."""
# ruff: noqa: E402  (models can be imported once Django is set up)

import http.client
import logging
from collections import Counter

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.http import urlencode

from accounts.models import User
from bench.filling import VERIFIER
from registry.businesses.belongings import Consent
from registry.businesses.models import Business
from registry.regions.models import Region
from registry.search.sound import words_of
from registry.sectors.models import Subsector
from umkm_portal.lib.paging import encode_cursor

# Of a hundred addresses.
SHARES = {
    "business pages": 45,
    "searches": 20,
    "filtered lists": 17,
    "later pages": 8,
    "API": 6,
    "map and figures": 3,
    "kelurahan": 1,
}


class World:
    def __init__(self, chance):
        logging.disable(logging.WARNING)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.chance = chance
        self.public = Business.objects.public()
        self.rows = list(self.public.order_by("pk").values_list("slug", "name", "pk"))
        self.verifier = User.objects.get(username=VERIFIER)
        self.told = ""

    def paths(self, many):
        """`many` different addresses, by SHARES; what is left over are business pages."""
        makers = {
            "searches": self._search, "filtered lists": self._filtered, "later pages": self._later,
            "API": self._api, "map and figures": self._face, "kelurahan": self._place,
        }  # fmt: skip
        kelurahan = list(Region.objects.kelurahan().order_by("code").values_list("code", flat=True))
        self.kelurahan, self.kecamatan = kelurahan, sorted({code.rpartition(".")[0] for code in kelurahan})
        self.subsectors = list(Subsector.objects.order_by("slug").values_list("slug", flat=True))
        found, counted = {}, Counter()
        for kind, make in makers.items():
            for _try in range(many * SHARES[kind] // 100 * 3):
                if counted[kind] < many * SHARES[kind] // 100 and (path := make()) not in found:
                    found[path] = kind
                    counted[kind] += 1
        for slug, _name, _pk in self.chance.sample(self.rows, min(len(self.rows), many)):
            if len(found) < many:
                found[f"/direktori/{slug}/"] = "business pages"
                counted["business pages"] += 1
        self.told = ", ".join(f"{n} {kind}" for kind, n in counted.items())
        paths = list(found)
        self.chance.shuffle(paths)
        return paths

    def _search(self):
        _slug, name, _pk = self.chance.choice(self.rows)
        words = words_of(name)
        some = self.chance.sample(words, min(len(words), self.chance.choice((1, 2, 2, 3))))
        return "/direktori/?" + urlencode({"q": " ".join(some)})

    def _filtered(self):
        chance, asked = self.chance, {}
        if chance.random() < 0.7:
            code = chance.choice(self.kelurahan)
            asked = {"kecamatan": code.rpartition(".")[0]}
            if chance.random() < 0.6:
                asked["kelurahan"] = code
        if chance.random() < 0.6 or not asked:
            asked["subsector"] = chance.choice(self.subsectors)
        for name in ("halal", "pirt"):
            if chance.random() < 0.2:
                asked[name] = "ada"
        if chance.random() < 0.2:
            asked["urut"] = "terbaru"
        return "/direktori/?" + urlencode(asked)

    def _later(self):
        _slug, name, pk = self.chance.choice(self.rows)
        return "/direktori/?" + urlencode({"after": encode_cursor(name, pk)})

    def _api(self):
        _slug, name, pk = self.chance.choice(self.rows)
        return "/api/v1/businesses/?" + urlencode({"after": encode_cursor(name, pk)})

    def _face(self):
        face = self.chance.choice(("peta/", "peta/data/", "angka/"))
        return f"/direktori/{face}?" + urlencode({"kelurahan": self.chance.choice(self.kelurahan)})

    def _place(self):
        return self.chance.choice(("/", "/direktori/", "/kelurahan/", "/sektor/", "/sentra/"))

    def watched(self, many):
        """[(what only its pages show, those pages, how to withdraw)] of businesses that publish a phone."""
        found = []
        consents = Consent.objects.filter(
            group="phone", withdrawn_at=None, business__in=self.public, business__shows_phone=True
        ).exclude(business__phone="")
        pks = list(consents.order_by("pk").values_list("pk", flat=True))
        for consent in consents.filter(pk__in=self.chance.sample(pks, many)).select_related("business"):
            business = consent.business
            before = encode_cursor(business.name, business.pk - 1)
            pages = [
                business.public_url,
                "/direktori/?" + urlencode({"q": business.name}),
                "/direktori/?" + urlencode({"after": before}),
                "/api/v1/businesses/?" + urlencode({"after": before}),
            ]
            found.append((business.phone, pages, lambda consent=consent: self._withdraw(consent)))
        return found

    def _withdraw(self, consent):
        consent.withdraw(by=self.verifier)
        connection.close()

    @staticmethod
    def shown(port, marker, paths):
        """Whether one of the pages shows the marker now; None while they do not answer."""
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            for path in paths:
                asking.request("GET", path, headers={"Host": "localhost"})
                if marker.encode() in asking.getresponse().read():
                    return True
        except (OSError, http.client.HTTPException):
            return None
        finally:
            asking.close()
        return False
