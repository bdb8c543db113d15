"""A believable city to try the portal with: invented businesses, people, drafts and decisions.

Verbs: city.write_workbook, life.live, accounts.make_accounts; `manage.py demo` runs them in order.
Callers: the command only; nobody in it exists, and it refuses to run outside DEBUG on a local host.
"""
