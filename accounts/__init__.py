"""Who: the custom user, sign-in, the access decorators, the audit trail and API tokens.

Verbs: `audit.record`; permissions are answered by the posts in registry/regions, never by rows here.
Callers: registry and programs; this app imports only umkm_portal.lib.
"""
