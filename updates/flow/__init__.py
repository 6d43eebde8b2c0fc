"""What an update does and in which order; no Django, no docker, no socket.

labels    what a container's labels ask for
filters   which containers take part
check     is its image behind its registry?
order     who comes before whom
plan      what will be done, each with its reason
replace   one container recreated, step by step, undone on any failure
gate      the proof that the new one works
update    the course on one host: list, filter, check, plan, pull, replace, clean up
session   the words: states, parameters, results
ports     what the flow asks of an engine, a registry and a record
"""
