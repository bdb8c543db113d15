"""Pages of proposals: logging during the meeting, the list, the answer, and what everybody may read."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from programs.models import Proposal
from tests.factories import make_business, make_officer, make_post, make_proposal, make_user

pytestmark = pytest.mark.django_db
LOG = "/lapor/usulan/"


@pytest.fixture(autouse=True)
def no_kept_pages():
    caches["pages"].clear()


def line(**values):
    return {
        "uuid": str(uuid.uuid4()), "forum": "musrenbang", "held_on": timezone.localdate().isoformat(),
        "place": "Balai RW 5", "kelurahan": "35.73.01.1007", "rt": "3", "rw": "5", "need": "packaging",
        "text": "Minta kemasan",
    } | values  # fmt: skip


# ---- during the meeting --------------------------------------------------------------------------


def test_the_forum_stays_filled_in_from_line_to_line(client, petugas):
    client.force_login(petugas)
    assert client.post(LOG, line()).url == LOG

    page = client.get(LOG)

    form = page.context["form"]
    assert [form[n].value() for n in ("forum", "place", "kelurahan", "rw")] == [
        "musrenbang", "Balai RW 5", "35.73.01.1007", None,
    ]  # fmt: skip
    assert (page.context["settled"], page.context["count"]) == (True, 1)
    assert "Minta kemasan" in page.text
    assert Proposal.objects.get().told_by == petugas


def test_at_an_rts_own_meeting_its_rt_stays_too(client, petugas):
    client.force_login(petugas)
    client.post(LOG, line(forum="muskelsus"))
    assert [client.get(LOG).context["form"][n].value() for n in ("rt", "rw")] == [3, 5]
    assert client.get(LOG + "?baru=1").context["form"]["forum"].value() is None


def test_the_same_form_sent_twice_logs_one(client, petugas):
    client.force_login(petugas)
    sent = line()
    client.post(LOG, sent)
    page = client.post(LOG, sent, follow=True)
    assert Proposal.objects.count() == 1
    assert "sudah tersimpan sebelumnya" in page.text


def test_nothing_typed_is_lost_when_something_is_missing(client, petugas):
    client.force_login(petugas)
    page = client.post(LOG, line(need="", held_on="2199-01-01", rt="seribu"))

    assert set(page.context["form"].errors) == {"need", "held_on", "rt"}
    assert "Minta kemasan" in page.text and "Balai RW 5" in page.text
    assert Proposal.objects.count() == 0


def test_a_business_that_is_named_is_linked(client, petugas):
    business = make_business(name="Keripik Bu Wiji", rw=4)
    client.force_login(petugas)

    client.post(LOG, line(name="keripik bu wiji"))

    assert Proposal.objects.get().business == business


def test_a_name_that_fits_several_is_asked_about_and_may_stay_unlinked(client, petugas):
    twins = [make_business(name="Kios Sembako", rw=rw) for rw in (1, 2)]
    client.force_login(petugas)

    page = client.post(LOG, line(name="Kios Sembako"))
    assert page.context["form"].resembling == twins
    client.post(LOG, line(name="Kios Sembako", business=str(twins[1].uuid)))
    client.post(LOG, line(name="Kios Sembako", business="-", text="Minta rak"))

    linked, unlinked = Proposal.objects.order_by("pk")
    assert (linked.business, unlinked.business) == (twins[1], None)
    assert unlinked.text == "Minta rak\n(Kios Sembako)"
    assert client.post(LOG, line(name="Kios", business="bukan-uuid")).status_code == 200


def test_an_officer_logs_for_their_own_kelurahan_only(client, petugas_dinoyo):
    client.force_login(petugas_dinoyo)
    page = client.post(LOG, line())
    assert "kelurahan" in page.context["form"].errors
    assert [r.name for r in page.context["form"].fields["kelurahan"].queryset] == ["Dinoyo"]


def test_who_once_served_may_still_send_what_was_heard_then(client, city):
    gone = make_user()
    make_post(gone, "petugas", city["Purwantoro"], days=-20)
    client.force_login(gone)

    client.post(LOG, line(held_on=(timezone.localdate() - timedelta(days=21)).isoformat()))
    late = client.post(LOG, line())

    assert Proposal.objects.count() == 1
    assert "Data tidak ditemukan" in late.text


def test_the_shell_is_of_nobody(client, city, petugas):
    first = Client().get("/lapor/kerangka/usulan/")
    client.force_login(petugas)
    mine = client.get("/lapor/kerangka/usulan/")

    assert first.content == mine.content
    assert "csrfmiddlewaretoken" not in first.text and "Purwantoro" not in first.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_asks_the_same_for_any_number_of_lines(client, petugas, rows, django_assert_num_queries):
    client.force_login(petugas)
    for _each in range(rows):
        client.post(LOG, line(name=""))
    client.get(LOG)
    with django_assert_num_queries(7):
        client.get(LOG)


# ---- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_any_number_of_rows(client, operator, rows, django_assert_num_queries):
    business = make_business()
    for _each in range(rows):
        make_proposal(business=business)
    client.force_login(operator)
    client.get("/usulan/")
    with django_assert_num_queries(7):
        assert len(client.get("/usulan/").context["rows"]) == rows


def test_each_reads_the_proposals_of_their_own_reach(client, city, petugas, petugas_dinoyo):
    row = make_proposal(by=petugas)
    for user, seen in (
        (petugas, [row]), (petugas_dinoyo, []), (make_officer("camat", city["Kec. Blimbing"]), [row]),
        (make_officer("kepala", city["Kota"]), [row]),
    ):  # fmt: skip
        client.force_login(user)
        assert list(client.get("/usulan/").context["rows"]) == seen
        assert client.get(row.get_absolute_url()).status_code == (200 if seen else 404)
    client.force_login(make_officer("keuangan", city["Kota"]))
    assert client.get("/usulan/").status_code == 403


def test_the_list_is_narrowed_and_says_what_it_did_not_understand(client, operator, petugas):
    old = make_proposal(by=petugas, held_on=timezone.localdate() - timedelta(days=40), need="equipment")
    new = make_proposal(by=petugas, forum="musrenbang")
    since = (timezone.localdate() - timedelta(days=7)).isoformat()
    client.force_login(operator)

    def shown(query):
        return list(client.get(f"/usulan/?{query}").context["rows"])

    assert shown("") == [new, old]
    assert shown("need=equipment") == [old] == shown("forum=ngombe")
    assert shown(f"since={since}") == [new]
    assert shown("kecamatan=35.73.05") == [] == shown("state=done") == shown("linked=true")
    assert client.get("/usulan/?zz=1&since=kemarin").context["problems"]


def test_what_the_list_shows_is_taken_away(client, operator, petugas):
    make_proposal(by=petugas, text="=1+1 minta kemasan", rt=3, rw=5)
    make_proposal(by=petugas, need="capital")
    client.force_login(operator)

    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/usulan/unduh/?need=packaging").content)).active

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "Kebutuhan: Kemasan" in rows[1][0]
    assert rows[-1][8] == "=1+1 minta kemasan" and rows[-1][5:7] == [3, 5]
    assert len([r for r in rows if r[4] == "Purwantoro"]) == 1
    assert client.get("/usulan/unduh/?zz=1").status_code == 302


# ---- the answer ----------------------------------------------------------------------------------


def test_diskopindag_answers_and_the_officer_reads_it(client, operator, petugas):
    row = make_proposal(by=petugas)
    client.force_login(operator)
    client.post(
        f"{row.get_absolute_url()}jawab/",
        {"act": "done", "answer": "Sudah dibagi.", "public_line": "Kemasan dibagikan.", "version": 1},
    )

    client.force_login(petugas)
    page = client.get(row.get_absolute_url()).text
    assert "Sudah dibagi." in page and "Kemasan dibagikan." in page and "Simpan jawaban" not in page


def test_an_answer_over_an_older_one_is_told_and_kept(client, operator, petugas):
    row = make_proposal(by=petugas)
    row.respond(state="taken", by=operator)
    client.force_login(operator)

    page = client.post(
        f"{row.get_absolute_url()}jawab/", {"act": "done", "answer": "Kata saya", "version": 1}
    )

    assert "sudah dijawab orang lain" in page.text and "Kata saya" in page.text
    assert page.context["form"]["version"].value() == 2
    assert Proposal.objects.get().state == "taken"


def test_the_button_alone_answers_nobody(client, operator, petugas):
    row = make_proposal(by=petugas)
    client.force_login(operator)
    assert client.get(row.get_absolute_url()).context["form"]["act"].value() is None

    page = client.post(f"{row.get_absolute_url()}jawab/", {"version": 1})

    assert "Pilih bagaimana usulan ini dijawab." in page.text
    assert Proposal.objects.get().state == "new"


# ---- for everybody -------------------------------------------------------------------------------


def test_everybody_reads_the_public_line_and_nothing_of_who_asked(petugas, operator):
    business = make_business(name="Rahasia Bu Wiji")
    held = timezone.localdate().replace(day=1) - timedelta(days=12)
    row = make_proposal(
        by=petugas, text="Kata rahasia", place="Rumah Pak Rahasia", business=business, held_on=held, rt=77
    )
    hidden = make_proposal(by=petugas, text="Kata lain")
    row.respond(state="done", by=operator, answer="Jawaban rahasia", public_line="Kemasan dibagikan.")
    hidden.respond(state="taken", by=operator, answer="Diam-diam")

    page = Client().get("/usulan-warga/")

    assert [r.pk for r in page.context["rows"]] == [row.pk]
    assert "Kemasan dibagikan." in page.text and "Purwantoro" in page.text and "Terlaksana" in page.text
    for word in ("ahasia", "Kata lain", "Diam-diam", "RT 77", str(row.uuid), petugas.name, held.isoformat()):
        assert word not in page.text
    assert f"{held.day} " not in page.text.split("<tbody>")[1].split("</tbody>")[0]


def test_the_public_page_moves_with_every_answer(petugas, operator):
    row, other = make_proposal(by=petugas), make_proposal(by=petugas, need="capital")
    row.respond(state="taken", by=operator, public_line="Disiapkan.")
    other.respond(state="taken", by=operator, public_line="Bank dihubungi.")
    visitor = Client()
    assert "Disiapkan." in visitor.get("/usulan-warga/").text

    row.respond(state="taken", by=operator, public_line="")

    page = visitor.get("/usulan-warga/").text
    assert "Disiapkan." not in page and "Bank dihubungi." in page
    assert "Bank dihubungi." not in visitor.get("/usulan-warga/?need=packaging").text
    assert visitor.get("/usulan-warga/?text=kemasan").context["problems"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_page_asks_the_same_for_any_number(petugas, operator, rows, django_assert_num_queries):
    for number in range(rows):
        make_proposal(by=petugas).respond(state="taken", by=operator, public_line=f"Baris {number}")
    with django_assert_num_queries(4):
        Client().get("/usulan-warga/")


def test_public_pages_follow_one_another_by_month(petugas, operator):
    for number in range(30):
        held = timezone.localdate() - timedelta(days=7 * (number % 10))
        make_proposal(by=petugas, held_on=held).respond(
            state="taken", by=operator, public_line=f"Baris {number:02d}"
        )
    first = Client().get("/usulan-warga/")
    second = Client().get("/usulan-warga/" + first.context["page"].next_url)

    seen = [row.public_line for page in (first, second) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 30
    assert Client().get("/usulan-warga/?after=zz").status_code == 200


@pytest.mark.parametrize("written", ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"])
def test_a_line_that_is_refused_keeps_the_forum_however_its_day_was_typed(client, petugas, written):
    client.force_login(petugas)
    today = timezone.localdate()
    make_proposal(by=petugas, forum="musrenbang", text="Minta kemasan")
    page = client.post(LOG, line(held_on=today.strftime(written), text=""))
    assert page.status_code == 200
    assert page.context["settled"] == ("held_on" not in page.context["form"].errors)
    if page.context["settled"]:
        assert (page.context["held_on"], page.context["count"]) == (today, 1)


def test_a_year_nobody_means_is_said_at_its_field(client, petugas):
    client.force_login(petugas)
    page = client.post(LOG, line(held_on="0001-01-01"))
    assert "held_on" in page.context["form"].errors
