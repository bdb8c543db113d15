"""Bodies for /api/v1/submissions/ and where one submission stands: what tests of it send."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.api.clients import ask

PURWANTORO, DINOYO = "35.73.01.1007", "35.73.05.1004"
REQUIRED = {"name": "Keripik Tempe Contoh", "activity": "keripik tempe", "kelurahan": PURWANTORO}


def registration(**more):
    return {"kind": "register", "values": REQUIRED} | more


def owner(identity=None, **values):
    return {"kind": "owner", "uuid": identity or str(uuid.uuid4()), "values": {"name": "Wiji"} | values}


def at(submission, act=""):
    return f"submissions/{submission.uuid}/{act + '/' if act else ''}"


def picture(name="etalase.jpg", kind="image/jpeg"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), kind)


def upload(user, submission, file, status=201):
    return ask(user, "post", at(submission, "photos"), {"file": file}, status=status, format="multipart")
