"""Visit requests over the API: sent again they stay one, and what comes late or odd is answered in words."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from registry.models import Business, Post, VisitRequest
from tests.api.clients import ask, call, get
from tests.factories import make_business, make_officer, make_visit_request

pytestmark = pytest.mark.django_db
PATH = "visit-requests/"
PURWANTORO = "35.73.01.1007"


def report(**changes):
    return {
        "uuid": str(uuid.uuid4()),
        "kelurahan": PURWANTORO,
        "told_name": "Warung Bu Jumi",
        "need": "equipment",
        "told_at": timezone.now().isoformat(),
    } | changes


def picture(color="#a3c", size=(40, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "JPEG")
    return buffer.getvalue()


def send_photo(user, row, content=None, name="foto.jpg"):
    upload = SimpleUploadedFile(name, picture() if content is None else content)
    return call(user, "put", f"{PATH}{row.uuid}/photo/", {"file": upload}, format="multipart")


def send(user, body, **options):
    return call(user, "post", PATH, body, **options)


# ---- sending, and sending again ------------------------------------------------------------------


@pytest.mark.parametrize("keyed", [False, True])
def test_the_same_report_five_times_is_one_and_answered_alike(petugas, keyed):
    body = report()
    options = {"HTTP_IDEMPOTENCY_KEY": body["uuid"]} if keyed else {}

    answers = [send(petugas, body, **options) for _each in range(5)]

    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert len({each["ETag"] for each in answers}) == 1
    assert VisitRequest.objects.count() == 1


def test_what_arrived_first_stands(petugas):
    body = report(note="Mesin rusak")
    send(petugas, body)

    again = ask(petugas, "post", PATH, body | {"note": "lain", "need": "capital"}, status=201)

    assert (again["note"], again["need"]) == ("Mesin rusak", "equipment")


def test_a_known_business_brings_its_place(petugas):
    business = make_business(rt=2, rw=5)

    told = ask(petugas, "post", PATH, report(business=str(business.uuid), kelurahan=None), status=201)

    assert (told["name"], told["kelurahan"]) == (business.name, PURWANTORO)
    assert (told["rt"], told["rw"], told["told_name"]) == (2, 5, "")


def test_a_merged_business_is_reported_as_what_it_became(petugas):
    kept, gone = make_business(), make_business()
    type(gone).objects.filter(pk=gone.pk).update(merged_into=kept)

    told = ask(petugas, "post", PATH, report(business=str(gone.uuid)), status=201)

    assert told["business"] == str(kept.uuid)


# ---- who, and when -------------------------------------------------------------------------------


def end_post(user, days_ago):
    Post.objects.filter(user=user).update(
        ended_at=timezone.now() - timedelta(days=days_ago),
        ended_by=user,
        ends_on=timezone.localdate() - timedelta(days=days_ago),
    )


def test_what_was_told_before_the_post_ended_is_accepted_after_it(petugas):
    business = make_business()
    end_post(petugas, 3)
    told_at = (timezone.now() - timedelta(days=5)).isoformat()

    body = report(business=str(business.uuid), told_at=told_at)
    told = ask(petugas, "post", PATH, body, status=201)
    again = ask(petugas, "post", PATH, body, status=201)
    photo = send_photo(petugas, VisitRequest.objects.get())

    assert told == again
    assert photo.status_code == 200
    assert call(petugas, "get", f"{PATH}{told['uuid']}/").status_code == 403


def test_what_arrived_is_answered_again_after_the_business_moved_away(petugas, petugas_dinoyo, city):
    business = make_business()
    body = report(business=str(business.uuid))
    told = ask(petugas, "post", PATH, body, status=201)
    Business.objects.update(kelurahan=city["Dinoyo"])

    assert ask(petugas, "post", PATH, body, status=201)["uuid"] == told["uuid"]
    assert send(petugas, report(business=str(business.uuid))).status_code == 404
    taken = send(petugas_dinoyo, body)
    assert (taken.status_code, taken.json()["code"]) == (409, "uuid-taken")


def test_what_was_told_after_the_post_ended_is_not(petugas):
    end_post(petugas, 3)

    answer = send(petugas, report(told_at=(timezone.now() - timedelta(days=1)).isoformat()))

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert not VisitRequest.objects.exists()


def test_another_kelurahan_reports_nothing_here_and_sees_nothing(petugas, petugas_dinoyo):
    row = make_visit_request(by=petugas)
    business = make_business()

    for body in (report(), report(business=str(business.uuid))):
        assert send(petugas_dinoyo, body).status_code == 404
    assert get(petugas_dinoyo, PATH)["results"] == []
    for method, path in (("get", ""), ("get", "photo/"), ("post", "withdraw/")):
        answer = call(petugas_dinoyo, method, f"{PATH}{row.uuid}/{path}", HTTP_IF_MATCH="*")
        assert answer.status_code == 404, path
    assert send_photo(petugas_dinoyo, row).status_code == 404
    assert VisitRequest.objects.count() == 1


def test_who_only_reads_reports_nothing(kepala, nobody):
    for user in (kepala, nobody):
        assert send(user, report()).status_code == 403
    assert send(None, report()).status_code == 401


def test_somebody_elses_uuid_is_refused(petugas, city):
    body = report()
    send(petugas, body)
    other = make_officer("petugas", city["Purwantoro"])

    answer = send(other, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "uuid-taken")
    assert VisitRequest.objects.get().told_by == petugas


# ---- odd input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "code"), [(1, "told-in-future"), (400, "told-in-future"), (-400, "told-long-ago")]
)
def test_a_wrong_clock_is_said(petugas, days, code):
    answer = send(petugas, report(told_at=(timezone.now() + timedelta(days=days)).isoformat()))

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert "ponsel" in answer.json()["fields"]["told_at"]
    assert not VisitRequest.objects.exists()


def test_a_point_in_another_city_is_accepted_with_a_warning(petugas, city):
    city["Purwantoro"].latitude, city["Purwantoro"].longitude = "-7.95", "112.65"
    city["Purwantoro"].save()

    far = ask(petugas, "post", PATH, report(latitude="-6.2", longitude="106.8"), status=201)
    near = ask(petugas, "post", PATH, report(latitude="-7.951", longitude="112.652"), status=201)

    assert (far["place_is_doubtful"], near["place_is_doubtful"]) == (True, False)
    assert "jauh" in far["warning"] and near["warning"] == ""


HOSTILE = {
    "uuid": ["bukan-uuid", "", None, "00000000-0000-0000-0000-00000000000g", "' OR 1=1 --"],
    "told_at": ["kemarin", "9999-99-99T00:00:00Z", "0001-01-01T00:00:00+14:00", 5, "2026-02-30T10:00:00Z"],
    "kelurahan": ["35.73.99.9999", "x", 5, ["35.73.01.1007"]],
    "business": ["x", [], {}],
    "need": ["uang", "", None, []],
    "urgency": [0, 4, "mendesak", None],
    "rt": [0, 1000, "a", 1.5, -1, 10**30],
    "latitude": ["NaN", "91", "abc", "1e400", "Infinity"],
    "accuracy_m": [-1, "x", 10**20],
    "told_name": ["a" * 251, 5.5e300, {"a": 1}, "\x00"],
    "note": ["n" * 2001, ["x"]],
    "status": ["closed"],
    "state": ["closed"],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_refused_in_words(petugas, name):
    extra = {"longitude": "112.6"} if name == "latitude" else {}
    for value in HOSTILE[name]:
        answer = send(petugas, report(**extra, **{name: value}))

        accepted = name == "told_name" and value == 5.5e300  # a number is a name too
        assert answer.status_code == (201 if accepted else 400), (value, answer.content)
        assert answer.headers["Content-Type"] == "application/json"


def test_a_number_of_a_card_is_covered(petugas):
    told = ask(
        petugas,
        "post",
        PATH,
        report(told_name="Bu 3573015508800001", note="NIK 3573015508800001"),
        status=201,
    )

    assert "3573015508800001" not in str(told)


def test_neither_name_nor_business_is_said(petugas):
    answer = send(petugas, report(told_name=" "))

    assert (answer.status_code, answer.json()["code"]) == (409, "name-missing")
    assert "told_name" in answer.json()["fields"]


# ---- the photo -----------------------------------------------------------------------------------


def test_a_photo_follows_the_text_and_comes_again_without_harm(petugas, kepala):
    row = make_visit_request(by=petugas)

    first, again = send_photo(petugas, row), send_photo(petugas, row)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["photo"] is True and first.json() == again.json()
    shown = call(kepala, "get", f"{PATH}{row.uuid}/photo/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown.content.startswith(b"\xff\xd8")
    assert call(None, "get", f"{PATH}{row.uuid}/photo/").status_code == 401


def test_another_photo_does_not_replace_it(petugas):
    row = make_visit_request(by=petugas)
    send_photo(petugas, row)

    answer = send_photo(petugas, row, picture("#000"))

    assert (answer.status_code, answer.json()["code"]) == (409, "photo-there")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200, "photo-unreadable"),
        (b"<svg onload=alert(1)>", "photo-unreadable"),
        (picture()[:200], "photo-unreadable"),
        (b"\xff\xd8" + b"\0" * (40 * 1024**2), "photo-large"),
    ],
    ids=["heic", "svg", "half", "40 MB"],
)
def test_what_is_no_photo_is_said_and_the_report_stays(petugas, content, code):
    row = make_visit_request(by=petugas)

    answer = send_photo(petugas, row, content)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    row.refresh_from_db()
    assert row.photo_digest == "" and not row.photo


def test_only_its_author_puts_a_photo(petugas, operator):
    row = make_visit_request(by=petugas)

    assert send_photo(operator, row).status_code == 404


# ---- taking back, reading ------------------------------------------------------------------------


def test_withdrawing_names_the_state_that_was_read(petugas):
    row = make_visit_request(by=petugas)
    path = f"{PATH}{row.uuid}/"
    tag = call(petugas, "get", path)["ETag"]

    assert call(petugas, "post", path + "withdraw/", {}).status_code == 428
    send_photo(petugas, row)
    assert call(petugas, "post", path + "withdraw/", {}, HTTP_IF_MATCH=tag).status_code == 412
    tag = call(petugas, "get", path)["ETag"]
    done = call(petugas, "post", path + "withdraw/", {"reason": "salah orang"}, HTTP_IF_MATCH=tag)

    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")
    again = call(petugas, "post", path + "withdraw/", {}, HTTP_IF_MATCH=done["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "request-done")


def test_what_has_a_day_is_not_withdrawn(petugas, operator):
    row = make_visit_request(by=petugas)
    row.schedule(on=timezone.localdate(), by=operator)

    answer = call(petugas, "post", f"{PATH}{row.uuid}/withdraw/", {}, HTTP_IF_MATCH="*")

    assert (answer.status_code, answer.json()["code"]) == (409, "request-scheduled")


def test_who_only_schedules_does_not_withdraw(city, petugas):
    program = make_officer("program", city["Kota"])
    row = make_visit_request(by=petugas)

    answer = call(program, "post", f"{PATH}{row.uuid}/withdraw/", {}, HTTP_IF_MATCH="*")

    assert answer.status_code == 403


def test_an_unchanged_request_is_not_sent_again(petugas):
    row = make_visit_request(by=petugas)
    path = f"{PATH}{row.uuid}/"
    tag = call(petugas, "get", path)["ETag"]

    assert call(petugas, "get", path, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_filters_and_unknown_parameters(petugas):
    make_visit_request(by=petugas, need="capital")
    make_visit_request(by=petugas, need="licence", urgency=3)

    assert [row["need"] for row in get(petugas, PATH, need="capital")["results"]] == ["capital"]
    assert [row["need"] for row in get(petugas, PATH, urgency="3", mine="true")["results"]] == ["licence"]
    assert call(petugas, "get", PATH, {"nama": "x"}).status_code == 400
    assert call(petugas, "get", PATH, {"need": "uang"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_often_for_three_rows_as_for_one(petugas, count, django_assert_num_queries):
    for _each in range(count):
        make_visit_request(by=petugas, business=make_business())

    with django_assert_num_queries(3):
        assert len(get(petugas, PATH)["results"]) == count
