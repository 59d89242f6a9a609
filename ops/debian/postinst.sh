#!/bin/sh
set -e

case "$1" in
  configure | abort-upgrade | abort-deconfigure | abort-remove) ;;
  *) exit 0 ;;
esac

systemd-sysusers ipledger.conf
systemd-tmpfiles --create ipledger.conf
# Keys lie there: the service manager alone reads them.
if [ -z "$2" ]; then
  chmod 0700 /etc/ipledger/tls
  chgrp ipledger /etc/ipledger/ipledgerd.yaml
fi

# Enabled at the first installation; afterwards as the administrator has left it.
for unit in ipledgerd.socket ipledgerd.service; do
  deb-systemd-helper unmask "$unit" >/dev/null || true
  if deb-systemd-helper --quiet was-enabled "$unit"; then
    deb-systemd-helper enable "$unit" >/dev/null || true
  else
    deb-systemd-helper update-state "$unit" >/dev/null || true
  fi
done
# These are for those who ask for them.
for unit in ipledgerd-tcp.socket ipledgerd-metrics.socket; do
  deb-systemd-helper unmask "$unit" >/dev/null || true
  deb-systemd-helper update-state "$unit" >/dev/null || true
done

if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
  if [ -n "$2" ]; then
    # The sockets stay open meanwhile: clients wait there, and none is refused.
    deb-systemd-invoke restart ipledgerd.service >/dev/null || true
  else
    deb-systemd-invoke start ipledgerd.socket ipledgerd.service >/dev/null || true
  fi
fi
