"""Entri deret without script: a pasted block comes back as rows, columns and rows are added by asking."""

from registry.models import Submission
from tests.registry.rows.grid import URL


def plain(response):
    """The fields of the form as a browser without script would send them back."""
    fields = {"row": [], "kolom": []}
    for item in response.context["rows"]:
        fields["row"].append(str(item["row"].uuid))
        fields |= {cell["name"]: cell["value"] for cell in item["cells"]} | dict(item["hidden"])
    fields["kolom"] = [c["key"] for c in response.context["choices"] if c["on"]]
    return fields


def test_without_script_a_pasted_block_comes_back_as_rows_and_goes(officer):
    block = (
        "Nama Usaha\tJenis Usaha\tRT/RW\tOmzet per bulan\nKios A\tsembako\t001/002\t5 juta\nKios B\tkue\t0\t"
    )
    page = officer.get(URL)

    read = officer.post(URL, plain(page) | {"block": block, "do": "block"})

    fields = plain(read)
    assert {"turnover", "turnover_period"} <= set(fields["kolom"])
    sent = officer.post(URL, fields | {"do": "send"})
    assert Submission.objects.get().title == "Kios A"
    assert Submission.objects.get().proposed("turnover_period") == "month"
    wrong = next(i for i in sent.context["rows"] if i["row"].errors)
    assert list(wrong["row"].errors) == ["rt"]
    cell = next(c for c in wrong["cells"] if c["error"])
    html = sent.content.decode()
    assert f'aria-describedby="{cell["id"]}-p"' in html
    assert "autofocus" in html


def test_without_script_a_long_block_is_read_in_portions(officer):
    block = "\n".join(f"Usaha {n}\tkue\tPurwantoro" for n in range(300))

    read = officer.post(URL, {"block": block, "do": "block", "kolom": ["name", "activity", "kelurahan"]})

    room = len(read.context["rows"])
    assert room < 300
    assert read.context["pasted"].count("\n") == 300 - len(
        [i for i in read.context["rows"] if not i["row"].is_blank]
    )
    again = officer.post(URL, {"block": read.context["pasted"], "do": "block", "kolom": ["name"]})
    assert again.context["rows"][0]["row"].cells["name"].startswith("Usaha ")


def test_without_script_columns_and_rows_can_be_added(officer):
    page = officer.post(URL, {"kolom": ["name", "note"], "do": "columns"})

    assert [c.key for c in page.context["columns"]] == ["name", "activity", "kelurahan", "note"]
    more = officer.post(URL, plain(page) | {"do": "add"})
    assert len(more.context["rows"]) == 10
