"""The calls that docker-py does not have, or not with these fields or time-outs.

`api` is a docker.APIClient, of which five inner methods are used: `_url`, `_get`, `_post`,
`_post_json` and `_raise_for_status`. Source: Engine API.
"""

import base64
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import requests

from updates.engine import stream
from updates.engine.container import ExecResult
from updates.engine.errors import EngineUnreachable, ExecTimedOut, PullFailed
from updates.engine.pull import PullProgress, PullSnapshot

_MAX_VERSION_BYTES = 1 << 16
_MAX_OUTPUT_BYTES = 1 << 20
Api = Any


def read_version(api: Api, url: str) -> dict[str, Any]:
    """The answer to an unversioned /version. Raises ValueError if it is not an engine's."""
    late = EngineUnreachable(f"The engine at {url} did not answer in time.")

    def call() -> requests.Response:
        answer = api.get(f"{api.base_url}/version", stream=True, timeout=api.timeout)
        return _checked(api, answer)

    with stream.opened(call, api.timeout, late) as answer:
        said = json.loads(answer.raw.read(_MAX_VERSION_BYTES, decode_content=True))
    if not isinstance(said, dict) or not isinstance(said.get("ApiVersion"), str):
        raise ValueError("no ApiVersion in the answer to /version")
    return said


def pull(
    api: Api,
    name: str,
    tag: str,
    *,
    auth: Mapping[str, str] | None,
    platform: str,
    on_progress: Callable[[PullSnapshot], None],
    deadline_s: float,
) -> str:
    """Pull to the end; the digest, "" if the engine names none. Raises PullFailed."""
    late = PullFailed(f"The pull did not finish within {deadline_s:.0f} s.")
    progress = PullProgress()
    call = partial(_start_pull, api, name, tag, auth=auth, platform=platform, timeout_s=deadline_s)
    with stream.opened(call, deadline_s, late) as answer:
        for line in stream.json_lines(answer):
            progress.feed(line)
            on_progress(progress.snapshot())
    return progress.digest


def layers_size(api: Api) -> int:
    """From the engine's disk usage. From API 1.42 on nothing but images is counted for it."""
    params = {"type": "image"}  # An older engine does not know it, and counts everything.
    answer = _checked(api, api._get(api._url("/system/df"), params=params))
    return int(answer.json().get("LayersSize") or 0)


def run_exec(api: Api, exec_id: str, *, timeout_s: float) -> ExecResult:
    """Start the command and wait for its end. Raises ExecTimedOut."""
    late = ExecTimedOut(f"The command did not end within {timeout_s:.0f} s.")
    call = partial(_start_exec, api, exec_id, timeout_s=timeout_s)
    with stream.opened(call, timeout_s, late) as answer:
        text = stream.output(answer, _MAX_OUTPUT_BYTES)
    code = api.exec_inspect(exec_id)["ExitCode"]
    if code is None:
        raise late  # It closed its streams and goes on.
    return ExecResult(int(code), text)


def stop(api: Api, container: str, *, signal: str | None, timeout_s: int) -> None:
    """Stop; `signal` needs API 1.42. An answer comes when it has ended."""
    params = {"t": timeout_s} | ({"signal": signal} if signal else {})
    url = api._url("/containers/{0}/stop", container)
    _checked(api, api._post(url, params=params, timeout=(api.timeout, api.timeout + timeout_s)))


def signal_and_wait(api: Api, container: str, *, signal: str, timeout_s: int) -> None:
    """Send a signal, and wait for the container's end for `timeout_s` at most."""
    url = api._url("/containers/{0}/kill", container)
    answer = api._post(url, params={"signal": signal})
    if answer.status_code == requests.codes.conflict:
        return  # It does not run.
    _checked(api, answer)
    if timeout_s > 0:
        with suppress(requests.Timeout, requests.ConnectionError):
            api.wait(container, timeout=timeout_s)


def connect(api: Api, network: str, container: str, settings: Mapping[str, Any]) -> None:
    """Connect to a network, with all fields of the endpoint."""
    body = {"Container": container, "EndpointConfig": dict(settings)}
    _checked(api, api._post_json(api._url("/networks/{0}/connect", network), body))


def _start_pull(
    api: Api,
    name: str,
    tag: str,
    *,
    auth: Mapping[str, str] | None,
    platform: str,
    timeout_s: float,
) -> requests.Response:
    """The open stream of a pull. Without `auth` the header says so: no login is looked for."""
    params = {"fromImage": name, "tag": tag} | ({"platform": platform} if platform else {})
    header = base64.urlsafe_b64encode(json.dumps(dict(auth or {})).encode())
    answer = api._post(
        api._url("/images/create"),
        params=params,
        headers={"X-Registry-Auth": header},
        stream=True,
        timeout=(api.timeout, timeout_s),
    )
    return _checked(api, answer)


def _start_exec(api: Api, exec_id: str, *, timeout_s: float) -> requests.Response:
    """The open stream of a command's output, in frames."""
    url = api._url("/exec/{0}/start", exec_id)
    body = {"Tty": False, "Detach": False}
    answer = api._post_json(url, body, stream=True, timeout=(api.timeout, timeout_s))
    return _checked(api, answer)


def _checked(api: Api, answer: requests.Response) -> requests.Response:
    try:
        api._raise_for_status(answer)
    except requests.RequestException:
        answer.close()
        raise
    return answer
