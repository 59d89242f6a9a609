// Reserves pairs of addresses in etcd, and measures it: gRPC over HTTP/2 on one thread.
//
//   etcd-load PORT CLIENTS DEPTH SECONDS
//
// A reserve is one transaction: if the owner's key and both addresses' keys are not there, all
// three are put; else the owner's key is read. The client counts the addresses up and never asks
// for one that is taken: etcd itself cannot look for a free one.
//
// It speaks the part of HTTP/2 that is needed, so that the client costs little beside the server:
// header fields are sent once and named by their index afterwards; those of answers are skipped.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

enum { frame_data, frame_headers, frame_reset = 3, frame_settings, frame_ping = 6 };
enum { frame_goaway = 7, frame_window = 8 };
enum { flag_end_stream = 1, flag_ack = 1, flag_end_headers = 4, flag_padded = 8 };
enum { frame_head = 9, largest_request = 1024, largest_answer = 512 };

/// A request in flight.
struct stream {
  uint32_t id;
  uint64_t asked;
  size_t length;
  uint8_t answer[largest_answer];
};

struct connection {
  int socket;
  uint32_t next_stream;
  /// Bytes of data that the server takes at the moment.
  int64_t window;
  struct stream *streams;
  uint8_t *out;
  size_t out_length, out_room, out_sent;
  uint8_t in[1 << 16];
  size_t in_length;
  bool waits_for_room;
};

static struct measure measure;
static long depth;
static int poller;
static uint64_t deadline;
static uint64_t next_pod;

static void add(struct connection *to, const void *bytes, size_t length) {
  if (to->out_length + length > to->out_room) {
    to->out_room = (to->out_length + length) * 2;
    to->out = realloc(to->out, to->out_room);
    if (to->out == NULL) stop("realloc", strerror(errno));
  }
  memcpy(to->out + to->out_length, bytes, length);
  to->out_length += length;
}

static void add_frame(
    struct connection *to, uint8_t type, uint8_t flags, uint32_t stream, const void *body,
    size_t length) {
  uint8_t head[frame_head] = {
      (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length, type, flags,
      (uint8_t)(stream >> 24), (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream};
  add(to, head, sizeof head);
  add(to, body, length);
}

// The protocol buffers of a transaction. Every length is below 128, or written in two bytes.

struct message {
  size_t length;
  uint8_t bytes[largest_request];
};

static void put_byte(struct message *to, int byte) { to->bytes[to->length++] = (uint8_t)byte; }

static void put_field(struct message *to, int field, const void *bytes, size_t length) {
  put_byte(to, field << 3 | 2);
  if (length < 128) {
    put_byte(to, (int)length);
  } else {
    put_byte(to, (int)(length & 127) | 128);
    put_byte(to, (int)(length >> 7));
  }
  memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
}

static void put_text(struct message *to, int field, const char *text) {
  put_field(to, field, text, strlen(text));
}

static void put_message(struct message *to, int field, const struct message *inner) {
  put_field(to, field, inner->bytes, inner->length);
}

/// The key was never written: its version is 0.
static void put_absent(struct message *transaction, const char *key) {
  struct message compare = {0};
  put_text(&compare, 3, key);
  put_byte(&compare, 4 << 3);
  put_byte(&compare, 0);
  put_message(transaction, 1, &compare);
}

static void put_put(struct message *transaction, const char *key, const char *value) {
  struct message put = {0}, operation = {0};
  put_text(&put, 1, key);
  put_text(&put, 2, value);
  put_message(&operation, 2, &put);
  put_message(transaction, 2, &operation);
}

static void put_get_otherwise(struct message *transaction, const char *key) {
  struct message range = {0}, operation = {0};
  put_text(&range, 1, key);
  put_message(&operation, 1, &range);
  put_message(transaction, 3, &operation);
}

/// Five bytes that gRPC has in front of a message, and the transaction.
static void make_reserve(uint64_t pod, struct message *into) {
  char owner[160], four[64], six[64], pair[128];
  snprintf(owner, sizeof owner, "/owner/load/pod-%llu/%064llx", (unsigned long long)pod,
           (unsigned long long)pod);
  snprintf(four, sizeof four, "/ip/10.%llu.%llu.%llu", (unsigned long long)(pod >> 16 & 255),
           (unsigned long long)(pod >> 8 & 255), (unsigned long long)(pod & 255));
  snprintf(six, sizeof six, "/ip/fd00:10:244::%llx:%llx", (unsigned long long)(pod >> 16 & 65535),
           (unsigned long long)(pod & 65535));
  snprintf(pair, sizeof pair, "%s %s", four + 4, six + 4);

  struct message transaction = {0};
  put_absent(&transaction, owner);
  put_absent(&transaction, four);
  put_absent(&transaction, six);
  put_put(&transaction, owner, pair);
  put_put(&transaction, four, owner);
  put_put(&transaction, six, owner);
  put_get_otherwise(&transaction, owner);
  into->length = 0;
  put_byte(into, 0);
  put_byte(into, 0);
  put_byte(into, 0);
  put_byte(into, (int)(transaction.length >> 8));
  put_byte(into, (int)(transaction.length & 255));
  memcpy(into->bytes + into->length, transaction.bytes, transaction.length);
  into->length += transaction.length;
}

/// The first request names the header fields, and the others their place in the table (RFC 7541).
static void add_headers(struct connection *to, uint32_t stream) {
  static const char first[] =
      "\x83\x86\x44\x14/etcdserverpb.KV/Txn\x41\x09localhost\x5f\x10"
      "application/grpc\x40\x02te\x08trailers";
  static const uint8_t others[] = {0x83, 0x86, 0xc1, 0xc0, 0xbf, 0xbe};
  if (stream == 1) {
    add_frame(to, frame_headers, flag_end_headers, stream, first, sizeof first - 1);
  } else {
    add_frame(to, frame_headers, flag_end_headers, stream, others, sizeof others);
  }
}

static void ask(struct connection *to, struct stream *stream) {
  struct message request;
  make_reserve(next_pod++, &request);
  stream->id = to->next_stream;
  stream->length = 0;
  to->next_stream += 2;
  add_headers(to, stream->id);
  add_frame(to, frame_data, flag_end_stream, stream->id, request.bytes, request.length);
  to->window -= (int64_t)request.length;
  stream->asked = now_nanoseconds();
}

/// Asks on every idle stream, as far as the server's window and the time allow.
static void ask_all(struct connection *to) {
  for (long i = 0; i < depth; i++) {
    if (to->streams[i].id != 0) continue;
    if (to->window < largest_request || now_nanoseconds() >= deadline) return;
    ask(to, &to->streams[i]);
  }
}

/// Whether a TxnResponse says in its second field that the addresses were free.
static bool succeeded(const uint8_t *bytes, size_t length) {
  size_t at = 5;
  while (at + 1 < length) {
    uint8_t key = bytes[at++];
    if (key == (2 << 3)) return bytes[at] == 1;
    if ((key & 7) != 2) return false;
    size_t skipped = bytes[at] & 127;
    if (bytes[at++] & 128) skipped |= (size_t)(bytes[at++] & 127) << 7;
    at += skipped;
  }
  return false;
}

static struct stream *find(struct connection *from, uint32_t id) {
  for (long i = 0; i < depth; i++) {
    if (from->streams[i].id == id) return &from->streams[i];
  }
  return NULL;
}

static void end_stream(struct stream *stream) {
  if (succeeded(stream->answer, stream->length)) {
    measure_answer(&measure, stream->asked, now_nanoseconds());
  } else {
    static const char text[] = "a transaction did not succeed";
    measure_error(&measure, text, sizeof text - 1);
  }
  stream->id = 0;
}

static void handle_data(struct stream *stream, const uint8_t *body, size_t length) {
  if (stream->length + length > largest_answer) stop("etcd-load", "an answer is too long");
  memcpy(stream->answer + stream->length, body, length);
  stream->length += length;
}

static void handle_frame(
    struct connection *from, uint8_t type, uint8_t flags, uint32_t id, const uint8_t *body,
    size_t length) {
  struct stream *stream = id == 0 ? NULL : find(from, id);
  switch (type) {
    case frame_data:
      if (flags & flag_padded) stop("etcd-load", "the server pads its frames");
      if (stream != NULL) handle_data(stream, body, length);
      break;
    case frame_settings:
      if (!(flags & flag_ack)) add_frame(from, frame_settings, flag_ack, 0, "", 0);
      return;
    case frame_ping:
      if (!(flags & flag_ack)) add_frame(from, frame_ping, flag_ack, 0, body, length);
      return;
    case frame_window:
      if (id == 0 && length == 4) {
        from->window += (int64_t)(body[0] & 127) << 24 | body[1] << 16 | body[2] << 8 | body[3];
      }
      return;
    case frame_goaway:
      stop("etcd-load", "the server ends the connection");
    case frame_reset:
      if (stream != NULL) end_stream(stream);
      return;
  }
  if ((type == frame_headers || type == frame_data) && (flags & flag_end_stream)) {
    if (stream != NULL) end_stream(stream);
  }
}

static void read_frames(struct connection *from) {
  ssize_t count = read(from->socket, from->in + from->in_length, sizeof from->in - from->in_length);
  if (count == 0) stop("etcd-load", "the server closed the connection");
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return;
    stop("read", strerror(errno));
  }
  from->in_length += (size_t)count;
  size_t at = 0;
  while (from->in_length - at >= frame_head) {
    const uint8_t *head = from->in + at;
    size_t length = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
    if (length > sizeof from->in - frame_head) stop("etcd-load", "a frame is too long");
    if (from->in_length - at < frame_head + length) break;
    uint32_t id = (uint32_t)(head[5] & 127) << 24 | (uint32_t)head[6] << 16 |
                  (uint32_t)head[7] << 8 | head[8];
    handle_frame(from, head[3], head[4], id, head + frame_head, length);
    at += frame_head + length;
  }
  memmove(from->in, from->in + at, from->in_length - at);
  from->in_length -= at;
}

static void write_all(struct connection *to) {
  while (to->out_sent < to->out_length) {
    ssize_t count = write(to->socket, to->out + to->out_sent, to->out_length - to->out_sent);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) stop("write", strerror(errno));
    to->out_sent += (size_t)count;
  }
  bool is_done = to->out_sent == to->out_length;
  if (is_done) to->out_sent = to->out_length = 0;
  if (to->waits_for_room == !is_done) return;
  to->waits_for_room = !is_done;
  struct epoll_event event = {.events = EPOLLIN | (is_done ? 0 : EPOLLOUT), .data.ptr = to};
  if (epoll_ctl(poller, EPOLL_CTL_MOD, to->socket, &event) != 0) {
    stop("epoll_ctl", strerror(errno));
  }
}

static void open_connection(struct connection *to, uint16_t port) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  memset(to, 0, sizeof *to);
  to->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (to->socket < 0) stop("socket", strerror(errno));
  if (connect(to->socket, (struct sockaddr *)&address, sizeof address) != 0) {
    stop("connect", strerror(errno));
  }
  int yes = 1, flags = 1;
  setsockopt(to->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (ioctl(to->socket, FIONBIO, &flags) != 0) stop("ioctl", strerror(errno));
  to->streams = calloc((size_t)depth, sizeof *to->streams);
  if (to->streams == NULL) stop("calloc", strerror(errno));
  to->next_stream = 1;
  to->window = 65535;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = to};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, to->socket, &event) != 0) {
    stop("epoll_ctl", strerror(errno));
  }

  static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  // The server may answer two gigabytes on a connection, without waiting for anybody.
  static const uint8_t window[] = {0x7f, 0xff, 0, 0};
  add(to, preface, sizeof preface - 1);
  add_frame(to, frame_settings, 0, 0, "", 0);
  add_frame(to, frame_window, 0, 0, window, sizeof window);
}

static bool is_idle(const struct connection *connection) {
  for (long i = 0; i < depth; i++) {
    if (connection->streams[i].id != 0) return false;
  }
  return true;
}

/// Until the time is over and everything is answered.
static void run(struct connection *connections, long clients) {
  long idle = 0;
  for (long i = 0; i < clients; i++) {
    ask_all(&connections[i]);
    write_all(&connections[i]);
  }
  while (idle < clients) {
    struct epoll_event events[64];
    int count = epoll_wait(poller, events, 64, 10000);
    if (count == 0) stop("etcd-load", "no answer for ten seconds");
    if (count < 0 && errno != EINTR) stop("epoll_wait", strerror(errno));
    for (int i = 0; i < count; i++) {
      struct connection *connection = events[i].data.ptr;
      if (events[i].events & ~(uint32_t)EPOLLOUT) read_frames(connection);
      ask_all(connection);
      write_all(connection);
    }
    if (now_nanoseconds() < deadline) continue;
    idle = 0;
    for (long i = 0; i < clients; i++) idle += is_idle(&connections[i]);
  }
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: etcd-load PORT CLIENTS DEPTH SECONDS\n");
    return 64;
  }
  uint16_t port = (uint16_t)number_argument("PORT", arguments[1], 65535);
  long clients = number_argument("CLIENTS", arguments[2], 10000);
  depth = number_argument("DEPTH", arguments[3], 4096);
  long seconds = number_argument("SECONDS", arguments[4], 3600);
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) stop("epoll_create1", strerror(errno));
  struct connection *connections = calloc((size_t)clients, sizeof *connections);
  if (connections == NULL) stop("calloc", strerror(errno));
  for (long i = 0; i < clients; i++) open_connection(&connections[i], port);
  measure_start(&measure);
  deadline = measure.started + (uint64_t)seconds * 1000000000u;
  run(connections, clients);
  measure_report(&measure);
  return measure.errors == 0 ? 0 : 1;
}
