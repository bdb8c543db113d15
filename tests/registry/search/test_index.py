"""The index says what the businesses say: after every way to change one, and the same as made anew."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count

from registry.businesses.rebuild import rebuild_derived, rebuild_search, recount
from registry.models import Business, FacetEntry, FacetSnapshot, Posting, Region, Synonym, Term
from registry.search import facets, index
from tests.factories import make_business, make_officer, make_submission, make_subsector

pytestmark = pytest.mark.django_db


def make_change(business, **values):
    city = Region.objects.get(name="Kota Malang")
    change = make_submission(
        by=make_officer("operator", city), kind="change", business=business, submit=True, **values
    )
    if change.status != "approved":
        change.approve(by=make_officer("verifikator", city))


def postings():
    return sorted(Posting.objects.values_list("key", "business_id", "weight"))


def expected_postings():
    return sorted(
        (key, business.pk, weight)
        for business in Business.objects.all()
        for key, weight in index.weights_of(business.search_keys).items()
    )


def counted():
    cells = dict(facets.current().cells())
    return {values: n for values, n in cells.items() if n}


def recounted():
    rows = Business.objects.public().order_by().values_list("facet_key").annotate(n=Count("pk"))
    return {facets.parts(key): n for key, n in rows}


def test_words_weigh_most_in_the_name_then_in_what_is_sold_then_around():
    keys = index.search_keys("Kripik Tempe", "tempe, kripik pedas", "Klojen tempe")

    assert keys == " kripik tempe ; pedas ; klojen "
    assert index.weights_of(keys) == {"kripik": 0, "tempe": 0, "pedas": 1, "klojen": 2}
    assert index.weights_of("") == {}
    assert "8123456" not in index.search_keys("Warung 08123456", "", "")


def test_every_change_keeps_postings_and_counts(city):
    make_subsector()
    first = make_business(name="Batik Celaket", activity="batik tulis", subsector="kuliner")
    make_business(name="Tempe Sanan", kelurahan="35.73.05.1004")
    assert postings() == expected_postings() and counted() == recounted()

    make_change(first, name="Keramik Celaket", operating_state="temporary")
    assert postings() == expected_postings() and counted() == recounted()
    assert not Posting.objects.filter(key="batik", business=first, weight=0).exists()
    assert Posting.objects.filter(key="kramik", business=first, weight=0).exists()

    make_change(first, public_opt_out=True)
    assert counted() == recounted() and sum(counted().values()) == 1
    assert Posting.objects.filter(business=first).exists()  # staff still find it


def test_folding_changes_no_count(city):
    make_business(name="A")
    make_business(name="B", kelurahan="35.73.05.1004")
    before = counted()
    assert FacetEntry.objects.exists()

    facets.fold()
    assert not FacetEntry.objects.exists() and counted() == before == recounted()
    assert facets.current().totals["kelurahan"] == {
        str(Region.objects.get(code=code).pk): 1 for code in ("35.73.01.1007", "35.73.05.1004")
    }

    make_business(name="C")
    assert counted() == recounted() and facets.current().total == 3


def test_a_ledger_gone_wrong_is_put_right_by_a_recount(city):
    make_business(name="A")
    FacetEntry.objects.create(key="1..industri.micro.active.000", n=7)
    assert counted() != recounted()

    recount()

    assert counted() == recounted() and FacetSnapshot.objects.count() == 1


def test_made_anew_it_is_the_same(city):
    make_business(name="Batik Celaket")
    make_business(name="Tutup", operating_state="closed")
    before, keys = postings(), counted()
    Posting.objects.all().delete()

    assert rebuild_search() == 2

    assert postings() == before and counted() == keys
    assert rebuild_derived() == 0


def test_the_vocabulary_learns_after_the_commit(city, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_business(name="Wedangan Mbah Djo")
    assert Term.objects.filter(key="wedangan", shown="wedangan", count=1).exists()

    make_business(name="Wedangan Lain")
    index.recount_terms(Business.objects.public())
    assert Term.objects.get(key="wedangan").count == 2


@pytest.mark.parametrize("rows", [2, 20])
def test_the_index_asks_the_same_for_any_number_of_rows(city, django_assert_num_queries, rows):
    businesses = [make_business(name=f"Usaha {at}") for at in range(rows)]
    for business in businesses:
        index.remember(business)
        business.search_keys = index.search_keys(f"Baru {business.pk}", "", "")
    with django_assert_num_queries(2):
        index.put(businesses)
    assert Posting.objects.filter(key="baru").count() == rows


def test_counts_read_before_a_fold_stay_of_one_piece(city):
    make_business(name="A")
    facets.fold()
    make_business(name="B")
    before = facets.current()
    facets.fold()
    after = facets.current()
    make_business(name="C")
    facets.fold()
    facets.current()

    for counts, total in ((before, 2), (after, 2)):
        assert counts.total == sum(n for _values, n in counts.cells()) == total
        assert (
            sum(n for part in counts.indexed() for of in part.sums(0).values() for n in of.values()) == total
        )


@pytest.mark.parametrize("words", ["kopi", "kopi, ", "kopi, Kopi", " , "])
def test_one_word_has_no_synonym(words):
    with pytest.raises(ValidationError):
        Synonym(words=words).clean()


def test_words_that_mean_the_same_are_kept_tidy():
    synonym = Synonym(words=" hik ,angkringan,, hik")
    synonym.clean()
    assert synonym.words == "hik, angkringan"
