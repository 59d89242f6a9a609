"""The disk alone: what a commit of one record costs at least."""

import os
import time

from .system import Figures, Shape, System

FRAME = 4096 + 24  # A page of SQLite's write-ahead log, with its head.
FRAMES = 4096


class Disk(System):
    name = "disk"
    is_traceable = False
    differences = "no work at all: one frame of a log is overwritten, then fdatasync"

    def takes(self, shape):
        return shape == Shape(1, 1)

    def version(self):
        return "pwrite and fdatasync"

    def measure_in(self, folder, shape, seconds):
        frame = os.urandom(FRAME)
        file = os.open(folder / "log", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            for place in range(FRAMES):
                os.pwrite(file, frame, place * FRAME)
            os.fsync(file)
            latencies = []
            started = now = time.monotonic_ns()
            while now - started < seconds * 1e9:
                os.pwrite(file, frame, len(latencies) % FRAMES * FRAME)
                os.fdatasync(file)
                before, now = now, time.monotonic_ns()
                latencies.append((now - before) / 1000)
        finally:
            os.close(file)
        latencies.sort()
        count = len(latencies)
        rate = count * 1e9 / (now - started)
        return Figures(count, rate, latencies[count // 2], latencies[count * 99 // 100])
