"""Invented officials and office addresses of the demo city: who signs which letter on which day.

The lurah of Purwantoro was on leave in the first days of last month: an acting one signed then.
"""

from datetime import timedelta

from django.utils import timezone

from programs.models import OfficeAddress, OfficeHolder
from programs.monthly.months import first_of, month_before
from registry.models import Region
from umkm_portal.demo import words

OFFICES = {"kecamatan": OfficeHolder.Office.CAMAT, "kelurahan": OfficeHolder.Office.LURAH}
ON_LEAVE = "35.73.01.1007"


def appoint():
    """Name a holder for every office, once; returns how many."""
    if OfficeHolder.objects.exists():
        return 0
    since = timezone.localdate() - timedelta(days=700)
    regions = list(Region.objects.filter(level__in=OFFICES).order_by("code"))
    rows = [
        OfficeHolder(office=OFFICES[region.level], region=region, name=name(at), starts_on=since)
        for at, region in enumerate(regions)
    ]
    rows.append(OfficeHolder(office=OfficeHolder.Office.HEAD, name=name(len(rows)), starts_on=since))
    away = next((region for region in regions if region.code == ON_LEAVE), None)
    if away is not None:
        first = month_before(first_of(timezone.localdate()))
        rows.append(
            OfficeHolder(
                office=OfficeHolder.Office.LURAH,
                region=away,
                name=name(len(rows)),
                is_acting=True,
                starts_on=first,
                ends_on=first + timedelta(days=9),
            )
        )
        OfficeAddress.objects.get_or_create(
            region=away, defaults={"address": "Jalan Contoh Nomor 1", "phone": "(0341) 000000"}
        )
    OfficeHolder.objects.bulk_create(rows)
    return len(rows)


def name(at):
    """The name of nobody, with a degree."""
    first, family = words.FEMALE[at % len(words.FEMALE)], words.FAMILY[at // 3 % len(words.FAMILY)]
    return f"{first} {family}, {('S.Sos.', 'S.E.', 'S.IP.', 'S.H.')[at % 4]}"
