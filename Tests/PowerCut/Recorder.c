// Records what a program does to the files of one folder and to the sockets that it accepted, in
// the order in which it happened. Loaded with LD_PRELOAD; built when the tests run.
//
// IPLEDGER_RECORD_FOLDER: the folder, as an absolute path without links.
// IPLEDGER_RECORD_LOG: the file to append to, outside of the folder.
//
// A log entry is a `struct entry` and then `length` bytes. Entries about writing and sending are
// made under one lock with the call itself, so their order is the order of the effects. A sync has
// two entries, before and after the call: it covers what was written before the first and holds
// from the second on. Memory that is shared with a file (SQLite's -shm, rebuilt after a restart) is
// not recorded; shared memory of any other file is reported, because a replay would be wrong.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
  START = 1, OPEN, WRITE, SYNC_BEGAN, SYNC_ENDED, TRUNCATE, ALLOCATE, UNLINK, RENAME, SENT,
  RECEIVED, UNSUPPORTED
};

struct entry {
  uint32_t kind;
  uint32_t subject;  // the file or connection, numbered from 1 by each process
  uint64_t number;   // an offset, a size, a flag or the token of a sync
  uint64_t length;
};

enum { descriptors = 65536 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static char folder[4096];
static size_t folder_length;
static uint32_t last_subject;
static uint64_t last_token;
static uint32_t files[descriptors];        // the file behind a descriptor, or 0
static uint32_t connections[descriptors];  // the accepted socket behind it, or 0

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

static void record(
    enum kind kind, uint32_t subject, uint64_t number, const void *bytes, size_t length) {
  struct entry entry = {kind, subject, number, length};
  struct iovec parts[2] = {{&entry, sizeof entry}, {(void *)bytes, length}};
  // One call an entry: what a killed program leaves ends with a whole entry.
  ssize_t written = syscall(SYS_writev, log_file, parts, length ? 2 : 1);
  if (written != (ssize_t)(sizeof entry + length)) abort();
}

static void record_locked(enum kind kind, uint32_t subject, uint64_t number, const char *text) {
  pthread_mutex_lock(&lock);
  record(kind, subject, number, text, text ? strlen(text) : 0);
  pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("IPLEDGER_RECORD_LOG");
  const char *wanted = getenv("IPLEDGER_RECORD_FOLDER");
  if (!path || !wanted) return;
  folder_length = (size_t)snprintf(folder, sizeof folder, "%s/", wanted);
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  log_file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0644);
  if (log_file < 0) abort();
  record_locked(START, 0, 0, NULL);
}

static int in_range(int fd) { return fd >= 0 && fd < descriptors; }
static uint32_t file_of(int fd) { return log_file >= 0 && in_range(fd) ? files[fd] : 0; }
static uint32_t connection_of(int fd) {
  return log_file >= 0 && in_range(fd) ? connections[fd] : 0;
}

static int is_recorded(const char *path) {
  size_t length = strlen(path);
  if (log_file < 0 || strncmp(path, folder, folder_length) != 0) return 0;
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

// The absolute path of something that need not exist: the folder is resolved, the name is not.
static int resolve(const char *path, char *result, size_t size) {
  char parent[4096];
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  if (!slash) snprintf(parent, sizeof parent, ".");
  else snprintf(parent, sizeof parent, "%.*s", (int)(slash - path + 1), path);
  char *resolved = realpath(parent, NULL);
  if (!resolved) return 0;
  int length = snprintf(result, size, "%s/%s", resolved, name);
  free(resolved);
  return length > 0 && (size_t)length < size;
}

// Opening

static int opened(int fd, int flags) {
  if (log_file < 0 || !in_range(fd)) return fd;
  int saved = errno;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  struct stat status;
  if (length > 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
    path[length] = 0;
    if (is_recorded(path)) {
      pthread_mutex_lock(&lock);
      files[fd] = ++last_subject;
      record(OPEN, files[fd], (flags & O_TRUNC) != 0, path, (size_t)length);
      pthread_mutex_unlock(&lock);
    }
  }
  errno = saved;
  return fd;
}

#define MODE(flags)                               \
  mode_t mode = 0;                                \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {        \
    va_list arguments;                            \
    va_start(arguments, flags);                   \
    mode = (mode_t)va_arg(arguments, unsigned);   \
    va_end(arguments);                            \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opened(REAL(open)(path, flags, mode), flags);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opened(REAL(open64)(path, flags, mode), flags);
}

int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  return opened(REAL(openat)(at, path, flags, mode), flags);
}

int openat64(int at, const char *path, int flags, ...) {
  MODE(flags)
  return opened(REAL(openat64)(at, path, flags, mode), flags);
}

int close(int fd) {
  if (in_range(fd)) files[fd] = connections[fd] = 0;
  return REAL(close)(fd);
}

static int accepted(int fd) {
  if (log_file >= 0 && in_range(fd)) {
    pthread_mutex_lock(&lock);
    connections[fd] = ++last_subject;
    pthread_mutex_unlock(&lock);
  }
  return fd;
}

int accept(int fd, struct sockaddr *address, socklen_t *length) {
  return accepted(REAL(accept)(fd, address, length));
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
  return accepted(REAL(accept4)(fd, address, length, flags));
}

// Writing to files and to clients

// What the first `count` bytes of several pieces are, as one entry.
static void record_pieces(
    enum kind kind, uint32_t subject, uint64_t number, const struct iovec *pieces, ssize_t done) {
  size_t count = (size_t)done, copied = 0;
  char *all = malloc(count);
  if (!all) abort();
  while (copied < count) {
    size_t part = pieces->iov_len < count - copied ? pieces->iov_len : count - copied;
    memcpy(all + copied, pieces->iov_base, part);
    copied += part;
    pieces++;
  }
  record(kind, subject, number, all, count);
  free(all);
}

// Runs `call` under the lock when the descriptor is one of ours, and records what it did.
#define OBSERVED(fd, pieces, call)                                                 \
  uint32_t file = file_of(fd), connection = connection_of(fd);                     \
  if (!file && !connection) return call;                                           \
  pthread_mutex_lock(&lock);                                                       \
  ssize_t done = call;                                                             \
  int saved = errno;                                                               \
  if (done > 0 && connection) record_pieces(SENT, connection, 0, pieces, done);    \
  if (done > 0 && file) {                                                          \
    off_t end = lseek(fd, 0, SEEK_CUR);                                            \
    record_pieces(WRITE, file, (uint64_t)(end - done), pieces, done);              \
  }                                                                                \
  pthread_mutex_unlock(&lock);                                                     \
  errno = saved;                                                                   \
  return done;

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec piece = {(void *)bytes, length};
  OBSERVED(fd, &piece, REAL(write)(fd, bytes, length))
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  struct iovec piece = {(void *)bytes, length};
  OBSERVED(fd, &piece, REAL(send)(fd, bytes, length, flags))
}

ssize_t sendto(
    int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
    socklen_t size) {
  struct iovec piece = {(void *)bytes, length};
  OBSERVED(fd, &piece, REAL(sendto)(fd, bytes, length, flags, to, size))
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  OBSERVED(fd, pieces, REAL(writev)(fd, pieces, count))
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  OBSERVED(fd, message->msg_iov, REAL(sendmsg)(fd, message, flags))
}

static ssize_t write_at(
    int fd, const void *bytes, size_t length, off_t offset,
    ssize_t (*call)(int, const void *, size_t, off_t)) {
  uint32_t file = file_of(fd);
  if (!file) return call(fd, bytes, length, offset);
  pthread_mutex_lock(&lock);
  ssize_t done = call(fd, bytes, length, offset);
  int saved = errno;
  if (done > 0) record(WRITE, file, (uint64_t)offset, bytes, (size_t)done);
  pthread_mutex_unlock(&lock);
  errno = saved;
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return write_at(fd, bytes, length, offset, REAL(pwrite));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  return write_at(fd, bytes, length, offset, REAL(pwrite64));
}

// What clients asked. Reading may wait, so it does not hold the lock.

static ssize_t received_pieces(int fd, const struct iovec *pieces, ssize_t count) {
  uint32_t connection = connection_of(fd);
  if (!connection || count <= 0) return count;
  pthread_mutex_lock(&lock);
  record_pieces(RECEIVED, connection, 0, pieces, count);
  pthread_mutex_unlock(&lock);
  return count;
}

static ssize_t received(int fd, void *bytes, ssize_t count) {
  struct iovec piece = {bytes, count > 0 ? (size_t)count : 0};
  return received_pieces(fd, &piece, count);
}

ssize_t read(int fd, void *bytes, size_t length) {
  return received(fd, bytes, REAL(read)(fd, bytes, length));
}

ssize_t recv(int fd, void *bytes, size_t length, int flags) {
  ssize_t count = REAL(recv)(fd, bytes, length, flags);
  return flags & MSG_PEEK ? count : received(fd, bytes, count);
}

ssize_t recvfrom(
    int fd, void *bytes, size_t length, int flags, struct sockaddr *from, socklen_t *size) {
  ssize_t count = REAL(recvfrom)(fd, bytes, length, flags, from, size);
  return flags & MSG_PEEK ? count : received(fd, bytes, count);
}

ssize_t readv(int fd, const struct iovec *pieces, int count) {
  return received_pieces(fd, pieces, REAL(readv)(fd, pieces, count));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  return received_pieces(fd, message->msg_iov, REAL(recvmsg)(fd, message, flags));
}

// Syncing

static int sync_file(int fd, int (*call)(int)) {
  uint32_t file = file_of(fd);
  if (!file) return call(fd);
  pthread_mutex_lock(&lock);
  uint64_t token = ++last_token;
  record(SYNC_BEGAN, file, token, NULL, 0);
  pthread_mutex_unlock(&lock);
  int result = call(fd);
  int saved = errno;
  if (result == 0) record_locked(SYNC_ENDED, file, token, NULL);
  errno = saved;
  return result;
}

int fsync(int fd) { return sync_file(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_file(fd, REAL(fdatasync)); }

// Sizes and names

static int truncate_file(int fd, off_t size, int (*call)(int, off_t)) {
  uint32_t file = file_of(fd);
  if (!file) return call(fd, size);
  pthread_mutex_lock(&lock);
  int result = call(fd, size);
  if (result == 0) record(TRUNCATE, file, (uint64_t)size, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t size) { return truncate_file(fd, size, REAL(ftruncate)); }
int ftruncate64(int fd, off64_t size) { return truncate_file(fd, size, REAL(ftruncate64)); }

static int allocate(int fd, off_t offset, off_t length, int result) {
  uint32_t file = file_of(fd);
  if (file && result == 0) record_locked(ALLOCATE, file, (uint64_t)(offset + length), NULL);
  return result;
}

int posix_fallocate(int fd, off_t offset, off_t length) {
  return allocate(fd, offset, length, REAL(posix_fallocate)(fd, offset, length));
}

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
  return allocate(fd, offset, length, REAL(posix_fallocate64)(fd, offset, length));
}

int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (mode != 0 && file_of(fd)) record_locked(UNSUPPORTED, file_of(fd), 0, "fallocate");
  return allocate(fd, offset, length, REAL(fallocate)(fd, mode, offset, length));
}

int unlink(const char *path) {
  char full[4096];
  int known = log_file >= 0 && resolve(path, full, sizeof full) && is_recorded(full);
  int result = REAL(unlink)(path);
  int saved = errno;
  if (known && result == 0) record_locked(UNLINK, 0, 0, full);
  errno = saved;
  return result;
}

int rename(const char *from, const char *to) {
  char both[8194], target[4096];
  int known = log_file >= 0 && resolve(from, both, 4096) && resolve(to, target, sizeof target)
              && is_recorded(both) && is_recorded(target);
  int result = REAL(rename)(from, to);
  int saved = errno;
  if (known && result == 0) {
    strcat(strcat(both, "\n"), target);
    record_locked(RENAME, 0, 0, both);
  }
  errno = saved;
  return result;
}

static void *map(
    void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  int shared = (flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE;
  if (shared && (protection & PROT_WRITE) && file_of(fd)) {
    record_locked(UNSUPPORTED, file_of(fd), 0, "shared memory");
  }
  return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return map(address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
  return map(address, length, protection, flags, fd, offset);
}
