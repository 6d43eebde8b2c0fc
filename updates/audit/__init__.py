"""The audit trail: who did what, when, and from where.

actor     who acts just now: a person on a page, a program with a token, a command
record    the one way to write a deed down
changes   what a saved row says now that it did not say before, without its secrets
watch     rows that people keep are recorded when they are saved or deleted
sign_in   signing in, failing to, signing out

What workers do by themselves is in the runs: `record` writes nothing for them.
"""
