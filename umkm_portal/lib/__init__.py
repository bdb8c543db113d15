"""Helpers that know no model of ours: errors, paging, tables, sealing, text, API manners.

Verbs: none; pure functions and small classes, each in a file named after its subject.
Callers: every room; this package imports nothing of accounts, registry or programs.
"""
