"""Where a comparison ran, because its figures mean nothing elsewhere."""

import os
import platform
from pathlib import Path

from .system import Failure, output


def value_of(file, key):
    for line in Path(file).read_text().splitlines():
        name, _, value = line.replace("=", ":", 1).partition(":")
        if name.strip() == key:
            return value.strip().strip('"')
    return "unknown"


def file_system(folder):
    """The kind of file system, which has to be one that an fsync means something on."""
    mounts = output(["findmnt", "--noheadings", "--output", "FSTYPE", "--target", folder])
    kind = mounts.split()[-1]  # One may lie over another.
    if kind in ("tmpfs", "ramfs", "devtmpfs"):
        raise Failure(
            f"{folder} is on {kind}, where an fsync costs nothing: name a folder on a disk "
            "with --folder")
    return kind


def machine(folder):
    """One line for each thing that figures depend on."""
    load = os.getloadavg()[0]
    busy = ": it was busy, and figures of a busy machine say little" if load > 0.5 else ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return {
        "processor": f"{os.cpu_count()} × {value_of('/proc/cpuinfo', 'model name')}",
        "memory": f"{memory:.0f} GiB",
        "system": f"{value_of('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release()}",
        "file system": file_system(folder),
        "load when it began": f"{load:.2f}{busy}",
    }
