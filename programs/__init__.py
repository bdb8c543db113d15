"""What the city does for businesses: visits, trainings, exhibitions, clusters, funding.

Verbs: each room's own; one room for each thing the city does.
Callers: the project only; this app imports registry, accounts and umkm_portal.lib.
"""
