"""Proposals that came to nothing are deleted after their days, and nothing else is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from registry.models import Attachment, Submission
from registry.submissions.actions import attach_photo
from registry.submissions.retention import delete_idle_drafts, delete_unused_photos
from tests.factories import make_submission
from umkm_portal.demo.pictures import draw_picture

pytestmark = pytest.mark.django_db


def days_ago(days):
    return time_machine.travel(timezone.now() - timedelta(days=days), tick=False)


def test_a_draft_nobody_touched_for_thirty_days_goes_with_its_photo(
    petugas, django_capture_on_commit_callbacks
):
    with days_ago(31):
        old = make_submission(by=petugas)
        photo = attach_photo(old, upload=draw_picture("bag", 1), by=petugas)
    with days_ago(29):
        young = make_submission(by=petugas)
    with days_ago(40):
        sent = make_submission(by=petugas, submit=True)

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_idle_drafts() == 1

    assert set(Submission.objects.all()) == {young, sent}
    assert not default_storage.exists(photo.file.name)


def test_a_draft_edited_since_stays(petugas):
    with days_ago(31):
        draft = make_submission(by=petugas)
    with days_ago(2):
        draft.edit(by=petugas, values={"name": "Keripik"})

    assert delete_idle_drafts() == 0


def test_photos_of_rejected_proposals_go_after_ninety_days(petugas, verifikator):
    with days_ago(91):
        draft = make_submission(by=petugas)
        attach_photo(draft, upload=draw_picture("bag", 1), by=petugas)
        draft.submit(by=petugas)
    assert delete_unused_photos() == 0
    draft.reject(by=verifikator, reason="Bukan usaha.")

    assert delete_unused_photos() == 1
    assert not Attachment.objects.exists()
