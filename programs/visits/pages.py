"""What the pages of this room share: refusals onto forms, private pictures, businesses in few columns."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.businesses.models import Business
from umkm_portal.lib.errors import Refused

NAMED = ("id", "uuid", "name", "kelurahan_id", "rt", "rw", "address", "stall", "operating_state")


def named_businesses(column="business"):
    """A Prefetch of `column` with what a list shows of a business: joined, all its columns would come."""
    return Prefetch(column, Business.objects.only(*NAMED))


def put(form, refused):
    """A refusal where it belongs on `form`: at the fields it names, on top otherwise. 404 for a row out of
    reach."""
    if refused.code == "not-found":
        raise Http404 from refused
    named = {name: text for name, text in refused.fields.items() if name in form.fields}
    for name, text in named.items():
        form.add_error(name, text)
    if not named:
        form.add_error(None, refused.message)


def done(request, act, said, back):
    """Run `act`; then `said` as a message, or why it was refused, and on to `back`."""
    try:
        act()
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect(back)


def first_problem(form):
    """The first thing wrong with a small form that a page shows folded: said as a message."""
    for errors in form.errors.values():
        return errors[0]
    return _("Periksa isiannya.")


def picture(file, identity):
    """A private JPEG. Raises Http404 where the file is gone."""
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    return FileResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{identity}.jpg"',
        },
    )
