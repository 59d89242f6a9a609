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

/// Fills `groups`, which has room for `room`, with the supplementary groups of the process at the
/// other end, as the kernel recorded them at connect: how many there are, also when that is more
/// than there is room for (nothing is filled then), or -1 with errno.
int clinux_peer_groups(int descriptor, gid_t *groups, int room);

/// Takes an exclusive lock on the whole open file description, without waiting: 0, or -1 with errno
/// (EAGAIN when somebody else holds it). It ends when the last copy of the descriptor is closed,
/// however the process ends.
int clinux_lock(int descriptor);

/// Has threads take memory from few heaps, which grow by a megabyte: a heap of a thread's own asks
/// the system for each page. To be called before there are threads.
void clinux_share_memory(void);

/// Gives free memory back to the system: a start needs more than what follows it.
void clinux_trim_memory(void);

#endif
