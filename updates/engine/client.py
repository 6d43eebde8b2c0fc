"""The calls to a Docker Engine. The only file that knows docker-py, and of it only APIClient.

The API version is agreed on at `open`. Nothing of the machine that this runs on counts: no proxy
settings, no REQUESTS_CA_BUNDLE, no ~/.docker/config.json. Source: Engine API; docker-py 7.2.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Self

import docker
import requests
from docker.auth import AuthConfig
from docker.errors import DockerException
from docker.transport import SSHHTTPAdapter
from docker.utils.proxy import ProxyConfig
from requests.adapters import HTTPAdapter

from updates.engine import border, raw, stream
from updates.engine.container import ContainerSummary, EngineInfo, ExecResult, ImageSummary
from updates.engine.endpoint import Endpoint, TLSMaterial
from updates.engine.errors import EngineError, ExecTimedOut, PullFailed
from updates.engine.pull import PullProgress, PullSnapshot
from updates.engine.spec import CreateBody
from updates.engine.transport import BoundedLogin, TLSAdapter, UnixAdapter
from updates.engine.version import LOWEST, agree, is_at_least

STOP_TAKES_SIGNAL = "1.42"
_MAX_OUTPUT_BYTES = 1 << 20


class Engine:
    """One engine. Made without a connection; the first call opens it. Not for several threads.

    `calls` counts the calls by name. Every method raises EngineError, and nothing else of its own.
    """

    def __init__(self, endpoint: Endpoint, *, timeout_s: float = 30.0) -> None:
        self.endpoint = endpoint
        self.timeout_s = timeout_s
        self.calls: Counter[str] = Counter()
        self._session: _Session | None = None
        self._info: EngineInfo | None = None

    def open(self) -> EngineInfo:
        """Connect and agree on an API version."""
        self.close()
        self.calls["version"] += 1
        try:
            with self._translated():
                self._session = _Session(self.endpoint, self.timeout_s)
                said = raw.read_version(self._session, self.endpoint.url)
            self._info = agree(said, self.endpoint.url)
        except EngineError:
            self.close()
            raise
        self._session._version = self._info.api_version
        return self._info

    @property
    def info(self) -> EngineInfo:
        return self._info or self.open()

    def close(self) -> None:
        """Let go of the connections; the next call opens it again."""
        session, self._session, self._info = self._session, None, None
        if session is not None:
            session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What it has.

    def containers(self) -> list[ContainerSummary]:
        """All containers, stopped ones too, in one call."""
        with self._calling("containers") as api:
            return [ContainerSummary.from_api(entry) for entry in api.containers(all=True)]

    def images(self) -> list[ImageSummary]:
        """All images that are not just layers of others, in one call."""
        with self._calling("images") as api:
            return [ImageSummary.from_api(entry) for entry in api.images()]

    def inspect_container(self, container: str) -> dict[str, Any]:
        with self._calling("inspect_container") as api:
            return dict(api.inspect_container(container))

    def inspect_image(self, image: str) -> dict[str, Any]:
        with self._calling("inspect_image") as api:
            return dict(api.inspect_image(image))

    def logs(self, container: str, tail: int = 50) -> str:
        """The last lines of both streams."""
        with self._calling("logs") as api:
            return str(api.logs(container, tail=tail).decode(errors="replace"))

    # Images.

    def pull(
        self,
        name: str,
        *,
        tag: str,
        auth: Mapping[str, str] | None,
        on_progress: Callable[[PullSnapshot], None],
        deadline_s: float,
        platform: str = "",
    ) -> str:
        """Pull, read the stream to its end, and return the digest; "" if the engine names none.

        `tag` may be a digest. `auth` has username and password, or identitytoken; None pulls
        anonymously. After `deadline_s` the pull is cancelled.
        """
        late = PullFailed(f"The pull did not finish within {deadline_s:.0f} s.")
        progress = PullProgress()
        with self._calling("pull") as api:
            call = partial(
                raw.start_pull, api, name, tag, auth=auth, platform=platform, timeout_s=deadline_s
            )
            with stream.opened(call, deadline_s, late) as answer:
                for line in stream.json_lines(answer):
                    progress.feed(line)
                    on_progress(progress.snapshot())
        return progress.digest

    def tag(self, image_id: str, repository: str, tag: str) -> None:
        with self._calling("tag") as api:
            api.tag(image_id, repository, tag=tag)

    def remove_image(self, image: str) -> None:
        """Remove a name of an image, or an image by id if nothing uses it."""
        with self._calling("remove_image") as api:
            api.remove_image(image)

    # Containers.

    def create(self, name: str, body: CreateBody) -> str:
        """Create a container and connect it to its networks; its id. All or nothing."""
        with self._calling("create") as api:
            made = api.create_container_from_config(body.config, name, platform=body.platform)
        container = str(made["Id"])
        try:
            for network, settings in body.connect.items():
                with self._calling("connect") as api:
                    raw.connect(api, network, container, settings)
        except BaseException:
            with suppress(EngineError):
                self.remove(container, force=True)
            raise
        return container

    def rename(self, container: str, name: str) -> None:
        with self._calling("rename") as api:
            api.rename(container, name)

    def start(self, container: str) -> None:
        with self._calling("start") as api:
            api.start(container)

    def stop(self, container: str, *, signal: str | None, timeout_s: int) -> None:
        """Stop with `signal` (None: the container's own), and by force after `timeout_s`."""
        takes_signal = is_at_least(self.info.api_version, STOP_TAKES_SIGNAL)
        with self._calling("stop") as api:
            if signal and not takes_signal:
                raw.signal_and_wait(api, container, signal=signal, timeout_s=timeout_s)
                signal, timeout_s = None, 0
            raw.stop(api, container, signal=signal, timeout_s=timeout_s)

    def remove(self, container: str, *, volumes: bool = False, force: bool = False) -> None:
        with self._calling("remove") as api:
            api.remove_container(container, v=volumes, force=force)

    def set_restart_policy(self, container: str, policy: Mapping[str, Any]) -> None:
        with self._calling("set_restart_policy") as api:
            api.update_container(container, restart_policy=dict(policy))

    def exec(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        timeout_s: float,
        environment: Mapping[str, str] | None = None,
    ) -> ExecResult:
        """Run a command in a running container and wait for its end; the output's first MiB.

        Raises ExecTimedOut after `timeout_s`. The engine cannot end the command: it goes on.
        """
        late = ExecTimedOut(f"The command did not end within {timeout_s:.0f} s.")
        with self._calling("exec") as api:
            variables = dict(environment or {})
            made = api.exec_create(container, list(command), user=user, environment=variables)
            exec_id = made["Id"]
            call = partial(raw.start_exec, api, exec_id, timeout_s=timeout_s)
            with stream.opened(call, timeout_s, late) as answer:
                text = stream.output(answer, _MAX_OUTPUT_BYTES)
            code = api.exec_inspect(exec_id)["ExitCode"]
        if code is None:
            raise late  # It closed its streams and goes on.
        return ExecResult(int(code), text)

    @contextmanager
    def _calling(self, name: str) -> Iterator["_Session"]:
        if self._session is None or self._info is None:
            self.open()
        assert self._session is not None  # noqa: S101 - open raised otherwise
        self.calls[name] += 1
        with self._translated():
            yield self._session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DockerException, *border.FOREIGN) as error:
            raise border.translate(error, self.endpoint.url) from error


class _SSHAdapter(BoundedLogin, SSHHTTPAdapter):  # type: ignore[misc]
    """One login; each connection is a channel of it that runs `docker system dial-stdio`."""


class _Session(docker.APIClient):  # type: ignore[misc]
    """docker-py without its constructor, which reads ~/.docker/config.json: logins and headers."""

    def __init__(self, endpoint: Endpoint, timeout_s: float) -> None:
        requests.Session.__init__(self)
        self.trust_env = False
        self.max_redirects = 0  # A registry's password must not follow one.
        self.timeout = timeout_s
        self._version = LOWEST
        self._general_configs: dict[str, Any] = {}
        self._proxy_configs = ProxyConfig()
        self._auth_configs = AuthConfig({})
        self.credstore_env = None
        self.adapters.clear()
        self._custom_adapter = _adapter(endpoint, timeout_s)
        is_http = endpoint.base_url.startswith("http")
        self.base_url = endpoint.base_url if is_http else "http+docker://engine"
        self.mount(self.base_url, self._custom_adapter)


def _adapter(endpoint: Endpoint, timeout_s: float) -> HTTPAdapter:
    url = endpoint.base_url
    if url.startswith("unix://"):
        return UnixAdapter(url.removeprefix("unix://"))
    if url.startswith("ssh://"):
        return _SSHAdapter(url, timeout_s)
    if url.startswith("https://"):
        return TLSAdapter((endpoint.tls or TLSMaterial()).context())
    return HTTPAdapter()
