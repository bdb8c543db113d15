"""The closed lists of words a business is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    PERORANGAN = "perorangan", _("Perorangan")
    UD = "ud", "UD"
    CV = "cv", "CV"
    PT = "pt", "PT"
    PT_PERORANGAN = "pt_perorangan", _("PT perorangan")
    FIRMA = "firma", _("Firma")
    KOPERASI = "koperasi", _("Koperasi")
    KELOMPOK = "kelompok", _("Kelompok (KUB, paguyuban)")
    LAINNYA = "lainnya", _("Lainnya")


class PlaceKind(models.TextChoices):
    RUMAH = "rumah", _("Rumah")
    KIOS = "kios", _("Kios atau toko")
    STAN_PASAR = "stan_pasar", _("Stan pasar")
    PKL = "pkl", _("Kaki lima (PKL)")
    KELILING = "keliling", _("Keliling")
    DARING = "daring", _("Daring")
    LAINNYA = "lainnya", _("Lainnya")


class PhoneOf(models.TextChoices):
    OWNER = "owner", _("Pemilik")
    FAMILY = "family", _("Keluarga")
    EMPLOYEE = "employee", _("Pegawai")
    ENUMERATOR = "enumerator", _("Pendata")
    UNKNOWN = "unknown", _("Tidak diketahui")


class OperatingState(models.TextChoices):
    ACTIVE = "active", _("Aktif")
    TEMPORARY = "temporary", _("Tutup sementara")
    SEASONAL = "seasonal", _("Musiman")
    CLOSED = "closed", _("Tutup permanen")
    REPORTED_CLOSED = "reported_closed", _("Dilaporkan tutup")


# A business in one of these is shown to the public, and says which.
OPEN_STATES = (OperatingState.ACTIVE, OperatingState.TEMPORARY, OperatingState.SEASONAL)


class TurnoverAnswer(models.TextChoices):
    EXACT = "exact", _("Disebutkan")
    BAND = "band", _("Kisaran")
    UNKNOWN = "unknown", _("Tidak tahu")
    REFUSED = "refused", _("Tidak bersedia menjawab")


class Period(models.TextChoices):
    DAY = "day", _("per hari")
    WEEK = "week", _("per minggu")
    MONTH = "month", _("per bulan")
    YEAR = "year", _("per tahun")


class Scale(models.TextChoices):
    """UMKM scale, PP 7/2021 art. 35; the rule itself is registry.sectors.scale."""

    MICRO = "micro", _("Mikro")
    SMALL = "small", _("Kecil")
    MEDIUM = "medium", _("Menengah")
    LARGE = "large", _("Besar")


class ScaleBasis(models.TextChoices):
    CAPITAL = "capital", _("Modal usaha")
    SALES = "sales", _("Omzet per tahun")
    NIB = "nib", _("NIB/OSS")
    STATEMENT = "statement", _("Pernyataan pemilik")
    ESTIMATE = "estimate", _("Perkiraan petugas")


class IndustryClass(models.TextChoices):
    """IKM class, Permenperin 64/2016; the rule itself is registry.sectors.industry."""

    SMALL = "small", _("Industri kecil")
    MEDIUM = "medium", _("Industri menengah")
    LARGE = "large", _("Industri besar")


class LicenceKind(models.TextChoices):
    NIB = "nib", "NIB"
    PIRT = "pirt", "P-IRT"
    HALAL = "halal", _("Halal")
    BPOM_MD = "bpom_md", "BPOM MD"
    MEREK = "merek", _("Merek")
    SNI = "sni", "SNI"
    LAINNYA = "lainnya", _("Lainnya")


class LicenceStatus(models.TextChoices):
    HAS = "has", _("Punya")
    NONE = "none", _("Tidak punya")
    UNKNOWN = "unknown", _("Belum diketahui")
    NOT_REQUIRED = "not_required", _("Tidak wajib")
    NON_HALAL = "non_halal", _("Produk non-halal")


class PhotoKind(models.TextChoices):
    PRODUCT = "product", _("Produk")
    PLACE = "place", _("Tempat usaha")
    LOGO = "logo", _("Logo")
    OTHER = "other", _("Lainnya")


class ConsentGroup(models.TextChoices):
    """What the owner may let the public see; default none (UU 27/2022, ARCHITECTURE section 8)."""

    OWNER_NAME = "owner_name", _("Nama pemilik")
    PHONE = "phone", _("Telepon dan WhatsApp")
    ADDRESS = "address", _("Alamat lengkap")
    PHOTO = "photo", _("Foto")
    EXACT_PLACE = "exact_place", _("Titik lokasi di peta")


class ConsentChannel(models.TextChoices):
    PAPER = "paper", _("Formulir kertas")
    WA = "wa", "WhatsApp"
    IN_PERSON = "in_person", _("Langsung di depan petugas")
    LIST = "list", _("Kolom pada daftar yang diunggah")


class OwnerRole(models.TextChoices):
    OWNER = "owner", _("Pemilik")
    MANAGER = "manager", _("Pengelola")


class VerificationHow(models.TextChoices):
    VISIT = "visit", _("Kunjungan")
    DOCUMENT = "document", _("Dokumen")
    OWNER = "owner", _("Pemilik sendiri")
