"""Sheets of an RW: made, printed on A4, and keyed in by their numbers."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from registry.checks.keying import LETTER_OF, LETTERS, LONGEST, MEANINGS, read
from registry.checks.models import CONFIRM
from registry.checks.sheets import Sheet
from registry.checks.walk import chosen_kelurahan, kelurahan_of, rw_of, rws
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number

SHOWN = 25


@requires(CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request):
    """Make a sheet for an RW, find one by its code, and those made lately."""
    regions = kelurahan_of(request.user)
    region = chosen_kelurahan(request, regions)
    problem = ""
    if request.method == "POST":
        sheet, problem = _make(request, region)
        if sheet is not None:
            return redirect(sheet)
    if code := request.GET.get("kode", "").strip().upper():
        found = Sheet.objects.visible_to(request.user).filter(code=code[:20]).first()
        if found is not None:
            return redirect("sheet-key", found.code)
        problem = _(
            "Tidak ada lembar dengan kode itu di wilayah Anda. Periksa kode di pojok kanan atas kertas."
        )
    rows = Sheet.objects.visible_to(request.user).select_related("kelurahan", "made_by").order_by("-pk")
    if region is not None:
        rows = rows.filter(kelurahan=region)
    return render(
        request,
        "registry/checks/sheets.html",
        {
            "regions": regions,
            "region": region,
            "rws": [row for row in rws(region) if row["rw"]] if region else [],
            "problem": problem,
            "code": request.GET.get("kode", ""),
            "rows": rows[:SHOWN],
        },
    )


def _make(request, region):
    """(sheet, "") or (None, what is wrong)."""
    rw = rw_of(request.POST.get("rw", ""))
    if region is None:
        return None, _("Pilih kelurahannya.")
    if rw is None:
        return None, _("Pilih RW-nya.")
    try:
        return Sheet.make(kelurahan=region, rw=rw, by=request.user), ""
    except Refused as refused:
        return None, refused.message


@requires(CONFIRM)
@require_safe
def sheet(request, code):
    """The sheet on A4: a number, the business, and the letters to circle. No owner, no phone, no address."""
    row = get_object_or_404(
        Sheet.objects.visible_to(request.user).select_related("kelurahan__parent"), code=code
    )
    lines = row.lines.select_related("business").order_by("number")
    return render(
        request,
        "registry/checks/sheet_print.html",
        {
            "sheet": row,
            "lines": lines.only("number", "sheet", "business__name", "business__rt", "business__stall"),
            "letters": list(MEANINGS.items()),
        },
    )


class KeyForm(forms.Form):
    """The line of numbers and letters, and the day it was filled in by hand."""

    text = forms.CharField(
        label=lazy("Nomor dan huruf"),
        max_length=LONGEST,
        required=False,
        help_text=lazy("Misalnya: 1a 2a 3t 4x. Boleh juga 5-9a untuk nomor 5 sampai 9."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    on = forms.DateField(
        label=lazy("Tanggal diisi di lapangan"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@requires(CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_key(request, code):
    """Key in a filled sheet: everything is checked first, and what is wrong is named; then all is kept."""
    row = get_object_or_404(Sheet.objects.visible_to(request.user).select_related("kelurahan"), code=code)
    lines = list(
        row.lines.select_related("business")
        .only("number", "sheet", "business__name", "business__rt", "business__operating_state")
        .order_by("number")
    )
    most = lines[-1].number
    form = KeyForm(request.POST or None)
    picked, problems = {}, []
    if request.method == "POST":
        picked, problems = _asked(request, most)
        if form.is_valid() and not problems:
            told = _keep(row, picked, form, request.user)
            if told is not None:
                _say(request, told)
                return redirect("sheet-key", row.code)
    known = row.answers()
    return render(
        request,
        "registry/checks/sheet_key.html",
        {
            "sheet": row,
            "form": form,
            "problems": [(f"id_{form['text'].name}", problem) for problem in problems],
            "letters": [(letter, LETTERS[letter], meaning) for letter, meaning in MEANINGS.items()],
            "lines": [
                {
                    "number": line.number,
                    "business": line.business,
                    "known": known.get(line.number),
                    "picked": LETTER_OF.get(picked.get(line.number), ""),
                }
                for line in lines
            ],
            "left": sum(line.number not in known for line in lines),
        },
    )


def _asked(request, most):
    """({number: answer}, problems) of the typed line and of the letters chosen in the list together."""
    answers, problems = read(request.POST.get("text", ""), most)
    for name, letter in request.POST.items():
        rest = name.removeprefix("jawab-")
        if (
            name == rest
            or not (rest.isascii() and rest.isdigit() and len(rest) <= 4)
            or letter not in LETTERS
        ):
            continue
        place, answer = int(rest), LETTERS[letter]
        if answers.setdefault(place, answer) != answer:
            told = {"number": place, "typed": LETTER_OF[answers[place]], "chosen": letter}
            problems.append(_("Nomor %(number)d: diketik %(typed)s, di daftar dipilih %(chosen)s.") % told)
    if not answers and not problems:
        problems.append(_("Belum ada nomor yang diisi."))
    return answers, problems


def _keep(row, picked, form, user):
    """What came of each number, or None where the form now says what is wrong."""
    try:
        return row.key(picked, on=form.cleaned_data["on"], by=user)
    except Refused as refused:
        if refused.code == "not-found":
            form.add_error("on", _("Pada tanggal itu Anda tidak bertugas di kelurahan ini."))
        else:
            form.add_error("on" if "on" in refused.fields else "text", refused.message)
    return None


def _say(request, told):
    kept = sum(check is not None for _line, check, _refused in told)
    if kept:
        messages.success(request, _("%(count)s jawaban tersimpan.") % {"count": number(kept)})
    for line, _check, refused in told:
        if refused is not None:
            messages.error(request, f"{line.number}. {line.business.name}: {refused.message}")
