"""Persons, with or without a business, and their sealed identity numbers.

Verbs: look_up, reveal, disclosures.note; facts arrive as the owner item of a submission (apply.py).
Callers: businesses, submissions, imports; this room imports regions, accounts and lib.
"""
