"""Persons, with or without a business, and their sealed identity numbers.

Verbs: none of its own; a person's facts arrive as the owner item of a submission (submissions/apply.py).
Callers: businesses, submissions, imports; this room imports regions, accounts and lib.
"""
