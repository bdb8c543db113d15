"""Follow-ups: whose they are, handing over, closing by another office's own account, escalation."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import FollowUp
from tests.factories import make_follow_up, make_officer, make_organisation, make_representative
from tests.programs.visits.test_visits import picture
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinkes(db):
    return make_organisation("DINKES")


@pytest.fixture
def opd(city, dinkes):
    return make_representative(dinkes, city["Kota"], "opd.dinkes")


def refused_code(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_another_office_sees_and_closes_only_what_was_handed_to_it(opd, dinkes, operator):
    handed = make_follow_up(by=operator, organisation=dinkes)
    others = make_follow_up(by=operator)

    assert list(FollowUp.objects.visible_to(opd)) == [handed]
    assert refused_code(lambda: others.close(by=opd, evidence="sudah")) == "not-found"

    handed.close(by=opd, evidence="Sertifikat terbit.", photo=picture())

    handed.refresh_from_db()
    assert (handed.state, handed.closed_by, handed.evidence) == ("closed", opd, "Sertifikat terbit.")
    assert handed.evidence_photo.size > 0


def test_the_office_alone_hands_over_drops_and_reopens(opd, dinkes, operator):
    row = make_follow_up(by=operator, organisation=dinkes)
    other = make_organisation()
    assert refused_code(lambda: row.hand_over(other, by=opd, reason="bukan kami")) == "not-found"
    assert refused_code(lambda: row.drop(by=opd, reason="bukan kami")) == "not-found"
    row.close(by=opd, evidence="sudah")
    assert refused_code(lambda: row.reopen(by=opd, reason="belum")) == "not-found"

    row.reopen(by=operator, reason="Ternyata belum.")
    assert row.is_open


def test_handed_over_it_leaves_the_first_offices_list_and_may_get_a_new_day(opd, dinkes, operator):
    row = make_follow_up(by=operator, organisation=dinkes, working_days=1)
    before = row.due_on

    row.hand_over(make_organisation(), by=operator, reason="Urusan lain.", working_days=10)

    assert not FollowUp.objects.visible_to(opd).exists()
    assert row.due_on > before
    assert (
        refused_code(lambda: row.hand_over(row.organisation, by=operator, reason="x")) == "same-organisation"
    )


def test_a_membership_that_ran_out_gives_nothing(city, dinkes, operator):
    late = make_representative(dinkes, city["Kota"], days=-1)
    make_follow_up(by=operator, organisation=dinkes)
    assert not FollowUp.objects.visible_to(late).exists()


def test_a_post_in_one_kecamatan_answers_for_that_kecamatan(city, dinkes, operator):
    there = make_representative(dinkes, city["Kec. Lowokwaru"])
    here = make_follow_up(by=operator, organisation=dinkes)  # Purwantoro, Kec. Blimbing
    theirs = make_follow_up(by=operator, organisation=dinkes, kelurahan=city["Dinoyo"])
    assert list(FollowUp.objects.visible_to(there)) == [theirs]
    assert refused_code(lambda: here.reply(by=there, text="Akan kami lihat.")) == "not-found"


def test_a_reply_keeps_it_open_and_says_so(opd, dinkes, operator):
    row = make_follow_up(by=operator, organisation=dinkes)
    row.reply(by=opd, text="Dijadwalkan minggu depan.")
    assert (row.state, row.is_open) == ("answered", True)
    assert refused_code(lambda: row.reply(by=opd, text="")) == "reason-missing"


def test_what_is_closed_takes_no_more_acts(operator):
    row = make_follow_up(by=operator)
    row.drop(by=operator, reason="Usahanya tutup.")
    assert refused_code(lambda: row.close(by=operator, evidence="x")) == "follow-up-done"
    assert refused_code(lambda: row.reply(by=operator, text="x")) == "follow-up-done"


def test_closed_again_without_a_picture_the_old_picture_is_gone(operator):
    row = make_follow_up(by=operator)
    row.close(by=operator, evidence="sudah", photo=picture())
    row.reopen(by=operator, reason="belum")
    row.close(by=operator, evidence="sekarang sudah")
    assert not row.evidence_photo


def test_who_reads_one(operator, petugas, petugas_dinoyo, kepala, nobody):
    row = make_follow_up(by=operator)
    readers = [user for user in (petugas, petugas_dinoyo, kepala, nobody)
               if FollowUp.objects.visible_to(user).filter(pk=row.pk).exists()]  # fmt: skip
    assert readers == [petugas, kepala]
    assert refused_code(lambda: row.close(by=petugas, evidence="x")) == "not-found"


def test_overdue_ones_are_escalated_once_by_the_clock(operator, city):
    late = make_follow_up(by=operator, working_days=1)
    make_follow_up(by=operator, working_days=60)
    FollowUp.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    assert (FollowUp.escalate_overdue(), FollowUp.escalate_overdue()) == (1, 0)

    late.refresh_from_db()
    assert late.escalated_at is not None
    note = late.history.order_by("-pk").first()
    assert (note.act, note.told_by) == ("escalated", None)
    assert AuditEntry.objects.filter(act="follow-up.escalated").count() == 1


@pytest.mark.once
def test_the_daily_command_escalates(operator, capsys):
    late = make_follow_up(by=operator, working_days=1)
    FollowUp.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    call_command("daily")
    assert "1 tindak lanjut" in capsys.readouterr().out


def test_the_history_tells_every_step_in_order(opd, dinkes, operator):
    row = make_follow_up(by=operator)
    row.hand_over(dinkes, by=operator, reason="Urusan kesehatan.")
    row.reply(by=opd, text="Sedang diproses.")
    row.close(by=opd, evidence="Selesai.")
    row.reopen(by=operator, reason="Belum.")
    acts = list(row.history.order_by("pk").values_list("act", flat=True))
    assert acts == ["opened", "handed-over", "answered", "closed", "reopened"]


def test_mine_are_those_i_opened_and_those_of_my_office(opd, dinkes, operator, city):
    handed = make_follow_up(by=operator, organisation=dinkes)
    other = make_follow_up(by=make_officer("program", city["Kota"]))
    assert list(FollowUp.objects.mine(opd)) == [handed]
    assert other not in FollowUp.objects.mine(operator)


def test_opened_again_it_is_told_anew_when_it_is_late_again(operator):
    row = make_follow_up(by=operator, working_days=1)
    yesterday = timezone.localdate() - timedelta(days=1)
    FollowUp.objects.filter(pk=row.pk).update(due_on=yesterday)
    FollowUp.escalate_overdue()
    row.close(by=operator, evidence="Sudah.")

    row.reopen(by=operator, reason="Ternyata belum.")

    row.refresh_from_db()
    assert row.escalated_at is None
    assert FollowUp.escalate_overdue() == 1
