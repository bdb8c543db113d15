"""A workbook becomes submissions: read, map, normalise, preview, send, decide.
Verbs: plan (pure), Import.start / read / submit, and the batch's own approve, reject, withdraw.
Callers: operators (upload), verifikator (decide) and the command `import_businesses`.
"""
