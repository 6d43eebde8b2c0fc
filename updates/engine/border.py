"""The one place where foreign exceptions become EngineErrors, each a sentence to act on.

Nothing of docker-py is needed here: its APIError is a requests.HTTPError.
"""

import errno
import ssl
from collections.abc import Iterator

import requests
import urllib3
from paramiko import SSHException  # type: ignore[import-untyped]

from updates.engine import errors
from updates.engine.errors import plain
from updates.engine.pull import explain

FOREIGN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    SSHException,
    OSError,
    ValueError,
    EOFError,
)
_TRANSPORT = (OSError, EOFError, urllib3.exceptions.HTTPError)
_READ_CHARS = 500
_STATUS_ERRORS = {404: errors.NoSuchObject, 409: errors.EngineConflict}
_CAUSES = {
    errno.ECONNREFUSED: "connection refused. Is it running?",
    errno.ENOENT: "there is no such socket. Is it running?",
    errno.EACCES: "permission denied. May this user open the socket?",
    errno.EPERM: "permission denied. May this user open the socket?",
    errno.EHOSTUNREACH: "no route to the host.",
    errno.ENETUNREACH: "no route to the network.",
    errno.ECONNRESET: "the connection was closed.",
    errno.EPIPE: "the connection was closed.",
}


def translate(error: Exception, url: str) -> errors.EngineError:
    """What a call to the engine at `url` ended with, as one of ours."""
    if isinstance(error, errors.EngineError):
        return error
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return refusal(error.response, url)
    if tls_error := next((one for one in _chain(error) if _is_tls(one)), None):
        return errors.EngineTLSFailure(_tls_sentence(str(tls_error), url))
    if isinstance(error, (requests.Timeout, TimeoutError)):
        return errors.EngineUnreachable(f"The engine at {url} did not answer in time.")
    if isinstance(error, (requests.TooManyRedirects, requests.exceptions.InvalidJSONError)):
        return not_an_engine(url)
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return _lost_connection(error, url)
    if isinstance(error, _TRANSPORT) and not isinstance(error, requests.RequestException):
        return _lost_connection(error, url)
    if isinstance(error, SSHException):
        return errors.EngineUnreachable(f"The SSH login to {url} failed: {plain(str(error))}.")
    return not_an_engine(url)


def refusal(answer: requests.Response, url: str) -> errors.EngineError:
    """An answer with an error status. An engine explains itself in JSON."""
    try:
        said = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return _foreign_refusal(answer, url)
    kind = _STATUS_ERRORS.get(answer.status_code, errors.EngineRefused)
    text = explain(said).rstrip(".")
    return kind(f"The engine answered {answer.status_code}: {text}.", answer.status_code)


def not_an_engine(url: str) -> errors.NotAnEngine:
    return errors.NotAnEngine(f"What answers at {url} is not a Docker Engine.")


def _foreign_refusal(answer: requests.Response, url: str) -> errors.EngineError:
    if answer.status_code == 400 and "HTTPS server" in answer.text[:_READ_CHARS]:
        return errors.EngineTLSFailure(
            f"The engine at {url} wants TLS: give it a CA, or a client certificate."
        )
    if answer.status_code in (502, 503, 504):
        return errors.EngineUnreachable(
            f"A proxy at {url} answered {answer.status_code}: no engine behind it."
        )
    return not_an_engine(url)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps: as cause, as context, or as an argument.

    It ends at errors of ours: what came before them is another story, told already.
    """
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen or isinstance(one, errors.EngineError):
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        # paramiko keeps one error for each address that it tried.
        inner += dict(getattr(one, "errors", None) or {}).values()
        waiting += [wrapped for wrapped in inner if isinstance(wrapped, BaseException)]


def _is_tls(error: BaseException) -> bool:
    # A server that closes without a goodbye raises SSLEOFError: that is a lost connection.
    return isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError)


def _tls_sentence(text: str, url: str) -> str:
    lowered = text.lower()
    if "certificate required" in lowered or "alert bad certificate" in lowered:
        return f"The engine at {url} refused the client certificate, or wants one."
    if "alert unknown ca" in lowered:
        return f"The engine at {url} does not know the CA of the client certificate."
    if "verify failed" in lowered or "certificate_verify" in lowered:
        reason = plain(text.rpartition("failed: ")[2].partition(" (_ssl")[0])
        return f"The certificate of the engine at {url} is not trusted: {reason}."
    if "wrong_version_number" in lowered or "wrong version number" in lowered:
        return f"The engine at {url} does not speak TLS on this port."
    if any(word in lowered for word in ("pem", "no certificate", "key values", "no start line")):
        return f"The CA, client certificate or key kept for {url} cannot be used: {plain(text)}."
    return f"The TLS connection to the engine at {url} failed: {plain(text)}."


def _lost_connection(error: BaseException, url: str) -> errors.EngineError:
    chain = list(_chain(error))
    for one in chain:
        if type(one).__name__ == "BadStatusLine":
            return not_an_engine(url)
        if type(one).__name__ == "NameResolutionError" or type(one).__name__ == "gaierror":
            return _unreachable(url, "its name is not known.")
        if isinstance(one, OSError) and one.errno in _CAUSES:
            return _unreachable(url, _CAUSES[one.errno])
    if any(isinstance(one, TimeoutError) for one in chain):
        return errors.EngineUnreachable(f"The engine at {url} did not answer in time.")
    return _unreachable(url, "the connection broke.")


def _unreachable(url: str, cause: str) -> errors.EngineUnreachable:
    return errors.EngineUnreachable(f"The engine at {url} cannot be reached: {cause}")
