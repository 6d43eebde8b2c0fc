"""Django's tasks API on django-q2: `@task` and `enqueue()` here, a cluster's worker there."""

from typing import Any

from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.signals import task_enqueued
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string
from django_q.tasks import async_task


class DjangoQBackend(BaseTaskBackend):
    """Puts a task's path and arguments on the queue; the rows of the run are its result.

    With the ORM broker an enqueue inside a transaction commits or rolls back with it. A queue
    name other than "default" is the name of a cluster (`Q_CLUSTER_NAME`).
    """

    supports_defer = False
    supports_async_task = False
    supports_get_result = False
    supports_priority = False

    def enqueue[**P, T](self, task: "Task[P, T]", args: Any, kwargs: Any) -> "TaskResult[P, T]":
        """Queue one call of `task`. Raises TypeError for an argument that is not of JSON's types:
        the queue would pickle it."""
        self.validate_task(task)
        args, kwargs = normalize_json(args), normalize_json(kwargs)
        options = {"cluster": task.queue_name} if task.queue_name != "default" else {}
        name = async_task(
            "watchweb.q_backend.run", task.module_path, *args, q_options=options, **kwargs
        )
        result: TaskResult[P, T] = TaskResult(
            task=task,
            id=name,
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        task_enqueued.send(type(self), task_result=result)
        return result


def run(path: str, *args: Any, **kwargs: Any) -> None:
    """Call the task at `path` in a worker. Nothing is returned: it would be pickled and kept."""
    import_string(path).call(*args, **kwargs)
