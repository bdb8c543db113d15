"""Field visits that answer the kelurahan's reports, problems and who solves them, mentoring, proposals.

Verbs: VisitDay.plan, add; Visit.record; FollowUp.open_for, hand_over, close; Mentoring.start; Proposal.log.
Callers: its pages and API; programs/monthly counts. Requests change state by registry/reports' own verbs.
"""
