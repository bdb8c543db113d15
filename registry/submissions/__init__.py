"""The one door: every change to a business is proposed here, decided by another person, and applied.

Verbs: propose; edit, submit, withdraw, return_for_changes, approve, reject; for a Batch too; apply_batch.
Callers: pages, API, imports, and later reports and programs; this room imports businesses and below.
"""
