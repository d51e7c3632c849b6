"""Processes on this machine that build, a document at a time in each: a `concurrent.futures` executor of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

from audiobook import machine


class Local(ProcessPoolExecutor):
    """So many processes.

    They are started anew, as on every system: a fork would copy locks that a thread of ours may hold, and the standard
    library's forkserver (3.11) can miss the death of a process that has only just begun, and then waits for it forever.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As any executor's, but when nobody waits for what is under way, it is ended: work for nobody."""
        if not wait:
            for process in multiprocessing.active_children():
                process.terminate()
        super().shutdown(wait=True, cancel_futures=cancel_futures or not wait)


def _begin() -> None:
    """Make a worker of a new process. It has a group of its own, so that it can be ended with its programs.

    It settles before the thread below begins, which would else get a heap of its own: 20 MB after 400 short texts.
    """
    machine.settle()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the process that gives us work has ended, in whatever way."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        _end()


def _end(*_: object) -> None:
    """End this process, and the programs that it runs."""
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
