"""Where: the Region table, its other spellings, boundaries and holidays; and who serves where (Post).

Verbs: Post.assign, Post.end; reading goes through access.reach and Region.objects.
Callers: every room of registry and programs; this room imports accounts and lib only.
"""
