"""Pieces that stand twenty times and more on one page, printed as text: as templates they would cost most.

Everything that comes from data passes `_told`, which escapes it; what comes back is safe to print.
"""

from html import escape

from django.utils.translation import gettext as _

from umkm_portal.lib import formats


def _told(value):
    return escape(str(value))


def card(item, level, *, icon, picture, as_told):
    """A business in a list, of the dict that `{% business_card %}` documents.

    `icon(name)` and `picture(url, alt)` give safe pieces; `as_told` is the mark of a business's own words.
    """
    name, what, price, tags = _told(item["name"]), item.get("what") or "", item.get("price"), item.get("tags")
    parts = [
        f'<article class="business">{picture(item.get("photo"), item.get("alt", ""))}\n'
        f'<div class="business-text"><div class="min-w-0"><{level} class="business-name">'
        f'<a href="{_told(item["url"])}"{as_told}>{name}</a></{level}>\n'
    ]
    if what or price:
        parts.append(f'<p class="mb-1"><span{as_told}>{_told(what)}</span>')
        if price:
            parts.append(
                f'{" · " if what else ""}<span class="text-nowrap">{_told(_("mulai"))} '
                f"{_told(formats.rupiah(price))}</span>"
            )
        parts.append("</p>\n")
    if item.get("place"):
        hours = f" · <span{as_told}>{_told(item['hours'])}</span>" if item.get("hours") else ""
        parts.append(
            f'<p class="text-body-secondary small mb-2">{icon("pin")} {_told(item["place"])}{hours}</p>\n'
        )
    if tags:
        words = "".join(f'<span class="status">{_told(tag)}</span>' for tag in tags)
        parts.append(f'<div class="d-flex flex-wrap gap-1">{words}</div>')
    parts.append("</div>\n")
    if item.get("chat_url"):
        parts.append(
            f'<div><a class="btn btn-secondary btn-sm" href="{_told(item["chat_url"])}" '
            f'rel="nofollow noopener">{icon("whatsapp")}WhatsApp'
            f'<span class="visually-hidden"> {name}</span></a></div>'
        )
    parts.append("</div></article>\n")
    return "".join(parts)


def facet(name, label, options, open, *, icon):
    """The check boxes of one facet: `options` are dicts value, label, count (None for none), on."""
    label = _told(label)
    boxes = []
    for at, option in enumerate(options, 1):
        box = f"f-{name}-{at}"
        count = option["count"]
        shown = "" if count is None else f'<span class="count">{_told(formats.number(count))}</span>'
        boxes.append(
            f'<div class="form-check"><input class="form-check-input" type="checkbox" id="{box}" '
            f'name="{name}" value="{_told(option["value"])}"{" checked" if option["on"] else ""}>'
            f'<label for="{box}"><span>{_told(option["label"])}</span>{shown}</label></div>'
        )
    return (
        f'<details class="facet"{" open" if open else ""}><summary>{label}{icon("down")}</summary><fieldset>'
        f'<legend class="visually-hidden">{label}</legend>{"".join(boxes)}</fieldset></details>\n'
    )
