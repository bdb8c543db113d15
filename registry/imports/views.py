"""Pages of a list: upload, dry run with every row's message, send; and the verifikator's decision."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from registry.submissions.batches import Batch
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage
from umkm_portal.lib.tables import download, to_xlsx

from . import actions, tasks
from .display import columns_shown, counts_shown, figures, row_shown
from .forms import RejectForm, UploadForm
from .models import Import

SEES = ("registry.upload_import", "registry.decide_import", "registry.view_import")


@requires(*SEES)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request):
    """Uploads in reach, and the form for a new one."""
    may_upload = request.user.has_perm("registry.upload_import")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted) if may_upload else None
    if posted and may_upload and form.is_valid():
        given = form.cleaned_data
        options = actions.Options(
            sheet=given["sheet"],
            kelurahan=given["kelurahan"].code if given["kelurahan"] else "",
            consents=tuple(given["consent_groups"]),
            statement=given["consent_statement"],
        )
        try:
            row = actions.upload(given["file"].read(), given["file"].name, options, by=request.user)
            tasks.start_reading(row)
            return redirect(row)
        except Refused as refused:
            form.add_error(None, refused.message)
    page = KeysetPage(request, Import.objects.visible_to(request.user).for_list(), "-uploaded_at")
    status = 400 if form is not None and form.is_bound and not form.is_valid() else 200
    context = {"form": form, "page": page, "rows": [figures(row) for row in page.rows]}
    return render(request, "registry/imports/import_list.html", context, status=status)


def _visible(request, uuid):
    return get_object_or_404(Import.objects.visible_to(request.user).for_list(), uuid=uuid)


@requires(*SEES)
@require_safe
def import_detail(request, uuid):
    """One list: counts, what the columns were taken for, and the message of every row."""
    return _detail(request, _visible(request, uuid))


def _detail(request, row, reject_form=None):
    everything = request.GET.get("baris") == "semua"
    rows = row.rows.all() if everything else row.rows.with_messages()
    page = KeysetPage(request, rows.defer("originals", "facts"), "number", 50)
    waits = row.batch_id is not None and row.batch.state == Batch.State.SUBMITTED
    context = {
        "upload": row,
        "figures": figures(row),
        "counts": counts_shown(row),
        "columns": columns_shown(row),
        "page": page,
        "rows": [row_shown(r) for r in page.rows],
        "everything": everything,
        "is_busy": row.state in (Import.State.READING, Import.State.SENDING)
        or (row.batch_id is not None and row.batch.state in (Batch.State.APPROVED, Batch.State.APPLYING)),
        "may_send": row.state == Import.State.READY
        and row.uploaded_by_id == request.user.pk
        and bool(row.counts.get("accepted")),
        "may_decide": waits
        and request.user.has_perm("registry.decide_import")
        and row.batch.proposed_by_id != request.user.pk,
        "may_withdraw": waits and row.batch.proposed_by_id == request.user.pk,
        "reject_form": reject_form or RejectForm(),
    }
    return render(request, "registry/imports/import_detail.html", context, status=400 if reject_form else 200)


def _act(request, row, act, done):
    try:
        act()
        row.refresh_from_db()
        if row.refusal:
            messages.error(request, row.refusal)
        else:
            messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(row)


@requires("registry.upload_import")
@require_POST
def import_send(request, uuid):
    row = _visible(request, uuid)
    return _act(
        request, row, lambda: tasks.start_sending(row, by=request.user), _("Daftar dikirim untuk verifikasi.")
    )


@requires("registry.upload_import")
@require_POST
def import_withdraw(request, uuid):
    row = _visible(request, uuid)
    return _act(request, row, lambda: row.sent_batch().withdraw(by=request.user), _("Kiriman ditarik."))


@requires("registry.decide_import")
@require_POST
def import_approve(request, uuid):
    row = _visible(request, uuid)
    return _act(request, row, lambda: tasks.approve(row, by=request.user), _("Daftar disetujui."))


@requires("registry.decide_import")
@require_POST
def import_reject(request, uuid):
    row = _visible(request, uuid)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, form)
    reason = form.cleaned_data["reason"]
    return _act(
        request, row, lambda: row.sent_batch().reject(by=request.user, reason=reason), _("Daftar ditolak.")
    )


@requires(*SEES)
@require_safe
def import_problems(request, uuid):
    """The rows with something to mend, as a workbook: the original cells and a column "Kesalahan"."""
    row = _visible(request, uuid)
    columns, rows = actions.problem_table(row)
    heading = (_("Baris yang perlu diperiksa"), row.filename)
    return download(
        to_xlsx(columns, rows, sheet="Kesalahan", heading=heading), f"kesalahan-{row.uuid.hex[:8]}.xlsx"
    )
