"""Reaching owners: personal links by which they confirm or correct, and queues of WhatsApp messages to send.

Verbs: OwnerLink.make, revoke, answer; OutreachQueue.make, send_next, close; OutreachLine.mark_answered, skip.
Callers: its pages; lists of businesses and of targets hand over what they show.
"""
