"""Docker Engines: what they have, and what may be done to it. Source: the Docker Engine API.

client     the calls; the only file that knows docker-py
raw        the calls that docker-py lacks, made on its session
transport  its adapters, put right
stream     answers in pieces, ended by a deadline
border     foreign exceptions become ours
errors     what can go wrong
endpoint   where an engine is, and the TLS material to reach it
version    which API versions there are to speak
agreement  which one is spoken with an engine: assumed, or asked for
mirrors    the mirrors that it pulls through
container  what its lists say, as values
pull       the stream of a pull, understood
spec       the body that recreates a container
hostspec   the HostConfig of that body
networks   the endpoints of that body
losses     what the new container has not, of what that body asked for
"""
