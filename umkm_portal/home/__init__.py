"""The landing page, the signed-in home, account and theme, health, and the error pages.

Verbs: none; it reads what other rooms offer.
Callers: urls only.
"""
