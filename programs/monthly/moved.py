"""Which figures moved between two countings, in words; and the figures a page showed, which it sends back."""

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.monthly.definitions import FIGURES, SOURCE_OF
from umkm_portal.lib.formats import number

SALT = "programs.monthly.shown"
PREFIXED = ("requests", "visits", "followups")  # sources whose labels say little without their title


def carried(counts):
    """`counts` as text for a hidden field: signed, and without its noughts."""
    return signing.dumps({key: n for key, n in counts.items() if n}, salt=SALT, compress=True)


def read(text):
    """The counts that `carried` packed; None of what it did not pack."""
    try:
        shown = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return {key: shown.get(key, 0) for key in FIGURES}


def label_of(key):
    """A figure's name where it stands by itself, away from its table."""
    figure, title = FIGURES[key], str(SOURCE_OF[key].title)
    label = str(figure.label)
    if figure.part_of:
        return f"{label_of(figure.part_of)}, {_lower(label)}"
    return f"{title}: {_lower(label)}" if SOURCE_OF[key].key in PREFIXED and label != title else label


def _lower(label):
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def sentence(changes):
    """ "Kunjungan dari 2 menjadi 3; Usaha terdata dari 40 menjadi 41; dan 2 rinciannya" of
    figures.corrections. A part is named where the figure it is part of stayed; else it is one of the details,
    which the table shows."""
    named = [key for key in changes if FIGURES[key].part_of not in changes]
    found = [
        _("%(label)s dari %(was)s menjadi %(now)s")
        % {"label": label_of(key), "was": number(changes[key][0]), "now": number(changes[key][1])}
        for key in named
    ]
    if details := len(changes) - len(named):
        words = ngettext("dan %(n)s rinciannya", "dan %(n)s rinciannya", details)
        found.append(words % {"n": number(details)})
    return "; ".join(found)
