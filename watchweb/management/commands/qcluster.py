"""`qcluster` as django-q2 has it, with a cluster that ends between two containers."""

import os
from typing import Any

from django_q.management.commands import qcluster

from watchweb.q_cluster import Cluster


class Command(qcluster.Command):  # type: ignore[misc]
    help = "Start workers. SIGTERM lets them finish the container at hand; a second one does not."

    def handle(self, *_: Any, cluster_name: str | None, run_once: bool, **__: Any) -> None:
        if cluster_name:
            os.environ["Q_CLUSTER_NAME"] = cluster_name
        cluster = Cluster()
        cluster.start()
        if run_once:
            cluster.stop()
