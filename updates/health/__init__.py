"""Whether Watchweb can do its work, for load balancers and container health checks.

checks    what has to hold, each as a value with its sentence
bounded   looks within a time, whatever hangs
"""
