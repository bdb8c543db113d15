"""Bringing the organisations to what a file says. Called by `manage.py load_partners` and the demo city."""

import re
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from programs.partners.models import Organisation
from registry.reports.needs import Need
from umkm_portal.lib.reference_files import Problems, read_csv, upsert

OWN_FILE = Path(settings.BASE_DIR) / "programs" / "data" / "organisations.csv"


def load_organisations(path=OWN_FILE):
    """Load organisations (short_name, name, kind, helps_with as needs parted by spaces); may be repeated.

    The short name is the key; those the file does not name stay. Returns the lines to print. Raises Refused,
    having changed nothing.
    """
    problems, wanted = Problems(), {}
    for row in read_csv(path, ("short_name", "name", "kind"), ("helps_with",)):
        needs = [need for need in re.split(r"[;, ]+", row["helps_with"]) if need]
        short = row["short_name"]
        if not short or not row["name"] or short in wanted:
            problems.add(row, _("nama kosong, atau nama singkat muncul dua kali"))
        elif len(short) > 40 or len(row["name"]) > 200:
            problems.add(row, _("nama terlalu panjang"))
        elif row["kind"] not in Organisation.Kind.values:
            problems.add(
                row, _("jenis harus salah satu dari %(all)s") % {"all": ", ".join(Organisation.Kind.values)}
            )
        elif unknown := sorted(set(needs) - set(Need.values)):
            problems.add(row, _("kebutuhan tidak dikenal: %(names)s") % {"names": ", ".join(unknown)[:80]})
        else:
            wanted[short] = {
                "short_name": short,
                "name": row["name"],
                "kind": row["kind"],
                "helps_with": needs,
            }
    problems.refuse("organisations-file")
    with transaction.atomic():
        known = {row.short_name: row for row in Organisation.objects.filter(short_name__in=list(wanted))}
        counts = upsert(Organisation, known, wanted)
    return [_("Instansi dan mitra: %(counts)s") % {"counts": counts}]
