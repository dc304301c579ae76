"""Lets answers that last for minutes notice that their process has been asked to stop.

The web server finishes what it has begun before it goes. A stream would keep it for minutes, so a stream waits here
between two looks. The interpreter itself writes a byte when a signal arrives, whoever handles the signal.
"""

import os
import select
import signal
import threading

_reader, _writer = os.pipe()
os.set_blocking(_writer, False)


def watch() -> None:
    """Begin to notice signals; does nothing outside the main thread, where no signals arrive."""
    if threading.current_thread() is threading.main_thread():
        signal.set_wakeup_fd(_writer, warn_on_full_buffer=False)


def wait(seconds: float) -> bool:
    """Wait; return early and True when the process has been asked to stop."""
    asked = select.poll()
    # The byte is left there: all who wait, and all who come later, shall see it.
    asked.register(_reader, select.POLLIN)
    return bool(asked.poll(seconds * 1000))
