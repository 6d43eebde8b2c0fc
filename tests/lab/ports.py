"""Free ports on loopback."""

import random
import socket

# Below the range that outgoing connections take theirs from, so none takes one in between.
_RANGE = range(20_000, 32_000)


def free_port() -> int:
    """A TCP port that nobody listens at now."""
    for port in random.sample(_RANGE, len(_RANGE)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("No port is free on loopback.")


def answers(port: int) -> bool:
    """True if somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
