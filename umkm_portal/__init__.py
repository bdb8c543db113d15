"""The project: settings, the list of addresses, and the parts that know no room.

Verbs: none; `lib` holds helpers without models, `home` the landing page and the signed-in home.
Callers: `lib` is imported by everything, `home` and `api` by nobody but urls.
"""
