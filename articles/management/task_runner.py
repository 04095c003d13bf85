"""Runs the queue's tasks, and those again that failed of weather: a database or a store that was away."""

import contextlib
import logging
import time
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, Error, close_old_connections
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from media.files.store import is_bucket_error

log = logging.getLogger(__name__)

# What passes by itself. A file that cannot be read is an OSError too: it is tried in vain a few times, then told.
WEATHER = (OperationalError, InterfaceError, OSError)
# Seconds to wait before each further run.
WAITS = (5, 30, 120, 600, 1800)
# Seconds to wait for a database that restarts, before the row stays as it is and is taken up as that of a dead worker.
PATIENCE = (0, 1, 2, 4, 8, 15)
FIELDS = ["status", "run_after", "finished_at", "worker_ids", "exception_class_path", "traceback", "return_value"]


class TaskRunner(Worker):
    """The queue's worker, but that a task which failed of weather waits for its next run."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        # Where the connection is gone, not even the failure could be written.
        with contextlib.suppress(Error):
            super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            settle(db_task_result)


def settle(task: DBTaskResult) -> None:
    """Write that a task failed; after weather, that it runs again later."""
    runs = len(task.worker_ids)
    if is_weather(task.exception_class_path) and runs <= len(WAITS):
        task.status, task.finished_at = TaskResultStatus.READY, None
        task.run_after = timezone.now() + timedelta(seconds=WAITS[runs - 1])
        log.warning("Task %s failed and is tried again: %s", task.task_path, task.exception_class_path)
    for pause in PATIENCE:
        time.sleep(pause)
        close_old_connections()
        with contextlib.suppress(DatabaseError, InterfaceError):
            task.save(update_fields=FIELDS)
            return


def is_weather(path: str) -> bool:
    """Return True if the exception of this dotted name passes by itself."""
    try:
        found: Any = import_string(path)
    except ImportError:
        return False
    return isinstance(found, type) and (issubclass(found, WEATHER) or is_bucket_error(found))
