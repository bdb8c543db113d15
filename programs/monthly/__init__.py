"""The kelurahan's monthly report: written by what happened, sent by the lurah, received by Diskopindag.

Verbs: MonthlyReport.begin, write, submit, approve, return_for_changes, receive, correct; figures recounts.
Callers: its pages and API, reminders; it imports visits, partners and the registry, nothing imports it.
"""
