"""Entri deret: many new businesses typed or pasted in one grid, each sent as a submission of its own.
Verbs: send, keep_drafts (actions.py); everything before them only reads and says what is wrong where.
Callers: officers and operators (the page /usaha/deret/), who hold registry.propose_submission.
"""
