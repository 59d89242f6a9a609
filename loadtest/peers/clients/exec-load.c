// Starts a CNI plugin once for each pod, and measures it from the start of the process to its end.
//
//   exec-load PLUGIN CONFIGURATION PROCESSES SECONDS
//
// Every process gets ADD for a container of its own and the network configuration as its input; as
// many of them run at a time as is said. What the plugin prints is thrown away: its status counts.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

enum { most_processes = 1024, variable_length = 256 };

struct child {
  pid_t process;
  uint64_t started;
};

static struct measure measure;
static posix_spawn_file_actions_t files;
static char *plugin;
static unsigned long next_pod;

static void start(struct child *child) {
  unsigned long pod = next_pod++;
  char container[variable_length], arguments[variable_length];
  snprintf(container, sizeof container, "CNI_CONTAINERID=%064lx", pod);
  snprintf(arguments, sizeof arguments,
           "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=load;K8S_POD_NAME=exec-%lu;"
           "K8S_POD_INFRA_CONTAINER_ID=%064lx", pod, pod);
  char *environment[] = {
      "CNI_COMMAND=ADD", container, "CNI_NETNS=/run/netns/load", "CNI_IFNAME=eth0",
      "CNI_PATH=/usr/lib/cni", arguments, NULL};
  char *words[] = {plugin, NULL};
  child->started = now_nanoseconds();
  int result = posix_spawn(&child->process, plugin, &files, NULL, words, environment);
  if (result != 0) stop(plugin, strerror(result));
}

static struct child *find(struct child *children, long count, pid_t process) {
  for (long i = 0; i < count; i++) {
    if (children[i].process == process) return &children[i];
  }
  stop("exec-load", "a process ended that nobody started");
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: exec-load PLUGIN CONFIGURATION PROCESSES SECONDS\n");
    return 64;
  }
  plugin = arguments[1];
  long processes = number_argument("PROCESSES", arguments[3], most_processes);
  long seconds = number_argument("SECONDS", arguments[4], 3600);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, arguments[2], O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);

  static struct child children[most_processes];
  measure_start(&measure);
  uint64_t deadline = measure.started + (uint64_t)seconds * 1000000000u;
  for (long i = 0; i < processes; i++) start(&children[i]);
  for (long running = processes; running > 0;) {
    int status;
    pid_t process = waitpid(-1, &status, 0);
    if (process < 0 && errno == EINTR) continue;
    if (process < 0) stop("waitpid", strerror(errno));
    struct child *child = find(children, processes, process);
    uint64_t now = now_nanoseconds();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      measure_answer(&measure, child->started, now);
    } else {
      static const char text[] = "the plugin did not end with 0";
      measure_error(&measure, text, sizeof text - 1);
    }
    child->process = 0;
    // A plugin that fails does so again: one look at it is enough.
    if (now < deadline && measure.errors == 0) {
      start(child);
    } else {
      running--;
    }
  }
  measure_report(&measure);
  return measure.errors == 0 ? 0 : 1;
}
