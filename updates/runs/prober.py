"""Probes of new containers, from the worker: does something answer there?"""

import socket
from urllib.parse import urlsplit

import requests

_LOWEST_FAILURE = 400


def probe(address: str, timeout_s: float) -> str:
    """The flow's `Prober`. HTTP: any answer below 400, redirects not followed; TLS is verified.

    Nothing of an answer is in the sentence: the address may be one that its author cannot reach.
    """
    return _tcp(address, timeout_s) if address.startswith("tcp://") else _http(address, timeout_s)


def _tcp(address: str, timeout_s: float) -> str:
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout_s).close()
    except (OSError, ValueError, OverflowError):
        return "nothing accepts a connection there."
    return ""


def _http(address: str, timeout_s: float) -> str:
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.get(
                address, timeout=timeout_s, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
        except requests.exceptions.SSLError:
            return "its certificate is not trusted."
        except (requests.RequestException, ValueError):
            return "it does not answer."
    return "" if status < _LOWEST_FAILURE else f"it answers {status}."
