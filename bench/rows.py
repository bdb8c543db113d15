"""From what was drawn to rows of every table; derived columns, postings and counts by the portal itself."""

from collections import Counter

from django.db.models.base import ModelState

from accounts.models import User
from registry.businesses import derived
from registry.businesses.belongings import Consent, Licence, Product
from registry.businesses.models import Business, Ownership
from registry.people.models import Person
from registry.search import facets, index, sound
from registry.search.models import Posting
from registry.submissions.apply import CONSENT_TEXT, new_slug

# In the order in which they may be written: nothing points at what comes later.
MODELS = {
    "person": Person,
    "business": Business,
    "ownership": Ownership,
    "product": Product,
    "licence": Licence,
    "consent": Consent,
    "posting": Posting,
}
CLERK = "pendata"  # in whose name everything is recorded
MOST_OF_A_KIND = 8  # belongings of one kind a business may have: their ids are made from its own


class Plain:
    """A row that is only its values: making a model of each would cost half the time."""


class Rows:
    """The rows of a city, chunk by chunk, and what the index learns from them on the way."""

    def __init__(self, city):
        self.city, self.learnt = city, Learnt()
        self.by = User.objects.get(username=CLERK).pk
        self.blank = {name: _defaults(model) for name, model in MODELS.items()}
        self.places = {r.pk: (r.name, r.parent.name) for r in city.kelurahan.values}

    def chunk(self, number):
        """{name of a model: [{column: value}]} of one chunk."""
        found = {name: [] for name in MODELS}
        for made in self.city.chunk(number):
            self._business(made, found)
        return found

    def _business(self, made, found):
        pk = made.values["id"]
        current = {"product": made.products, "licence": made.licences, "consent": made.consents}
        for name, rows in current.items():
            current[name] = [
                self._row(name, row, pk * MOST_OF_A_KIND + n, business_id=pk) for n, row in enumerate(rows)
            ]
        owners = [self._owner(made, pk)] if made.owner else []
        business = self._unsaved(made)
        business.recorded_by_id = business.changed_by_id = self.by
        if business.existence_verified_at:
            business.existence_verified_by_id = self.by
        business.slug = new_slug(business)
        derived.derive(
            business,
            owners=owners,
            licences=current["licence"],
            products=current["product"],
            consents=current["consent"],
            place_names=self.places[made.kelurahan.pk] if made.kelurahan else (),
        )
        for owner in owners:
            owner.name_words = business.owner_words
            owned = {"uuid": owner.uuid, "person_id": pk, "role": "owner"}
            found["person"].append(owner.__dict__)
            found["ownership"].append(self._row("ownership", owned, pk, business_id=pk).__dict__)
        for name, rows in current.items():
            found[name] += [row.__dict__ for row in rows]
        found["business"].append(business.__dict__)
        found["posting"] += self.learnt.postings(business)

    def _owner(self, made, pk):
        lives = made.kelurahan.pk if made.kelurahan else None
        return self._row("person", made.owner, pk, nik_answer="later", domicile_id=lives)

    def _unsaved(self, made):
        """What `Business(**values)` is, without asking eighty fields for their defaults once more."""
        business = Business.__new__(Business)
        business.__dict__.update(self.blank["business"])
        business.__dict__.update(made.values)
        business._state = ModelState()
        business._state.fields_cache = {}
        for name in ("kelurahan", "kbli", "subsector"):
            row = getattr(made, name)
            business.__dict__[name + "_id"] = row.pk if row else None
            business._state.fields_cache[name] = row
        return business

    def _row(self, name, values, pk, **more):
        row = Plain()
        row.__dict__.update(self.blank[name])
        row.__dict__.update(values, id=pk, **more)
        if name == "consent":
            row.text_version, row.channel = CONSENT_TEXT, "list"
        return row


def _defaults(model):
    """Column values of a row of which nothing is told."""
    return {
        column.attname: column.get_default()
        for column in model._meta.concrete_fields
        if not column.primary_key and column.name != "uuid"
    }


class Learnt:
    """What the index knows of all together: spellings and bearers of each key, counts by facet key."""

    def __init__(self):
        self.spellings = {}  # {key: Counter of words}
        self.bearers, self.cells = Counter(), Counter()

    def postings(self, business):
        """Note one business; its postings, as rows."""
        keys = index.weights_of(business.search_keys)
        if business.facet_key:
            self.cells[business.facet_key] += 1
            self.bearers.update(keys.keys())
        for word in derived.vocabulary_of([business]):
            if not word.isdigit():
                self.spellings.setdefault(sound.sound(word), Counter())[word] += 1
        return [{"key": key, "business_id": business.pk, "weight": weight} for key, weight in keys.items()]

    def add(self, other):
        for key, words in other.spellings.items():
            self.spellings.setdefault(key, Counter()).update(words)
        self.bearers.update(other.bearers)
        self.cells.update(other.cells)

    def terms(self):
        """[(key, shown, count)] of the vocabulary; shown as most write it."""
        return [
            (key, max(sorted(words), key=words.get)[:60], self.bearers[key])
            for key, words in sorted(self.spellings.items())
        ]

    def variants(self):
        """(number, key) of every way a key may be met with letters dropped."""
        return ((number, key) for key in sorted(self.spellings) for number in sorted(sound.variants(key)))

    def count(self):
        """Put the counts where facets are read."""
        facets.recount(lambda: self.cells)
