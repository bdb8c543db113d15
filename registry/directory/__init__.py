"""The public face: search, filters and the page of a business; owns no table.

Verbs: none, it reads Business.objects.public() and shows what consent allows (public.py).
Callers: visitors through urls and the API; nothing imports this room but umkm_portal.
"""
