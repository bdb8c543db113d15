"""What a business does and how large it is: KBLI by version, subsectors, product centres, scale rules.

Verbs: none; the tables are reference data, filled by load_kbli and load_reference. Pure: scale, industry.
Callers: every room of registry and programs may read; only the loaders and the admin write.
"""
