"""The client's calls against a real engine and a real registry."""

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.engine.bench import Bench, everything
from tests.lab.authority import Authority
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec, archive, build
from tests.lab.registry import Registry
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.container import EngineInfo
from updates.engine.endpoint import Endpoint, TLSMaterial
from updates.engine.pull import PullSnapshot
from updates.engine.spec import CreateBody

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]
ROBOT = {"username": "robot", "password": "s3cret-robot"}


def pull(engine: Engine, name: str, tag: str = "1", **more: Any) -> tuple[str, list[PullSnapshot]]:
    """(digest, progress) of a pull."""
    told: list[PullSnapshot] = []
    options = {"auth": None, "deadline_s": 60.0, "on_progress": told.append} | more
    return engine.pull(name, tag=tag, **options), told


def test_a_refused_connect_leaves_nothing(bench: Bench) -> None:
    net = bench.network("net", "10.213.4.0/24")
    body = {"Image": bench.new, "HostConfig": {"NetworkMode": net}}
    with pytest.raises(errors.EngineRefused, match="host network"):
        bench.engine.create(f"{bench.prefix}-new", CreateBody(body, {"host": {}}))
    names = [one.name for one in bench.engine.containers()]
    assert f"{bench.prefix}-new" not in names


def test_the_list_says_what_an_inspect_would(bench: Bench) -> None:
    old_id = everything(bench)
    calls = bench.engine.calls.total()
    listed = next(one for one in bench.engine.containers() if one.id == old_id)
    images = {one.id: one for one in bench.engine.images()}
    assert bench.engine.calls.total() <= calls + 3
    assert (listed.name, listed.image, listed.state) == (
        f"{bench.prefix}-web",
        bench.old,
        "running",
    )
    assert listed.networks == (f"{bench.prefix}-back", f"{bench.prefix}-front")
    assert listed.health in ("starting", "healthy")
    assert listed.labels["mine"] == "x"
    assert bench.old in images[listed.image_id].repo_tags


def test_a_name_that_is_taken_is_a_conflict(bench: Bench) -> None:
    one, _ = bench.run("one"), bench.run("two")
    with pytest.raises(errors.EngineConflict, match="already in use"):
        bench.engine.rename(one, f"{bench.prefix}-two")


@pytest.mark.parametrize("signal", [None, "SIGUSR1"])
def test_a_stop_with_a_signal_ends_at_once(bench: Bench, signal: str | None) -> None:
    one = bench.run("one", Image=bench.old)
    started = time.monotonic()
    bench.engine.stop(one, signal=signal, timeout_s=10)
    assert time.monotonic() - started < 5
    state = bench.engine.inspect_container(one)["State"]
    assert (state["Running"], state["ExitCode"]) == (False, 0)
    bench.engine.stop(one, signal=signal, timeout_s=10)


def test_a_container_deaf_to_the_signal_is_ended_by_force(bench: Bench) -> None:
    deaf = ["/bin/sh", "-c", "trap '' USR1; while :; do sleep 0.05; done"]
    one = bench.run("one", Cmd=deaf)
    bench.engine.stop(one, signal="SIGUSR1", timeout_s=1)
    assert not bench.engine.inspect_container(one)["State"]["Running"]


def test_a_commands_exit_code_and_both_streams_come_back(bench: Bench) -> None:
    one = bench.run("one")
    script = "echo out; echo err >&2; echo $HOOK; exit 75"
    result = bench.engine.exec(
        one, ["sh", "-c", script], timeout_s=5, user="1", environment={"HOOK": "pre"}
    )
    assert result.exit_code == 75
    assert sorted(result.output.split()) == ["err", "out", "pre"]


def test_a_command_that_hangs_is_given_up(bench: Bench) -> None:
    one = bench.run("one")
    started = time.monotonic()
    with pytest.raises(errors.ExecTimedOut):
        bench.engine.exec(one, ["sleep", "30"], timeout_s=0.5)
    assert time.monotonic() - started < 3


def test_a_pull_of_what_is_not_there_says_so(bench: Bench) -> None:
    with pytest.raises(errors.EngineError) as caught:
        bench.engine.pull(
            "127.0.0.1:9/shop/web", tag="1", auth=None, on_progress=print, deadline_s=20
        )
    assert "connection refused" in str(caught.value)


def test_logs_end_with_the_last_lines(bench: Bench) -> None:
    one = bench.run("one", Cmd=["/bin/sh", "-c", "echo first; echo last; exec sleep 60"])
    deadline = time.monotonic() + 5
    while not (text := bench.engine.logs(one, tail=1)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert text == "last\n"


def test_the_size_of_all_layers_counts_shared_ones_once(bench: Bench) -> None:
    before = bench.engine.layers_size()
    assert before > 0
    spec = ImageSpec(version="heavy", ballast_bytes=2_000_000)
    names = ("heavy:1", "heavy:2")
    for name in names:
        bench.api.load_image(archive(build(spec), name))
    grown = bench.engine.layers_size() - before
    for name in names:
        bench.api.remove_image(name)
    assert 2_000_000 <= grown < 5_000_000, "two images of 4 MB have all layers in common"
    assert bench.engine.layers_size() == before


def test_many_calls_use_one_socket(bench: Bench) -> None:
    one = bench.run("one")
    for _ in range(20):
        bench.engine.inspect_container(one)
    session: Any = bench.engine._session
    assert session.get_adapter(session.base_url)._pool.num_connections == 1


def test_a_pull_tells_its_progress_and_names_the_digest(
    bench: Bench, lab_registry: Registry
) -> None:
    spec = ImageSpec(version="7", ballast_bytes=3_000_000)
    digest = lab_registry.push("engine/big", "1", spec)
    name = f"{lab_registry.address}/engine/big"
    got, told = pull(bench.engine, name)
    assert got == digest
    assert bench.engine.inspect_image(f"{name}:1")["RepoDigests"] == [f"{name}@{digest}"]
    assert told[-1].layers_done == told[-1].layers_total == 2
    assert told[-1].current_bytes == told[-1].total_bytes > 3_000_000
    totals = [one.current_bytes for one in told]
    assert totals == sorted(totals)
    again, _ = pull(bench.engine, name)
    by_digest, _ = pull(bench.engine, name, digest)
    assert again == by_digest == digest
    bench.api.remove_image(f"{name}:1", force=True)


def test_a_login_is_used_and_stays_secret(bench: Bench, lab_registry_htpasswd: Registry) -> None:
    digest = lab_registry_htpasswd.push("engine/private", "1", ImageSpec(version="8"))
    name = f"{lab_registry_htpasswd.address}/engine/private"
    for wrong in (None, ROBOT | {"password": "wr0ng-secret"}):
        with pytest.raises(errors.EngineError) as caught:
            pull(bench.engine, name, auth=wrong)
        assert "secret" not in str(caught.value)
    assert pull(bench.engine, name, auth=ROBOT)[0] == digest


def test_a_tag_that_is_gone_says_so(bench: Bench, lab_registry: Registry) -> None:
    lab_registry.push("engine/big", "1", ImageSpec(version="7"))
    with pytest.raises(errors.NoSuchObject, match="manifest unknown"):
        pull(bench.engine, f"{lab_registry.address}/engine/big", "gone")


def test_a_layer_that_the_registry_lost_fails_the_pull(
    bench: Bench, lab_registry: Registry
) -> None:
    image = build(ImageSpec(version="9", ballast_bytes=200_000))
    lab_registry.push("engine/broken", "1", image)
    digest = image.blobs[-1].digest.removeprefix("sha256:")
    store = lab_registry.root / "store/docker/registry/v2/blobs/sha256"
    (store / digest[:2] / digest / "data").unlink()
    with pytest.raises(errors.PullFailed, match="unknown"):
        pull(bench.engine, f"{lab_registry.address}/engine/broken")


def test_a_scan_of_a_known_engine_is_two_calls(lab_engine: Dockerd) -> None:
    with Engine(Endpoint(lab_engine.url)) as first:
        known = first.open()
    with Engine(Endpoint(lab_engine.url), info=EngineInfo.from_dict(known.to_dict())) as engine:
        engine.containers()
        engine.images()
        assert engine.calls == {"containers": 1, "images": 1}


@pytest.mark.parametrize(
    "was", [{"version": "1.2"}, {"server_api_version": "1.51", "api_version": "1.51"}]
)
def test_an_engine_that_was_another_one_is_asked_anew(
    lab_engine: Dockerd, was: dict[str, Any]
) -> None:
    with Engine(Endpoint(lab_engine.url)) as first:
        now = first.open()
    with Engine(Endpoint(lab_engine.url), info=replace(now, **was)) as engine:
        assert engine.containers() == []
        assert engine.info == now
        assert engine.calls == {"containers": 1, "version": 1, "repeated": 1}


def test_an_engine_without_mirrors_says_so(bench: Bench) -> None:
    assert bench.engine.mirrors() == ()


def test_a_client_certificate_opens_the_engine(
    lab_engine: Dockerd, lab_authority: Authority
) -> None:
    cert, key = lab_authority.client_pem()
    tls = TLSMaterial(ca=lab_authority.ca_pem, cert=cert, key=key)
    with Engine(Endpoint(lab_engine.tls_url, tls)) as engine:
        assert engine.containers() == []
        assert engine.info.version


@pytest.mark.parametrize("signer", ["system", "stranger"])
def test_an_engine_that_is_not_trusted_is_not_spoken_to(
    lab_engine: Dockerd, lab_authority: Authority, signer: str
) -> None:
    cert, key = lab_authority.client_pem()
    ca = "" if signer == "system" else Authority().ca_pem
    with pytest.raises(errors.EngineTLSFailure, match="is not trusted"):
        Engine(Endpoint(lab_engine.tls_url, TLSMaterial(ca, cert, key))).open()


@pytest.mark.parametrize("shown", ["none", "a stranger's"])
def test_a_refused_client_certificate_says_so(
    lab_engine: Dockerd, lab_authority: Authority, shown: str
) -> None:
    cert, key = Authority().client_pem() if shown != "none" else ("", "")
    tls = TLSMaterial(lab_authority.ca_pem, cert, key)
    with pytest.raises(errors.EngineTLSFailure, match="client certificate"):
        Engine(Endpoint(lab_engine.tls_url, tls)).open()


def test_plain_http_towards_a_tls_port_says_so(lab_engine: Dockerd) -> None:
    with pytest.raises(errors.EngineTLSFailure, match="wants TLS"):
        Engine(Endpoint(lab_engine.tls_url)).open()
