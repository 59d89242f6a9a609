#!/bin/sh
set -e

# An upgrade leaves the daemon running until the new one is in place.
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  deb-systemd-invoke stop ipledgerd.service ipledgerd.socket ipledgerd-tcp.socket \
    ipledgerd-metrics.socket >/dev/null || true
fi
