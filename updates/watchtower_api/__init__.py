"""Watchtower's HTTP API over the rows, so that scripts made for it go on working.

Paths, methods, parameters, status codes and JSON are those of its maintained fork.
Source: github.com/nicholas-fedor/watchtower, docs/http-api and the answers its tests record.
"""
