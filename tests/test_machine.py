from __future__ import annotations

import os
import subprocess
import sys

import pytest

POLICY = "import os; print(os.sched_getscheduler(0))"
SETTLED = f"""
import os, subprocess, sys
from audiobook import machine
{{before}}
machine.settle()
{POLICY}
subprocess.run([sys.executable, "-c", {POLICY!r}], check=True)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no such policy")


def policies(before: str) -> list[int]:
    """The scheduling policies of a process that has settled, and of a program that it starts."""
    run = [sys.executable, "-c", SETTLED.format(before=before)]
    return [int(line) for line in subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()]


def test_builds_and_their_programs_are_scheduled_as_work() -> None:
    """Else each packet that one of ffmpeg's threads hands to another interrupts the encoder."""
    assert policies("") == [os.SCHED_BATCH] * 2


def test_who_asked_for_less_keeps_it() -> None:
    """`chrt --idle 0 audiobook …` stays in the background."""
    assert policies("os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))") == [os.SCHED_IDLE] * 2
