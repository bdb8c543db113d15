"""What exists: regions, sectors, people, businesses, and the one door through which they change.

Verbs: those of the rooms; each room's own `__init__` lists them.
Callers: programs and the project; this app imports accounts and umkm_portal.lib, never upwards.
"""
