"""What visitors report about a business in the directory: closed, moved, wrong, not to be shown.

Verbs: Tip.receive (anybody, by public form), Tip.lead_to, Tip.dismiss (who handles tips of that kelurahan).
Callers: its own pages; umkm_portal counts what waits on the signed-in home; clean_up forgets old contacts.
"""
