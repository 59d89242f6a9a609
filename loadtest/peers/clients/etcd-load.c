// Reserves pairs of addresses in etcd, and measures it: gRPC over HTTP/2 on one thread.
//
//   etcd-load PORT CLIENTS PAIRS SECONDS
//
// A client reserves PAIRS pairs at a time, in one transaction: if none of the owners' keys and of
// the addresses' keys is there, all are put; else the owners' keys are read. The client counts the
// addresses up and never asks for one that is taken: etcd itself cannot look for a free one.
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
enum { frame_head = 9, message_head = 5, answer_head = 256 };

/// What a server takes without saying so: in a frame, and on a stream or connection.
enum { largest_frame = 16384, first_window = 65535 };

/// A pair takes less than 768 bytes of a transaction: all of them fit into the first window.
enum { most_pairs = 64, part_room = 512, pair_room = 768 };

/// A connection, with one transaction in flight.
struct connection {
  int socket;
  uint32_t next_stream;
  /// Bytes of data that the server takes at the moment.
  int64_t window;
  /// The stream that waits for an answer, or 0; since when; and the answer's beginning.
  uint32_t stream;
  uint64_t asked;
  uint8_t answer[answer_head];
  size_t answer_length;
  uint8_t *out;
  size_t out_length, out_room, out_sent;
  uint8_t in[1 << 16];
  size_t in_length;
  bool waits_for_room;
};

static struct measure measure;
static long pairs;
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

// The protocol buffers of a transaction.

struct message {
  uint8_t *bytes;
  size_t length;
};

static void put_byte(struct message *to, size_t byte) { to->bytes[to->length++] = (uint8_t)byte; }

static void put_field(struct message *to, int field, const void *bytes, size_t length) {
  put_byte(to, (size_t)field << 3 | 2);
  size_t rest = length;
  for (; rest > 127; rest >>= 7) put_byte(to, (rest & 127) | 128);
  put_byte(to, rest);
  memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
}

static void put_text(struct message *to, int field, const char *text) {
  put_field(to, field, text, strlen(text));
}

/// The key was never written: its version is 0.
static void put_absent(struct message *transaction, const char *key) {
  uint8_t room[part_room];
  struct message compare = {room, 0};
  put_text(&compare, 3, key);
  put_byte(&compare, 4 << 3);
  put_byte(&compare, 0);
  put_field(transaction, 1, compare.bytes, compare.length);
}

static void put_put(struct message *transaction, const char *key, const char *value) {
  uint8_t room[2][part_room];
  struct message put = {room[0], 0}, operation = {room[1], 0};
  put_text(&put, 1, key);
  put_text(&put, 2, value);
  put_field(&operation, 2, put.bytes, put.length);
  put_field(transaction, 2, operation.bytes, operation.length);
}

static void put_get_otherwise(struct message *transaction, const char *key) {
  uint8_t room[2][part_room];
  struct message range = {room[0], 0}, operation = {room[1], 0};
  put_text(&range, 1, key);
  put_field(&operation, 1, range.bytes, range.length);
  put_field(transaction, 3, operation.bytes, operation.length);
}

static void put_reserve(struct message *transaction, unsigned long pod) {
  char owner[160], four[64], six[64], pair[128];
  unsigned long high = pod >> 16 & 65535, low = pod & 65535;
  snprintf(owner, sizeof owner, "/owner/load/pod-%lu/%064lx", pod, pod);
  snprintf(four, sizeof four, "/ip/10.%lu.%lu.%lu", high & 255, low >> 8, low & 255);
  snprintf(six, sizeof six, "/ip/fd00:10:244::%lx:%lx", high, low);
  snprintf(pair, sizeof pair, "%s %s", four + 4, six + 4);
  put_absent(transaction, owner);
  put_absent(transaction, four);
  put_absent(transaction, six);
  put_put(transaction, owner, pair);
  put_put(transaction, four, owner);
  put_put(transaction, six, owner);
  put_get_otherwise(transaction, owner);
}

/// The transaction, after the five bytes that gRPC has in front of a message.
static size_t make_request(uint8_t *into) {
  struct message transaction = {into + message_head, 0};
  for (long i = 0; i < pairs; i++) put_reserve(&transaction, next_pod++);
  into[0] = 0;
  for (int i = 0; i < 4; i++) into[1 + i] = (uint8_t)(transaction.length >> (24 - 8 * i));
  return message_head + transaction.length;
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

/// Asks for the next pairs, as far as the server's window and the time allow.
static void ask(struct connection *to) {
  static uint8_t request[most_pairs * pair_room];
  if (to->stream != 0 || to->window < pairs * pair_room) return;
  if (now_nanoseconds() >= deadline) return;
  size_t length = make_request(request);
  to->stream = to->next_stream;
  to->next_stream += 2;
  to->answer_length = 0;
  to->window -= (int64_t)length;
  to->asked = now_nanoseconds();
  add_headers(to, to->stream);
  for (size_t at = 0; at < length; at += largest_frame) {
    bool is_last = length - at <= largest_frame;
    add_frame(
        to, frame_data, is_last ? flag_end_stream : 0, to->stream, request + at,
        is_last ? length - at : largest_frame);
  }
}

/// Whether a TxnResponse says in its second field that nothing was there.
static bool succeeded(const uint8_t *bytes, size_t length) {
  size_t at = message_head;
  while (at + 1 < length) {
    uint8_t key = bytes[at++];
    if (key == (2 << 3)) return bytes[at] == 1;
    // The head is in front of it, and shorter than 128 bytes.
    if (key != (1 << 3 | 2) || bytes[at] > 127) return false;
    at += 1 + bytes[at];
  }
  return false;
}

static void end_answer(struct connection *from) {
  if (succeeded(from->answer, from->answer_length)) {
    measure_answer(&measure, from->asked, now_nanoseconds());
  } else {
    static const char text[] = "a transaction did not succeed";
    measure_error(&measure, text, sizeof text - 1);
  }
  from->stream = 0;
}

static void keep_answer(struct connection *from, const uint8_t *body, size_t length) {
  size_t room = answer_head - from->answer_length;
  if (length > room) length = room;
  memcpy(from->answer + from->answer_length, body, length);
  from->answer_length += length;
}

static void handle_frame(
    struct connection *from, uint8_t type, uint8_t flags, uint32_t id, const uint8_t *body,
    size_t length) {
  bool is_answer = id != 0 && id == from->stream;
  switch (type) {
    case frame_data:
      if (flags & flag_padded) stop("etcd-load", "the server pads its frames");
      if (is_answer) keep_answer(from, body, length);
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
      if (is_answer) end_answer(from);
      return;
  }
  bool ends = (type == frame_headers || type == frame_data) && (flags & flag_end_stream);
  if (ends && is_answer) end_answer(from);
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
  to->next_stream = 1;
  to->window = first_window;
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

/// Until the time is over and everything is answered.
static void run(struct connection *connections, long clients) {
  long idle = 0;
  for (long i = 0; i < clients; i++) {
    ask(&connections[i]);
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
      ask(connection);
      write_all(connection);
    }
    if (now_nanoseconds() < deadline) continue;
    idle = 0;
    for (long i = 0; i < clients; i++) idle += connections[i].stream == 0;
  }
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: etcd-load PORT CLIENTS PAIRS SECONDS\n");
    return 64;
  }
  uint16_t port = (uint16_t)number_argument("PORT", arguments[1], 65535);
  long clients = number_argument("CLIENTS", arguments[2], 10000);
  pairs = number_argument("PAIRS", arguments[3], most_pairs);
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
