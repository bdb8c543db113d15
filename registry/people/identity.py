"""NIK and KK: 16 digits, sealed at rest, found again by a keyed HMAC.

A NIK is the region of first registration (six digits), the birth date (a woman's day + 40) and a serial
number; there is no check digit, and one from outside 35.73 is as good as any (Permendagri 72/2022).
"""

from umkm_portal.lib.sealing import lookup, lookups, seal


def digits(value):
    """Only the ASCII digits of what was typed, full-width ones folded."""
    return "".join(str(int(c)) for c in str(value) if c.isdecimal())


def nik_problem(value):
    """An Indonesian sentence saying what is wrong with a NIK as typed, or "" when it can be kept."""
    text = str(value).strip()
    if any(c not in " .-" and not c.isdecimal() for c in text):
        return "NIK hanya berisi angka. Salin 16 angka dari KTP."
    number = digits(text)
    if len(number) != 16:
        return f"NIK harus 16 angka, sekarang {len(number)}."
    if len(set(number)) == 1:
        return "NIK tidak mungkin berisi satu angka yang sama semua."
    day, month = int(number[6:8]), int(number[8:10])
    if not ((1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12):
        return "Angka ke-7 sampai ke-12 pada NIK bukan tanggal lahir. Periksa lagi KTP-nya."
    return ""


def kk_problem(value):
    """As `nik_problem`, for a family card number."""
    number = digits(value)
    return "" if len(number) == 16 else f"Nomor KK harus 16 angka, sekarang {len(number)}."


def sealed_nik(number):
    """The four columns a NIK becomes: sealed, lookup, last four digits."""
    return {"nik_sealed": seal(number), "nik_lookup": lookup("nik", number), "nik_last4": number[-4:]}


def nik_lookups(number):
    """HMACs under every key we hold, to find a row written before a key rotation."""
    return lookups("nik", digits(number))
