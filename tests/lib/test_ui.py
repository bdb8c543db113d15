import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from umkm_portal.lib import formats
from umkm_portal.lib.icons import PUBLIC, WORKING, sprite
from umkm_portal.lib.statuses import STATUSES, status_of
from umkm_portal.lib.templatetags import ui
from umkm_portal.lib.textdiff import marked


def rendered(text, **context):
    return Template(text).render(Context(context))


class NameForm(forms.Form):
    name = forms.CharField(label="Nama", help_text="Sesuai papan nama.")
    note = forms.CharField(label="Catatan", required=False)
    kind = forms.ChoiceField(label="Jenis", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


@pytest.mark.parametrize(("names", "file"), [(PUBLIC, "icons-public.svg"), (WORKING, "icons.svg")])
def test_every_icon_name_is_drawn_in_its_sprite(names, file):
    drawn = re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static" / file).read_text("utf-8"))

    assert sorted(drawn) == sorted(names)


def test_an_unknown_icon_or_state_is_refused():
    with pytest.raises(KeyError):
        sprite("no-such-icon")
    with pytest.raises(KeyError):
        status_of("no-such-state")


def test_every_state_has_words_and_a_drawn_shape():
    assert all(str(row.text) and sprite(row.icon) for row in STATUSES.values())


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_500_000, "Rp1.500.000"), (0, "Rp0"), (None, "—"), (-250, "-Rp250"), ("", "—")],
)
def test_rupiah(value, text):
    assert formats.rupiah(value) == text


def test_numbers_follow_the_language():
    assert formats.number(1234567) == "1.234.567"
    with translation.override("en"):
        assert formats.number(1234567) == "1,234,567"


def test_dates_and_times_are_written_out_in_jakarta_time():
    assert formats.day(date(2026, 11, 22)) == "22 November 2026"
    assert formats.day("2026-11-22") == "22 November 2026"
    assert formats.moment(datetime(2026, 11, 22, 2, 14, tzinfo=UTC)) == "22 November 2026 09.14 WIB"
    assert formats.day(None) == "—"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("6281234567890", "0812-3456-7890"),
        ("081234567890", "0812-3456-7890"),
        ("62341551234", "0341-551234"),
        ("12345", "12345"),
        ("", "—"),
    ],
)
def test_phone(value, text):
    assert formats.phone(value) == text


def test_rt_and_rw():
    assert formats.rt_rw(5, 15) == "RT 05 RW 15"
    assert formats.rt_rw(None, 3) == "RW 03"
    assert formats.rt_rw(None, None) == ""


def test_only_changed_words_are_marked():
    before, after = marked("Jl. Sanan No. 47, RT 02", "Jl. Sanan No. 47, RT 05")

    assert before == "Jl. Sanan No. 47, RT <del>02</del>"
    assert after == "Jl. Sanan No. 47, RT <ins>05</ins>"


def test_marked_values_are_escaped():
    before, after = marked("<b>a</b>", "<b>c</b> & d")

    assert "<b>" not in before + after
    assert "&lt;b&gt;" in after


def test_a_field_ties_help_and_error_to_the_widget():
    form = NameForm({"name": "", "kind": "a"})

    html = rendered("{% field form.name %}", form=form)

    assert 'aria-describedby="id_name-bantu id_name-salah"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name-bantu"' in html
    assert 'id="id_name-salah"' in html


def test_only_optional_fields_are_marked():
    html = rendered("{% field form.name %}|{% field form.note %}", form=NameForm())

    required, optional = html.split("|")
    assert "boleh kosong" not in required
    assert "boleh kosong" in optional


def test_the_error_summary_links_to_each_field():
    html = rendered("{% error_summary form kept='Isian lain tetap ada.' %}", form=NameForm({}))

    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_kind_0"]
    assert "2 isian perlu diperbaiki" in html
    assert "Isian lain tetap ada." in html


def test_no_errors_no_summary():
    assert rendered("{% error_summary form %}", form=NameForm()).strip() == ""


def test_text_from_people_is_escaped_in_components():
    evil = "<img src=x>"

    html = rendered(
        "{% chip t '?' %}{% empty t t %}{% notice 'bad' t %}{{ t }}{% endnotice %}{% stat t t %}"
        "{% timeline e %}{% diff_table d %}{% business_card b %}",
        t=evil,
        e=[{"title": evil, "text": evil, "by": evil}],
        d=[{"label": evil, "before": evil, "after": evil, "note": evil}],
        b={"url": "/", "name": evil, "what": evil, "place": evil, "tags": [evil]},
    )

    assert evil not in html


def test_the_tag_list_at_the_top_names_every_tag():
    tags = [name for name in ui.register.tags if not name.startswith("end")]

    assert [
        name for name in tags if f"{{% {name} " not in ui.__doc__ and f"{{% {name} %}}" not in ui.__doc__
    ] == []
