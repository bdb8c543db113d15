"""Antrean WhatsApp: whom it writes to, one message a tap, what is recorded of it, and who may send."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Check, OutreachLine, OutreachQueue, OwnerLink, Post
from registry.outreach.messages import USUAL
from registry.outreach.numbers import usable
from registry.regions.access import forget_posts
from tests.factories import make_business, make_officer
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(city, operator, verifikator):
    numbers = iter(range(1000, 9000))

    def make(name, **values):
        values = {"phone": f"08123456{next(numbers)}", "phone_of": "owner", "rw": 5} | values
        return make_business(by=operator, decided_by=verifikator, name=name, **values)

    return make


@pytest.fixture
def queue(shop, petugas):
    rows = [shop(name) for name in ("Ani", "Budi", "Cici")]
    return OutreachQueue.make(businesses=rows, title="RW 5", message=str(USUAL), by=petugas)


def first(queue):
    return queue.lines.order_by("position").first()


def test_only_ones_own_mobile_numbers_are_written_to(shop, operator, petugas):
    good = shop("Baik")
    shop_rows = [
        good,
        shop("Tanpa nomor", phone=""),
        shop("Telepon rumah", phone="0341551234"),
        shop("Nomor pendata", phone_of="enumerator"),
        *[shop(f"Bersama {n}", phone="081299990000") for n in range(5)],
    ]
    closed = shop("Tutup")
    Business.objects.filter(pk=closed.pk).update(operating_state="closed")
    rows = list(Business.objects.order_by("pk"))
    assert len(rows) == len(shop_rows) + 1
    assert usable(rows) == [good]


def test_who_asked_not_to_be_written_to_is_left_alone(queue, petugas, shop):
    line = first(queue)
    line.skip(why="declined", by=petugas)
    assert line.business not in usable(list(Business.objects.all()))
    with pytest.raises(Refused):
        line.take_up_again(by=petugas)


def test_a_tap_opens_the_written_message_and_notes_it(client, queue, petugas):
    client.force_login(petugas)
    line = first(queue)

    answer = client.post(reverse("outreach-send", args=[queue.uuid]), {"line": line.uuid})

    to = urlsplit(answer.url)
    text = parse_qs(to.query)["text"][0]
    line.refresh_from_db()
    assert (to.scheme, to.netloc, to.path) == ("https", "wa.me", f"/{line.business.phone}")
    assert "Ani" in text
    assert line.link.address in text
    assert "{" not in text
    assert (line.state, line.sent_by) == ("sent", petugas)
    assert AuditEntry.objects.filter(act="outreach.sent", about=line.business.uuid).count() == 1
    assert line.business.phone not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_the_page_lets_the_form_go_to_whatsapp_and_shows_no_number(client, queue, petugas):
    client.force_login(petugas)
    answer = client.get(queue.get_absolute_url())
    policy = answer["Content-Security-Policy"]
    assert "form-action 'self' https://wa.me" in policy
    assert first(queue).business.phone not in answer.content.decode()
    other = client.get(reverse("outreach-list"))["Content-Security-Policy"]
    assert "wa.me" not in other


def test_a_double_tap_sends_one_message_and_makes_one_link(client, queue, petugas):
    client.force_login(petugas)
    line = first(queue)
    answers = [
        client.post(reverse("outreach-send", args=[queue.uuid]), {"line": line.uuid}) for _twice in range(2)
    ]
    assert answers[1].url == queue.get_absolute_url()
    assert OwnerLink.objects.count() == 1
    assert client.post(reverse("outreach-send", args=[queue.uuid]), {"line": "x"}).status_code == 404


def test_seeing_a_number_counts_as_opening_the_owners_data(shop, petugas, operator):
    owner = {
        "op": "add",
        "kind": "owner",
        "uuid": "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11",
        "values": {"name": "Siti"},
    }
    row = shop("Warung Siti", items=[owner])
    queue = OutreachQueue.make(businesses=[row], title="", message=str(USUAL), by=petugas)
    queue.send_next(first(queue).uuid, by=petugas)
    assert AuditEntry.objects.filter(act="person.viewed", recorded_by=petugas).count() == 1


def test_the_owners_answer_by_link_marks_the_line(client, queue, petugas):
    line = first(queue)
    address = queue.send_next(line.uuid, by=petugas)
    link = parse_qs(urlsplit(address).query)["text"][0].split("\n")[1]
    client.post(urlsplit(link).path, {"answer": "active"})
    line.refresh_from_db()
    assert (line.state, line.answered_by, line.check_made.via) == ("answered", None, "owner")


def test_an_answer_in_the_chat_is_recorded_by_who_read_it(client, queue, petugas):
    line = first(queue)
    client.force_login(petugas)
    url = reverse("outreach-line", args=[queue.uuid])
    client.post(url, {"line": line.uuid, "act": "answered", "answer": "closed"})
    assert not Check.objects.exists()  # nothing was sent yet
    queue.send_next(line.uuid, by=petugas)
    client.post(url, {"line": line.uuid, "act": "answered", "answer": "closed"})
    check = Check.objects.get()
    assert (check.via, check.told_by, check.submission.kind) == ("chat", petugas, "close")
    line.refresh_from_db()
    assert line.state == "answered"


def test_what_is_skipped_or_taken_up_again_ends_its_link(queue, petugas):
    line = first(queue)
    queue.send_next(line.uuid, by=petugas)
    line.skip(why="wrong", by=petugas)
    assert not OwnerLink.objects.good().exists()
    line.take_up_again(by=petugas)
    queue.send_next(line.uuid, by=petugas)
    assert OwnerLink.objects.good().count() == 1


def test_a_closed_queue_sends_no_more(queue, petugas):
    queue.close(by=petugas)
    with pytest.raises(Refused) as refused:
        queue.send_next(first(queue).uuid, by=petugas)
    assert refused.value.code == "queue-closed"


def test_a_queue_belongs_to_the_post_and_to_nobody_elsewhere(
    client, queue, petugas_dinoyo, kepala, city, operator
):
    successor = make_officer("petugas", city["Purwantoro"])
    queue.send_next(first(queue).uuid, by=successor)
    assert OutreachQueue.objects.visible_to(operator).exists()
    for user, status in ((petugas_dinoyo, 404), (kepala, 403)):
        client.force_login(user)
        assert client.get(queue.get_absolute_url()).status_code == status
        assert (
            client.post(reverse("outreach-send", args=[queue.uuid]), {"line": first(queue).uuid}).status_code
            == status
        )
    with pytest.raises(Refused) as refused:
        OutreachQueue.make(
            businesses=[first(queue).business], title="", message=str(USUAL), by=petugas_dinoyo
        )
    assert refused.value.code == "not-found"


def move_post(user, region):
    Post.objects.filter(user=user).update(region=region)
    forget_posts(user)


def test_who_moved_reads_the_old_queue_no_more(client, queue, petugas, city):
    move_post(petugas, city["Dinoyo"])
    client.force_login(petugas)
    assert client.get(queue.get_absolute_url()).status_code == 404
    assert queue.title not in client.get(reverse("outreach-list")).content.decode()


def test_of_a_queue_across_kelurahan_one_reads_what_lies_in_reach(client, shop, operator, city):
    here, there = shop("Ani"), shop("Budi Dinoyo")
    Business.objects.filter(pk=there.pk).update(kelurahan=city["Dinoyo"])
    there.refresh_from_db()
    queue = OutreachQueue.make(businesses=[here, there], title="", message=str(USUAL), by=operator)
    Post.objects.filter(user=operator).update(role="petugas", region=city["Purwantoro"])
    forget_posts(operator)
    client.force_login(operator)

    answer = client.get(queue.get_absolute_url(), {"lihat": "waiting"})

    assert answer.context["queue"].total == 1
    assert [line.business for line in answer.context["rows"]] == [here]
    line = queue.lines.get(business=there)
    acts = (("outreach-line", {"act": "skip", "why": "later"}), ("outreach-send", {}))
    for name, told in acts:
        url = reverse(name, args=[queue.uuid])
        assert client.post(url, {"line": line.uuid} | told).status_code == 404


@pytest.mark.parametrize("change", [{"operating_state": "closed"}, {"phone_of": "enumerator"}, "declined"])
def test_what_became_unfit_since_is_sent_nothing(queue, petugas, change):
    line = first(queue)
    if change == "declined":
        other = OutreachQueue.make(businesses=[line.business], title="", message=str(USUAL), by=petugas)
        first(other).skip(why="declined", by=petugas)
    else:
        Business.objects.filter(pk=line.business_id).update(**change)
    with pytest.raises(Refused) as refused:
        queue.send_next(line.uuid, by=petugas)
    assert refused.value.code == "line-unusable"
    assert not OwnerLink.objects.exists()


def test_a_token_of_somebody_elses_queue_is_refused(queue, petugas, operator):
    given = {"businesses": [first(queue).business], "title": "", "message": str(USUAL), "uuid": queue.uuid}
    assert OutreachQueue.make(by=petugas, **given) == queue
    with pytest.raises(Refused) as refused:
        OutreachQueue.make(by=operator, **given)
    assert refused.value.code == "uuid-taken"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("", "Tulis"),
        ("Halo {usaha}", "{tautan}"),
        ("{tautan} {nik}", "{nik}"),
        ("{tautan} 3573015508800001", "NIK"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused(queue, petugas, message, told):
    with pytest.raises(Refused) as refused:
        OutreachQueue.make(businesses=[first(queue).business], title="", message=message, by=petugas)
    assert told in refused.value.message


def test_it_is_made_from_the_list_as_filtered_and_only_once(client, shop, petugas):
    shop("Ani", rw=5)
    shop("Budi", rw=7)
    client.force_login(petugas)
    listed = client.get(reverse("business-list"), {"rw": 5})
    assert f"{reverse('outreach-new')}?rw=5" in listed.content.decode()
    url = reverse("outreach-new") + "?rw=5"
    form = client.get(url).context["form"]
    sent = {"title": "RW 5", "message": str(USUAL), "token": form["token"].value()}
    for _twice in range(2):
        client.post(url, sent)
    assert list(OutreachLine.objects.values_list("business__name", flat=True)) == ["Ani"]


def test_it_is_made_from_what_asks_for_a_look(client, shop, petugas):
    row = shop("Lama")
    shop("Baru")
    Business.objects.filter(pk=row.pk).update(last_confirmed_on=None)
    client.force_login(petugas)
    page = client.get(reverse("outreach-new"), {"dari": "masih-aktif", "sebab": "lama"})
    assert page.context["fitting"] == 1


def test_lists_ask_the_same_queries_for_one_and_for_three(client, shop, petugas):
    client.force_login(petugas)

    def make(count):
        rows = [shop(f"Kios {n}") for n in range(count)]
        made = OutreachQueue.make(businesses=rows, title="", message=str(USUAL), by=petugas)
        for line in made.lines.all():
            made.send_next(line.uuid, by=petugas)
        return made

    def asked(url):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    one = make(1)
    client.get(one.get_absolute_url())
    counts = asked(one.get_absolute_url()), asked(reverse("outreach-list"))
    three = make(3)
    make(1)
    assert (asked(three.get_absolute_url()), asked(reverse("outreach-list"))) == counts


def test_what_is_sealed_here_is_readable_after_the_key_was_changed(queue, petugas, settings):
    check, _new = Check.record(
        business=first(queue).business,
        answer="moved",
        via="walk",
        told_at=timezone.now(),
        by=petugas,
        note="Pindah",
    )
    old, new = settings.IDENTITY_KEY, "z" * 50
    settings.IDENTITY_KEY = [new, *old]
    call_command("rotate_identity_key", verbosity=0, stdout=io.StringIO())
    settings.IDENTITY_KEY = [new]
    assert Check.objects.get(pk=check.pk).note == "Pindah"
    assert OutreachQueue.objects.get().message == str(USUAL)
