"""Metrics: what is summed up while work is done, and what is read from the rows at a scrape.

sums        what is to be added to the tallies, saved in one statement
ended       what a host run, a run, a tick or a message adds when it is over
asked       what the requests to registries add
families    every family's name, labels and words
readings/   the families that describe the rows as they are now
watchtower  the families by Watchtower's names
exposition  all of it as text, for Prometheus

The web server's and the workers' processes may be on several machines: a number that only grows is
a row (updates.models.tally) that all of them add to, and no process keeps one.
"""
