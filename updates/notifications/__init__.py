"""News of runs, told once per change to each channel that wants it.

changes    what a host run's rows mean: (subject, topic, value, happening)
telling    changes against what each channel was told -> notices
outbox     notices -> deliveries, when it is time; a delivery's claim, tries and end
context language presets rendering    notices -> text
sending    text -> a service (Apprise) or a mail server (Django)
tasks      the background's entry points; their arguments are integers
shoutrrr legacy    Watchtower's addresses and variables in Apprise's words
"""
