"""Notices 通知: what is told to whom, by which channel, and when. `services.post` is the way in.

A notice keeps no text of the matter: it is worded when it is read or sent, in the reader's language and with the
reader's eyes. What a person must not meet any more is not in the list, not counted, and not sent.
"""
