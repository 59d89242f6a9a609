#!/bin/sh
set -e

if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
fi

units='ipledgerd.service ipledgerd.socket ipledgerd-tcp.socket ipledgerd-metrics.socket'
if command -v deb-systemd-helper >/dev/null; then
  case "$1" in
    remove)
      for unit in $units; do deb-systemd-helper mask "$unit" >/dev/null || true; done
      ;;
    purge)
      for unit in $units; do
        deb-systemd-helper purge "$unit" >/dev/null || true
        deb-systemd-helper unmask "$unit" >/dev/null || true
      done
      ;;
  esac
fi

# The ledger goes with a purge and with nothing less.
if [ "$1" = purge ]; then
  rm -rf /var/lib/ipledger /run/ipledger /etc/ipledger
fi
