"""/api/v1/people/: who may read whom, and the question for an exact NIK."""

import uuid

import pytest

from accounts.models import AuditEntry
from registry.models import Person
from tests.api.clients import ask, get, post
from tests.factories import make_business, make_officer, nik

pytestmark = pytest.mark.django_db

ROW = {"uuid", "name", "nik_answer", "nik_masked", "domicile"}
WHOLE = ROW | {
    "sex", "born_on", "phone", "phone_of", "email", "address", "rt", "rw", "education", "disability",
    "businesses",
}  # fmt: skip


@pytest.fixture
def wiji(petugas, verifikator):
    """Wiji Lestari, owner of a business in Purwantoro, with a NIK."""
    identity = str(uuid.uuid4())
    owner = {"kind": "owner", "uuid": identity, "values": {"name": "Wiji Lestari", "phone": "081234567890"}}
    make_business(by=petugas, decided_by=verifikator, items=[owner], sealed={identity: {"nik": nik(7)}})
    return Person.objects.get(uuid=identity)


def test_a_person_with_a_business_in_reach_is_read(petugas, wiji):
    row = get(petugas, "people/")["results"]
    told = get(petugas, f"people/{wiji.uuid}/")

    assert [set(r) for r in row] == [ROW]
    assert set(told) == WHOLE
    assert (told["name"], told["nik_masked"], told["phone"]) == ("Wiji Lestari", "•••• 0007", "6281234567890")
    assert [b["role"] for b in told["businesses"]] == ["owner"]


def test_disability_is_left_out_for_who_need_not_know(city, wiji):
    lurah = make_officer("lurah", city["Purwantoro"])

    assert set(get(lurah, f"people/{wiji.uuid}/")) == WHOLE - {"disability"}


def test_a_stranger_is_not_found(petugas_dinoyo, wiji):
    assert get(petugas_dinoyo, "people/")["results"] == []
    assert get(petugas_dinoyo, f"people/{wiji.uuid}/", 404)["code"] == "not-found"


def test_who_may_not_read_persons(city, nobody, wiji):
    for user in (nobody, make_officer("keuangan", city["Kota"])):
        get(user, "people/", 403)
        get(user, f"people/{wiji.uuid}/", 403)
    get(None, "people/", 401)
    ask(nobody, "post", "people/", {}, status=403)


def test_persons_are_found_by_whole_words_of_their_name(petugas, wiji):
    assert len(get(petugas, "people/", q="lestari WIJI")["results"]) == 1
    assert get(petugas, "people/", q="lest")["results"] == []
    assert set(get(petugas, "people/", 400, q=nik(7))) == {"q"}


def test_one_person_and_three_cost_the_same(petugas, verifikator, django_assert_num_queries):
    for more in (1, 2):
        for _each in range(more):
            owner = {"kind": "owner", "values": {"name": "Wiji"}}
            make_business(by=petugas, decided_by=verifikator, items=[owner])
        with django_assert_num_queries(5):  # two of them: who was seen today already, and the new lines
            get(petugas, "people/")


# ---- an exact NIK --------------------------------------------------------------------------------


def test_a_nik_in_reach_gives_the_person(petugas, wiji):
    told = post(petugas, "people/lookup/", {"nik": nik(7)})

    assert (told["result"], told["person"]["uuid"]) == ("in-reach", str(wiji.uuid))
    assert set(told["person"]) == ROW


def test_a_nik_out_of_reach_says_only_that(petugas_dinoyo, wiji):
    assert post(petugas_dinoyo, "people/lookup/", {"nik": nik(7)}) == {
        "result": "elsewhere",
        "detail": "NIK ini sudah tercatat di luar wilayah Anda.",
    }


def test_an_unknown_nik(petugas):
    assert post(petugas, "people/lookup/", {"nik": nik(1)})["result"] == "nobody"


def test_every_question_is_recorded_without_the_number(petugas, petugas_dinoyo, wiji):
    for user in (petugas, petugas_dinoyo):
        post(user, "people/lookup/", {"nik": nik(7)})

    lines = AuditEntry.objects.filter(act="identity.looked-up").order_by("pk")
    assert [line.recorded_by for line in lines] == [petugas, petugas_dinoyo]
    assert nik(7) not in "".join(str(line.detail) for line in lines)


@pytest.mark.parametrize("body", [{}, {"nik": "123"}, {"nik": []}, {"nik": "3573013208800007"}, {"kk": "1"}])
def test_a_nik_that_cannot_be_one_is_named(petugas, body):
    assert set(post(petugas, "people/lookup/", body, 400)) <= {"nik", "kk"}


def test_who_may_not_ask(city, nobody, kepala):
    for user in (nobody, kepala, make_officer("lurah", city["Purwantoro"])):
        post(user, "people/lookup/", {"nik": nik(7)}, 403)
    post(None, "people/lookup/", {"nik": nik(7)}, 401)


def test_the_question_is_never_an_address(petugas):
    ask(petugas, "get", f"people/lookup/?nik={nik(7)}", status=400)
    ask(petugas, "get", "people/lookup/", status=405)


def test_questions_are_counted(petugas):
    for _each in range(60):
        post(petugas, "people/lookup/", {"nik": nik(1)})

    assert post(petugas, "people/lookup/", {"nik": nik(1)}, 429)["code"] == "throttled"
