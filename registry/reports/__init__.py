"""Visit requests: which businesses a kelurahan says need a visit, for what, how soon, and what came of it.

Verbs: VisitRequest.report, add_photo, withdraw (officers); schedule, visited, close, reopen (the city).
Callers: its pages and API; programs/visits schedules and visits; programs/monthly counts.
"""
