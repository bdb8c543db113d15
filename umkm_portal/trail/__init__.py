"""The audit trail on a page: who did what, filtered, paged by key, to take away; for the auditor's days.

Verbs: none; every opening and every download of the trail is itself a line of it (accounts.audit).
Callers: umkm_portal/urls.py; reads every room's wording, writes nothing else.
"""
