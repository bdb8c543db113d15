"""Businesses and what belongs to them: owners, licences, products, photos, consents, scale history.

Verbs: Consent.withdraw; Business.verify, confirm_active, unconfirm, recognise; Job.ask; else submissions.
Callers: submissions (the one door), imports and directory read; this room imports people, sectors, regions.
"""
