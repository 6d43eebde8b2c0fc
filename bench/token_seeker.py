"""One of several processes whose threads want one token, all at the same moment.

{"reference": ..., "threads": 16, "at": 1767225600.0}: each thread asks the one registry that there
is a row of, with a client and a token store of its own.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import django

from bench.child import Json, serve

django.setup()

from django.db import connection  # noqa: E402 - needs the settings

from updates.models import Registry  # noqa: E402
from updates.registry.client import RegistryClient, RegistryConfig  # noqa: E402
from updates.registry.errors import RegistryError  # noqa: E402
from updates.registry.reference import Reference  # noqa: E402
from updates.runs.token_store import RowTokenStore  # noqa: E402


def answer(command: Json) -> Json:
    """What each thread was told, and when the last one was."""
    config = Registry.objects.get().config()
    connection.close()
    reference, threads = Reference.parse(command["reference"]), command["threads"]

    def seek(_: int) -> str:
        return _digest(config, reference, at=command["at"])

    with ThreadPoolExecutor(threads) as pool:
        digests = list(pool.map(seek, range(threads)))
    return {"digests": digests, "ended_at": time.time()}


def _digest(config: RegistryConfig, reference: Reference, *, at: float) -> str:
    """What the registry says at that time; a sentence if it is no digest."""
    client = RegistryClient(config, tokens=RowTokenStore())
    time.sleep(max(0.0, at - time.time()))
    try:
        return client.resolve(reference).digest
    except RegistryError as error:
        return str(error)
    finally:
        client.close()
        connection.close()


if __name__ == "__main__":
    serve(answer)
