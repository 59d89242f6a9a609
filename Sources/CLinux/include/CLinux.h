#ifndef CLINUX_H
#define CLINUX_H

#include <sys/types.h>

/// Who is at the other end of a Unix socket, as the kernel recorded it at connect.
struct clinux_peer {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};

/// Fills `peer` for a connected Unix socket: 0, or -1 with errno. On a TCP socket the kernel
/// answers uid 4294967295, which is nobody.
int clinux_peer_credentials(int descriptor, struct clinux_peer *peer);

/// Takes an exclusive lock on the whole open file description, without waiting: 0, or -1 with errno
/// (EAGAIN when somebody else holds it). It ends when the last copy of the descriptor is closed,
/// however the process ends.
int clinux_lock(int descriptor);

#endif
