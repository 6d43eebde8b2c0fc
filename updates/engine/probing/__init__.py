"""Trying the way to an engine, step by step.

findings   what a step found
reach      a socket or a port: is anybody there?
probe      all the steps, in their order
"""
