"""Keeping the index in step with the businesses, in the transaction of whoever writes derived columns."""

from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from registry.search import facets
from registry.search.models import FacetEntry, Posting, Term, Variant, Weight
from registry.search.sound import sound, variants, words_of

PART = " ; "  # between the weights in search_keys
CHUNK = 2_000
LONGEST_NUMBER = 4  # more digits are no word: a phone number or a postcode strayed into a text


def search_keys(*texts):
    """What a business is found by, from one text per Weight in their order: " kripik tmpe ; klojn ".

    A key stands once, where it weighs most. Raises nothing; `texts` beyond the weights are an error of ours.
    """
    seen, parts = set(), []
    for _weight, text in zip(Weight, texts, strict=True):
        keys = [key for key in (sound(word) for word in _kept(text)) if not (key in seen or seen.add(key))]
        parts.append(" ".join(keys))
    return f" {PART.join(parts)} " if seen else ""


def _kept(text):
    return [word for word in words_of(text) if not (word.isdigit() and len(word) > LONGEST_NUMBER)]


def weights_of(keys):
    """{key: weight} of a `search_keys` text."""
    if not keys:
        return {}
    parts = keys.split(";")
    return {key: weight for weight, part in zip(Weight.values, parts, strict=True) for key in part.split()}


def remember(business):
    """Note what `business` is indexed as before it changes; the first call counts. See `put`."""
    if not hasattr(business, "_indexed"):
        business._indexed = (business.search_keys, business.facet_key) if business.pk else ("", "")


def put(businesses, *, words=()):
    """Bring postings and counts from what `remember` noted to what the rows say now; they are saved already.

    A fixed number of queries for any number of rows. `words` are folded words of theirs, for the vocabulary,
    which learns them after the commit: two transactions never wait for each other over a word.
    """
    gone, new, counts, hidden = defaultdict(list), [], Counter(), set()
    for business in {b.pk: b for b in businesses}.values():
        keys_before, facet_before = business._indexed
        before, now = weights_of(keys_before), weights_of(business.search_keys)
        for key, weight in before.items():
            if now.get(key) != weight:
                gone[key].append(business.pk)
        new += [
            Posting(key=key, business_id=business.pk, weight=weight)
            for key, weight in now.items()
            if before.get(key) != weight
        ]
        if facet_before != business.facet_key:
            if not business.facet_key:
                hidden |= before.keys() | now.keys()
            counts[facet_before] -= 1
            counts[business.facet_key] += 1
        business._indexed = (business.search_keys, business.facet_key)
    _drop(gone)
    # What stands there already stays: an index that was in doubt is mended by whatever is written.
    Posting.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    lines = [FacetEntry(key=key, n=n) for key, n in sorted(counts.items()) if key and n]
    FacetEntry.objects.bulk_create(lines, batch_size=CHUNK)
    # What follows a commit never undoes it: a failure there is logged, and the night puts it right.
    if words:
        transaction.on_commit(lambda: learn(words), robust=True)
    if hidden:
        transaction.on_commit(lambda: forget(hidden), robust=True)
    if lines:
        transaction.on_commit(facets.fold_when_long, robust=True)


def _drop(gone):
    """Delete postings named as {key: [business ids]}, many to a statement."""
    pairs = sorted(gone.items())
    for start in range(0, len(pairs), 100):
        condition = Q()
        for key, pks in pairs[start : start + 100]:
            condition |= Q(key=key, business_id__in=pks)
        Posting.objects.filter(condition).delete()


def learn(words):
    """Add folded words to the vocabulary; those it knows stay as they are."""
    by_key = {}
    for word in words:
        if not word.isdigit():
            by_key.setdefault(sound(word), word)
    keys = sorted(by_key)
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        known = set(Term.objects.filter(key__in=chunk).values_list("key", flat=True))
        if fresh := [key for key in chunk if key not in known]:
            Variant.objects.bulk_create(
                [Variant(number=number, key=key) for key in fresh for number in sorted(variants(key))],
                batch_size=CHUNK,
                ignore_conflicts=True,
            )
            terms = [Term(key=key, shown=by_key[key][:60], count=1) for key in fresh]
            Term.objects.bulk_create(terms, ignore_conflicts=True)


def forget(keys):
    """Count none for those of `keys` that no public business bears any more: nobody is told such a word."""
    borne = Posting.objects.filter(key=OuterRef("key"), business__facet_key__gt="")
    Term.objects.filter(~Exists(borne), key__in=sorted(keys)).update(count=0)


def recount_terms(public):
    """Count anew how many of the `public` businesses (a queryset) bear each term; returns terms changed."""
    found = Posting.objects.filter(business__in=public).order_by().values_list("key").annotate(n=Count("*"))
    counted = dict(found)
    changed = []
    for term in Term.objects.iterator(chunk_size=CHUNK):
        if term.count != (n := counted.get(term.key, 0)):
            term.count = n
            changed.append(term)
    Term.objects.bulk_update(changed, ["count"], batch_size=500)
    return len(changed)
