"""Pictures people upload: opened as an image, never trusted by name, and written anew."""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from umkm_portal.lib.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LONG_EDGE = 1600
MAX_PIXELS = 60_000_000


@dataclass
class Picture:
    """A re-encoded JPEG: `content` is a Django File, sizes in pixels and bytes."""

    content: ContentFile
    width: int
    height: int
    size: int


def reencode(upload):
    """Decode an uploaded file and write it again as JPEG without EXIF, GPS or anything else it carried.

    Raises Refused: photo-empty, photo-large, photo-unreadable (also for HEIC, SVG and scripts named .jpg).
    """
    if not upload or upload.size == 0:
        raise Refused("photo-empty", _("Berkas foto kosong. Pilih foto lain."))
    if upload.size > settings.MAX_PHOTO_BYTES:
        raise Refused(
            "photo-large",
            _("Foto lebih besar dari %(limit)d MB. Kecilkan lebih dulu atau ambil ulang."),
            limit=settings.MAX_PHOTO_BYTES // 1024**2,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise Refused("photo-large", _("Foto terlalu besar ukurannya. Kecilkan lebih dulu."))
            image.draft("RGB", (LONG_EDGE, LONG_EDGE))
            image = ImageOps.exif_transpose(image)
            if image.mode in ("RGBA", "LA", "P"):
                rgba = image.convert("RGBA")
                image = Image.new("RGB", rgba.size, "white")
                image.paste(rgba, mask=rgba.getchannel("A"))
            image = image.convert("RGB")
            image.thumbnail((LONG_EDGE, LONG_EDGE))
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=82, optimize=True, exif=b"")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise Refused(
            "photo-unreadable", _("Berkas ini bukan foto yang dapat dibaca. Pakai JPG, PNG atau WebP.")
        ) from error
    data = buffer.getvalue()
    return Picture(ContentFile(data), image.width, image.height, len(data))
