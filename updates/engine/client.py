"""The calls to a Docker Engine, by docker-py's APIClient. Source: Engine API; docker-py 7.2."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from docker.errors import DockerException

from updates.engine import border, raw
from updates.engine.agreement import Agreement
from updates.engine.container import ContainerSummary, EngineInfo, ExecResult, ImageSummary
from updates.engine.endpoint import Endpoint
from updates.engine.errors import EngineError
from updates.engine.mirrors import mirrors_of
from updates.engine.pull import PullSnapshot
from updates.engine.session import Session
from updates.engine.spec import CreateBody
from updates.engine.version import is_at_least, is_usable

STOP_TAKES_SIGNAL = "1.42"


class Engine:
    """One engine. Made without a connection; the first call opens it. Not for several threads.

    `info` is what was learned of it earlier: then the first call goes out at once, and /version
    is asked only if the answer shows that the engine is another one by now.
    `calls` counts the calls by name. Every method raises EngineError, and nothing else of its own.
    """

    def __init__(
        self, endpoint: Endpoint, *, timeout_s: float = 30.0, info: EngineInfo | None = None
    ) -> None:
        self.endpoint = endpoint
        self.timeout_s = timeout_s
        self.calls: Counter[str] = Counter()
        self._known = info if info and is_usable(info) else None
        self._session: Session | None = None
        self._agreement: Agreement | None = None

    def open(self) -> EngineInfo:
        """Connect and ask what it is, also if that is known."""
        self.close()
        try:
            with self._translated():
                return self._connect().ask()
        except EngineError:
            self.close()
            raise

    @property
    def info(self) -> EngineInfo:
        """What the engine is: as it said itself, or as it was known before it was asked."""
        agreed = self._agreement.info if self._agreement else self._known
        return agreed or self.open()

    @property
    def is_renewed(self) -> bool:
        """True if `info` is news: the engine was asked what it is."""
        return self.calls["version"] > 0

    @property
    def latency_s(self) -> float | None:
        """The shortest time in which it began to answer since it was opened; None before that."""
        return self._agreement.fastest_s if self._agreement else None

    def close(self) -> None:
        """Let go of the connections; the next call opens it again."""
        session, self._session, self._agreement = self._session, None, None
        if session is not None:
            session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def containers(self) -> list[ContainerSummary]:
        """All containers, stopped ones too, in one call."""
        with self._calling("containers") as api:
            return [ContainerSummary.from_api(entry) for entry in api.containers(all=True)]

    def images(self) -> list[ImageSummary]:
        """All images that are not just layers of others, in one call."""
        with self._calling("images") as api:
            return [ImageSummary.from_api(entry) for entry in api.images()]

    def mirrors(self) -> tuple[str, ...]:
        """The mirrors of Docker Hub that it is configured with, in its order."""
        with self._calling("info") as api:
            return mirrors_of(api.info())

    def inspect_container(self, container: str) -> dict[str, Any]:
        with self._calling("inspect_container") as api:
            return dict(api.inspect_container(container))

    def inspect_image(self, image: str) -> dict[str, Any]:
        with self._calling("inspect_image") as api:
            return dict(api.inspect_image(image))

    def inspect_volume(self, volume: str) -> dict[str, Any]:
        with self._calling("inspect_volume") as api:
            return dict(api.inspect_volume(volume))

    def inspect_network(self, network: str) -> dict[str, Any]:
        with self._calling("inspect_network") as api:
            return dict(api.inspect_network(network))

    def logs(self, container: str, tail: int = 50) -> str:
        """The last lines of both streams."""
        with self._calling("logs") as api:
            return str(api.logs(container, tail=tail).decode(errors="replace"))

    def layers_size(self) -> int:
        """Bytes that all images take on disk, layers that several share counted once."""
        with self._calling("layers_size") as api:
            return raw.layers_size(api)

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
        anonymously. `platform` "" is the engine's own. After `deadline_s` the pull is cancelled.
        """
        with self._calling("pull") as api:
            return raw.pull(
                api,
                name,
                tag,
                auth=auth,
                platform=platform,
                on_progress=on_progress,
                deadline_s=deadline_s,
            )

    def tag(self, image_id: str, repository: str, tag: str) -> None:
        with self._calling("tag") as api:
            api.tag(image_id, repository, tag=tag)

    def remove_image(self, image: str) -> None:
        """Remove a name of an image, or an image by id if nothing uses it."""
        with self._calling("remove_image") as api:
            api.remove_image(image)

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
        with self._calling("exec") as api:
            variables = dict(environment or {})
            made = api.exec_create(container, list(command), user=user, environment=variables)
            return raw.run_exec(api, made["Id"], timeout_s=timeout_s)

    @contextmanager
    def _calling(self, name: str) -> Iterator[Session]:
        if self._session is None and self._known is None:
            self.open()
        with self._translated():
            if self._session is None:
                self._connect()
            assert self._session is not None  # noqa: S101 - either way it is there
            self.calls[name] += 1
            yield self._session

    def _connect(self) -> Agreement:
        self._session = Session(self.endpoint, self.timeout_s)
        self._agreement = Agreement(self._session, self.endpoint.url, self.calls, self._known)
        self._session.hooks["response"].append(self._agreement)
        return self._agreement

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DockerException, *border.FOREIGN) as error:
            raise border.translate(error, self.endpoint.url) from error
