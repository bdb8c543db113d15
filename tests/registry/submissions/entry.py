"""The entry page in tests: opening it, filling it in as a browser would, and sending it."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

NEW = "/usaha/baru/"


def signed_in(client, user):
    client.force_login(user)
    return client


def inputs(page):
    """{name: value} as a browser would send the page's form back, files and buttons left out."""
    html = page.content.decode()
    form = html[html.index('<form method="post" id="isian"') :]
    form = form[: form.index("</form>")]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = facts.get("type", "text"), facts.get("name")
        if not name or kind == "file" or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        data.setdefault(name, []).append(facts.get("value", "on" if kind == "checkbox" else ""))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        data[name] = chosen or re.findall(r'<option value="([^"]*)"', body)[:1]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        data[name] = [body]
    data.pop("csrfmiddlewaretoken", None)
    return data


def filled(client, path=NEW, *, do="send", **changes):
    """Open a page, fill some of it in and send it; returns the answer."""
    data = inputs(client.get(path))
    data |= {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(path, data | {"do": do})


def photo(name="foto.jpg"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")
