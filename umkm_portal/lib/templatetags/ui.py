"""Every piece of the interface, as template tags. Built in (settings): no `{% load %}` needed.

Pieces with no arguments of their own (buttons, panels, tables, review layout) are plain classes; the
component sheet `templates/dev/komponen.html` shows all of them.

Small
    {% icon "search" %}  {% icon "search" "fs-4" %}            unknown names raise KeyError (lib/icons.py)
    {% status submission.status %}  {% status "overdue" text="7 hari kerja, batas 5" %}     (lib/statuses.py)
    {% chip "Blimbing" remove_url kind="Kecamatan" %}           an active filter that can be taken off
    {% chips filters clear_url %}                               filters: dicts kind, label, url
    {% stat value label url per=date definition=text %}         figure, noun, "per <date>", what it means
    {% progress value max label text="" %}
    {% completeness done total missing %}                       missing: (label, url) pairs
    {% picture url alt %}                                       4:3, the empty shop when url is empty
    <p{% as_told %}>{{ facts.description }}</p>                 words of a business: marked as Indonesian

Messages
    {% notice "warn" "Judul" %} text {% endnotice %}            kinds "", ok, warn, bad
    {% empty "Judul" "Apa yang bisa dilakukan" url "Tombol" %}  the empty shelf; last two may be left out
    {% error_summary form kept=_("Isian lain tetap ada.") %}    form, forms, or (anchor, message) pairs

Forms
    {% field form.name %}   options: label= help= layout="segmented"|"chips" rows= prefix=
    {% form_fields form %}  {% form_fields form "name, phone" %}  {% form_fields form exclude="note" %}
    {% search_box value action="…" label="…" name="q" button="primary"|"clay" %}
    {% facet "kecamatan" "Kecamatan" options %}                 options: dicts value, label, count, on

Lists
    {% pager page "1–25 dari 1.204 usaha" %}                    page: KeysetPage; label= when there are two
    {% breadcrumb items %}                                      (label, url) pairs, the last may have no url
    {% business_card item %}                                    url name what price place hours photo alt tags
    {% definitions rows %}                                      (term, description) pairs

Review
    {% diff_table rows before="Sekarang" after="Diusulkan" %}   dicts label, before, after, note, id
                                                                (before/after: textdiff.marked())
    {% timeline entries %}                                      dicts title, text, by, at, url; newest first
    {% act_bar %} buttons {% endact_bar %}

Map
    {% tile_map map %}  {% tile_map map mini=True %}  {% legend map %}      map: tilemap.build(...)
    {% tile_table map %}                                        the same counts as a table, folded

Filters
    1500000|rupiah  1234|angka  date|tanggal  time|waktu  "628…"|telepon  business.rt|rt_rw:business.rw
"""

from functools import cache

from django import forms, template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from umkm_portal.lib import formats, printed
from umkm_portal.lib.icons import sprite
from umkm_portal.lib.statuses import status_of
from umkm_portal.lib.tilemap import svg_parts, table_rows

register = template.Library()

register.filter("rupiah", formats.rupiah)
register.filter("angka", formats.number)
register.filter("tanggal", formats.day)
register.filter("waktu", formats.moment)
register.filter("telepon", formats.phone)
register.filter("rt_rw", formats.rt_rw)


# ---- small -----------------------------------------------------------------------------------


@register.simple_tag
def icon(name, css=""):
    """One glyph, hidden from readers: words stand beside it, or a visually hidden label."""
    return _icon(name, css, settings.STATIC_URL, type(staticfiles_storage._wrapped))


@cache
def _icon(name, css, _url, _storage):
    """A page has fifty of them, and files are renamed only between starts."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static(sprite(name)),
        name,
    )


@register.simple_tag
def as_told():
    """Goes into a tag: what stands there are words of a business, Indonesian on an English page too."""
    return "" if get_language() == settings.LANGUAGE_CODE else SafeString(' lang="id"')


@register.simple_tag
def status(key, text=""):
    """The state `key` as a pill. `text` replaces the words, for an age or a count."""
    row = status_of(key)
    return format_html(
        '<span class="status{}">{}{}</span>',
        f" status-{row.tone}" if row.tone else "",
        icon(row.icon),
        text or row.text,
    )


@register.inclusion_tag("components/chip.html")
def chip(label, url, kind=""):
    return {"label": label, "url": url, "kind": kind}


@register.inclusion_tag("components/chips.html")
def chips(filters, clear_url=""):
    return {"filters": filters, "clear_url": clear_url}


@register.inclusion_tag("components/stat.html")
def stat(value, label, url="", per=None, definition="", css=""):
    return {"value": value, "label": label, "url": url, "per": per, "definition": definition, "css": css}


@register.inclusion_tag("components/progress.html")
def progress(value, max, label, text=""):
    return {"value": value, "max": max, "label": label, "text": text}


@register.inclusion_tag("components/completeness.html")
def completeness(done, total, missing=()):
    return {"done": done, "total": total, "missing": missing}


@register.simple_tag
def picture(url, alt="", css=""):
    return format_html(
        '<img class="picture{}"{} src="{}" alt="{}" width="320" height="240" loading="lazy">',
        f" {css}" if css else "",
        as_told() if url and alt else "",
        url or static("img/tanpa-foto.svg"),
        alt if url else "",
    )


# ---- messages --------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content, kind="", title="", css="", role=""):
    return format_html(
        '<div class="notice{}{}"{}>{}{}</div>',
        f" notice-{kind}" if kind else "",
        f" {css}" if css else "",
        format_html(' role="{}"', role) if role else "",
        format_html("<strong>{}</strong> ", title) if title else "",
        SafeString(content.strip()),  # a rendered block: escaped already
    )


@register.inclusion_tag("components/empty.html")
def empty(title, text="", url="", action="", heading="h2"):
    return {"title": title, "text": text, "url": url, "action": action, "heading": heading}


@register.inclusion_tag("components/error_summary.html")
def error_summary(source, kept="", title=""):
    """Links to every field that needs mending. Shows nothing when nothing is wrong."""
    errors = _errors_of(source)
    fields = len({anchor for anchor, _text in errors if anchor})
    if errors and not title:
        title = ngettext("%(n)d isian perlu diperbaiki", "%(n)d isian perlu diperbaiki", fields) % {
            "n": fields
        }
        title = title if fields else _("Belum bisa diteruskan")
    return {"errors": errors, "kept": kept, "title": title}


def _errors_of(source):
    """(anchor, message) pairs; the anchor is "" for what belongs to no field."""
    if source is None:
        return []
    if isinstance(source, forms.BaseFormSet):
        return [("", text) for text in source.non_form_errors()] + _errors_of(source.forms)
    if isinstance(source, forms.BaseForm):
        if not source.is_bound:
            return []
        pairs = [("", text) for text in source.non_field_errors()]
        for bound in source:
            pairs += [(_anchor(bound), f"{bound.label}: {text}") for text in bound.errors]
        return pairs
    pairs = []
    for item in source:
        pairs += _errors_of(item) if isinstance(item, forms.BaseForm | forms.BaseFormSet) else [tuple(item)]
    return pairs


def _anchor(bound):
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label


# ---- forms -----------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound, label="", help="", layout="", rows=None, css="", prefix=""):
    """One field: label above, "(boleh kosong)" when it is, help, error, then the widget.

    `help=None` hides the field's own help. `layout` shows choices as "segmented" (up to three radios) or
    "chips" (checkboxes). `prefix` is a word before the widget, such as Rp. Help and error are tied to the
    widget, so a screen reader says them with it.
    """
    if not isinstance(bound, BoundField):
        raise template.TemplateSyntaxError("{% field %} wants a form field, such as form.name")
    widget = bound.field.widget
    group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    help = bound.help_text if help == "" else help or ""
    if type(bound.form).__module__.startswith("allauth."):
        widget.attrs.pop("placeholder", None)  # allauth repeats the label there
    parts = {
        "bound": bound,
        "label": label or bound.label,
        "help": help,
        "errors": bound.errors,
        "optional": not bound.field.required,
        "css": css,
        "prefix": prefix,
        "help_id": f"{bound.auto_id}-bantu",
        "error_id": f"{bound.auto_id}-salah",
    }
    described = " ".join([parts["help_id"]] * bool(help) + [parts["error_id"]] * bool(bound.errors))
    attrs = {"aria-describedby": described} if described and not group else {}
    if bound.errors and not group:
        attrs["aria-invalid"] = "true"
    if rows:
        attrs["rows"] = rows
    if bound.is_hidden:
        return parts | {"kind": "hidden", "widget": bound.as_widget()}
    if group:
        inner = "visually-hidden" if layout else "form-check-input"
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {inner}".strip()
        return parts | {"kind": layout or "choices", "described": described, "choices": list(bound)}
    bad = " is-invalid" if bound.errors else ""
    if isinstance(widget, forms.CheckboxInput):
        attrs["class"] = f"form-check-input{bad}"
        return parts | {"kind": "check", "widget": bound.as_widget(attrs=attrs)}
    base = "form-select" if isinstance(widget, forms.Select) else "form-control"
    own = widget.attrs.get("class", "")
    attrs["class"] = f"{base}{bad}{' ' + own if own else ''}"
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", widget.attrs.get("rows", 3) if str(widget.attrs.get("rows")) != "10" else 3)
    return parts | {"kind": "single", "widget": bound.as_widget(attrs=attrs)}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form, names="", exclude=""):
    """All fields of `form`, or those in `names`, in that order; hidden ones always come along once."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    without = {name.strip() for name in exclude.split(",")}
    visible = [form[name] for name in wanted] if wanted else list(form.visible_fields())
    return {
        "fields": [bound for bound in visible if bound.name not in without],
        "hidden": [] if wanted else form.hidden_fields(),
    }


@register.inclusion_tag("components/search_box.html")
def search_box(value="", action="", label="", name="q", button="primary", placeholder="", id="q", css="mb-3"):
    return {
        "value": value or "",
        "action": action,
        "label": label or _("Cari usaha atau produk"),
        "name": name,
        "button": button,
        "placeholder": placeholder,
        "id": id,
        "css": css,
    }


@register.simple_tag
def facet(name, label, options, open=True):
    return mark_safe(printed.facet(name, label, options, open, icon=icon))


# ---- lists -----------------------------------------------------------------------------------


@register.inclusion_tag("components/pager.html")
def pager(page=None, count="", previous="", next="", label=""):
    """Previous and next of a KeysetPage (or explicit addresses), with what is being counted."""
    return {
        "previous": previous or getattr(page, "previous_url", ""),
        "next": next or getattr(page, "next_url", ""),
        "count": count,
        "label": label or _("Halaman"),
    }


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items):
    return {"items": items}


@register.simple_tag
def business_card(item, level="h2"):
    """A business in a public list. `item`: url, name, what, price, place, hours, photo, alt, tags, chat_url.

    `tags` holds status keys or plain words.
    """
    return mark_safe(printed.card(item, level, icon=icon, picture=picture, as_told=as_told()))


@register.inclusion_tag("components/definitions.html")
def definitions(rows):
    return {"rows": rows}


# ---- review ----------------------------------------------------------------------------------


@register.inclusion_tag("components/diff_table.html")
def diff_table(rows, before="", after="", caption=""):
    return {
        "rows": rows,
        "before": before or _("Sekarang"),
        "after": after or _("Diusulkan"),
        "caption": caption or _("Perubahan: data sekarang dan yang diusulkan"),
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries, css="small"):
    return {"entries": entries, "css": css}


@register.simple_block_tag
def act_bar(content, css=""):
    return format_html(
        '<div class="act-bar{}"><div class="d-flex flex-wrap gap-2">{}</div></div>',
        f" {css}" if css else "",
        content,
    )


# ---- map -------------------------------------------------------------------------------------


@register.inclusion_tag("components/tile_map.html")
def tile_map(map, mini=False, label=""):
    return {
        "map": map,
        "mini": mini,
        "label": label or _("Peta petak kelurahan"),
        "shapes": mark_safe(svg_parts(map, mini=mini)),  # escaped there, piece by piece
    }


@register.inclusion_tag("components/legend.html")
def legend(map):
    return {"steps": map.steps}


@register.inclusion_tag("components/tile_table.html")
def tile_table(map, noun=""):
    return {"rows": mark_safe(table_rows(map)), "noun": noun or _("Usaha")}
