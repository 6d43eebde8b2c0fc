"""What an update does and in which order; no Django, no docker, no socket.

labels    what a container's labels ask for
filters   which containers take part
check     is its image behind its registry?
platform  which image runs where
survey    filter and check, for all containers of a host
order     who comes before whom
plan      what will be done, each with its reason
pull      the new images, each once
snapshot  what a container was before
replace   one container recreated, step by step
gate      the proof that the new one works
way_back  the old container as it was, after any failure
recover   a replacement that nobody finished
execute   a plan carried out
clean_up  old images that nothing needs
report    what became of those that were left alone
update    the course on one host: list, filter, check, plan, pull, replace, clean up
session   the words: states, parameters, results
ports     what the flow asks of an engine, a registry and a record
"""
