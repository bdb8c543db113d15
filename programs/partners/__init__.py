"""Who works with the office: other offices (OPD), Sahabat UMKM, universities, banks, donors; and officials.

Verbs: Organisation.objects.of(user); OfficeHolder.on says who signs on a day. Rows are kept in the admin.
Callers: every other room of programs; this room imports registry/regions, accounts and lib.
"""
