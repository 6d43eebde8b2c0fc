"""A connection test: the requests of a check, one at a time, each with what it found.

findings   what a step found, as a value
probe_tls  the TLS step: the chain, and which trust accepted it
probe      all steps, in their order
"""
