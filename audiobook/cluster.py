"""The one door to Dask: machines of a cluster that build, as a `concurrent.futures` executor.

Dask does all of it: it gives a text to one worker, and to another one when that dies or fails.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from audiobook import machine
from audiobook.errors import AudiobookError

LOCAL = "local"
"""Stands for a cluster on this machine, which is started and ended with the run."""
RETRIES = 3
"""How often Dask tries a text again after the worker has failed; one that dies is counted by Dask's own settings."""
WAIT_SECONDS = 60
"""For the first worker."""
T = TypeVar("T")


class Cluster(Executor):
    """A cluster's workers."""

    def __init__(self, address: str) -> None:
        """Connect to a scheduler such as "tcp://10.0.0.1:8786", or start a cluster for `LOCAL`.

        Raises AudiobookError when Dask is not installed, nobody answers, or no worker comes.
        """
        try:
            distributed: Any = importlib.import_module("distributed")  # its types are not whole
        except ImportError as error:
            raise AudiobookError("Clusters need Dask. Install it with: pip install audiobook[cluster]") from error
        try:
            own = address == LOCAL
            where = (
                distributed.LocalCluster(machine.cores(), threads_per_worker=1, dashboard_address=None)
                if own
                else address
            )
            self._client: Any = distributed.Client(where, timeout=WAIT_SECONDS)
            self._cluster: Any = where if own else None
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise AudiobookError(f"The cluster {address} can't be used: {error}") from error
        self._executor: Any = self._client.get_executor(pure=False, retries=RETRIES)

    @property
    def workers(self) -> int:
        """How many texts it can build at once; at least one."""
        there: dict[str, int] = self._client.nthreads()
        return max(1, sum(there.values()))

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called by a worker."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; what is under way is waited for, or called off."""
        self._executor.shutdown(wait=wait)
        self._client.close()
        if self._cluster:
            self._cluster.close()
