"""What happens by itself, on the queue's clusters.

clock         looks for due ticks twice a second, in one worker of each machine
due           carries a tick out, once however many clusters see it
environment   the schedule that Watchtower's variables ask for
cluster       what all this has to do with django-q2; its only importer
"""
