"""What the city does for businesses: visits, trainings, exhibitions, clusters, funding.

Verbs: none yet; every programme becomes one room here.
Callers: the project only; this app imports registry, accounts and umkm_portal.lib.
"""
