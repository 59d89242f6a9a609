// Adds pairs of leases to two Kea servers through their control sockets, and measures it.
//
//   kea-load SOCKET4 SOCKET6 CLIENTS SECONDS
//
// A pair is a lease4-add and, when that is answered, a lease6-add. Kea takes one command on a
// connection and closes it, so that each command has a connection of its own.
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure.h"

enum { most_clients = 1024, largest_command = 1024, largest_answer = 4096 };

struct client {
  int socket;
  bool is_second;
  unsigned long pod;
  uint64_t asked;
  size_t length;
  char answer[largest_answer];
};

static struct measure measure;
static int poller;
static const char *paths[2];
static unsigned long next_pod = 1;

/// 32 bytes, as a container ID has them.
static void write_identifier(unsigned long pod, char *into) {
  for (int i = 31; i >= 0; i--, pod >>= 8) {
    static const char digits[] = "0123456789abcdef";
    into[i * 3] = digits[pod >> 4 & 15];
    into[i * 3 + 1] = digits[pod & 15];
    into[i * 3 + 2] = i == 31 ? 0 : ':';
  }
}

static size_t write_command(unsigned long pod, bool is_second, char *into) {
  char identifier[97];
  write_identifier(pod, identifier);
  int length;
  if (is_second) {
    length = snprintf(
        into, largest_command,
        "{\"command\":\"lease6-add\",\"arguments\":{\"subnet-id\":1,\"iaid\":1,"
        "\"ip-address\":\"fd00:10:244::%lx:%lx\",\"duid\":\"%s\",\"hostname\":\"pod-%lu.load\"}}",
        pod >> 16 & 65535, pod & 65535, identifier, pod);
  } else {
    length = snprintf(
        into, largest_command,
        "{\"command\":\"lease4-add\",\"arguments\":{\"subnet-id\":1,"
        "\"ip-address\":\"10.%lu.%lu.%lu\",\"hw-address\":\"02:00:%02lx:%02lx:%02lx:%02lx\","
        "\"client-id\":\"%s\",\"hostname\":\"pod-%lu.load\"}}",
        pod >> 16 & 255, pod >> 8 & 255, pod & 255, pod >> 24 & 255, pod >> 16 & 255,
        pod >> 8 & 255, pod & 255, identifier, pod);
  }
  return (size_t)length;
}

/// Connects and sends the command; a command fits into the socket's buffer.
static void ask(struct client *client) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *path = paths[client->is_second];
  if (strlen(path) >= sizeof address.sun_path) stop(path, "the path is too long for a socket");
  strcpy(address.sun_path, path);
  client->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client->socket < 0) stop("socket", strerror(errno));
  if (connect(client->socket, (struct sockaddr *)&address, sizeof address) != 0) {
    stop(path, strerror(errno));
  }
  char command[largest_command];
  size_t length = write_command(client->pod, client->is_second, command);
  if (write(client->socket, command, length) != (ssize_t)length) stop(path, strerror(errno));
  client->length = 0;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, client->socket, &event) != 0) {
    stop("epoll_ctl", strerror(errno));
  }
}

static void begin(struct client *client) {
  client->pod = next_pod++;
  client->is_second = false;
  client->asked = now_nanoseconds();
  ask(client);
}

/// Whether the connection has ended, and with it the answer.
static bool read_answer(struct client *client) {
  size_t room = largest_answer - 1 - client->length;
  ssize_t count = read(client->socket, client->answer + client->length, room);
  if (count < 0 && errno == EINTR) return false;
  if (count < 0) stop("read", strerror(errno));
  client->length += (size_t)count;
  client->answer[client->length] = 0;
  if (count > 0) return false;
  close(client->socket);
  return true;
}

/// Goes on after an answer; false when the client has nothing more to do.
static bool proceed(struct client *client, uint64_t deadline) {
  if (strstr(client->answer, "\"result\": 0") == NULL) {
    measure_error(&measure, client->answer, client->length);
    return false;
  }
  if (!client->is_second) {
    client->is_second = true;
    ask(client);
    return true;
  }
  uint64_t now = now_nanoseconds();
  measure_answer(&measure, client->asked, now);
  if (now >= deadline) return false;
  begin(client);
  return true;
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: kea-load SOCKET4 SOCKET6 CLIENTS SECONDS\n");
    return 64;
  }
  paths[0] = arguments[1];
  paths[1] = arguments[2];
  long clients = number_argument("CLIENTS", arguments[3], most_clients);
  long seconds = number_argument("SECONDS", arguments[4], 3600);
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) stop("epoll_create1", strerror(errno));
  static struct client all[most_clients];
  measure_start(&measure);
  uint64_t deadline = measure.started + (uint64_t)seconds * 1000000000u;
  for (long i = 0; i < clients; i++) begin(&all[i]);
  for (long running = clients; running > 0;) {
    struct epoll_event events[64];
    int ready = epoll_wait(poller, events, 64, 10000);
    if (ready == 0) stop("kea-load", "no answer for ten seconds");
    if (ready < 0 && errno != EINTR) stop("epoll_wait", strerror(errno));
    for (int i = 0; i < ready; i++) {
      struct client *client = events[i].data.ptr;
      if (read_answer(client) && !proceed(client, deadline)) running--;
    }
  }
  measure_report(&measure);
  return measure.errors == 0 ? 0 : 1;
}
