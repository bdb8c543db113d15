"""What a search for persons finds: whole words of sealed names, however they are marked."""

import pytest
from django.http import QueryDict

from registry.models import Person
from registry.people.filters import PersonFilter
from tests.factories import make_person
from umkm_portal.lib.sealing import word_tokens

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["ma'ruf", "Ma’ruf", "S.Pd", "s.pd", "amin, s.pd.", "h. ma'ruf"])
def test_names_with_marks_are_found(typed):
    for name in ("H. Ma'ruf Amin, S.Pd.", "Rufina Pardi"):
        make_person(name=name, name_words=word_tokens("name", name))
    query = QueryDict(mutable=True)
    query["q"] = typed

    found = PersonFilter(query, Person.objects.all()).qs

    assert [p.name for p in found] == ["H. Ma'ruf Amin, S.Pd."]
