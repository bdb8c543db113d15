"""Who works with the office: other offices (OPD), Sahabat UMKM, universities, banks, donors; and officials.

Verbs: Organisation.objects.of, OfficeHolder.on (who signs on a day), loading.load_organisations.
Callers: every other room of programs and the admin; this room imports registry/regions, accounts and lib.
"""
