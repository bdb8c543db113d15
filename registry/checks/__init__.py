""" "Masih aktif?": what was found when somebody asked whether a business is still there, walk by walk.

Verbs: Check.record, Check.take_back; a Sheet is the printed list of one RW, keyed in by its numbers.
Callers: its pages and API, owners' links and the WhatsApp queue, programs/visits; programs/monthly counts.
"""
