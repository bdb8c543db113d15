"""What makes businesses findable: sound keys, the index of words, the vocabulary, and the kept facet counts.

Verbs: index.put, index.learn, facets.fold, facets.recount, reading.read (a text becomes what is looked for).
Callers: businesses (filters, rebuild), submissions.apply, directory. Writes only tables of its own.
"""
