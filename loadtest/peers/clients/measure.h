// What the load clients share: a clock, the latencies of one run, and how a run is reported.
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Ends the program: nothing that was measured so far is worth reporting.
static inline _Noreturn void stop(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(70);
}

static inline uint64_t now_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// A whole number of an argument, between 1 and `most`.
static inline long number_argument(const char *name, const char *text, long most) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || *end != 0 || end == text || value < 1 || value > most) {
    fprintf(stderr, "%s is '%s': a whole number from 1 to %ld is expected\n", name, text, most);
    exit(64);
  }
  return value;
}

/// Every latency of a run, kept as it is: a run has a few million answers at most.
struct measure {
  uint64_t started;
  uint64_t ended;
  uint32_t *microseconds;
  size_t count;
  size_t room;
  size_t errors;
  char first_error[256];
};

static inline void measure_start(struct measure *measure) {
  memset(measure, 0, sizeof *measure);
  measure->room = 1 << 16;
  measure->microseconds = malloc(measure->room * sizeof *measure->microseconds);
  if (measure->microseconds == NULL) stop("malloc", strerror(errno));
  measure->started = measure->ended = now_nanoseconds();
}

/// One answer, asked for at `asked`.
static inline void measure_answer(struct measure *measure, uint64_t asked, uint64_t answered) {
  if (measure->count == measure->room) {
    measure->room *= 2;
    measure->microseconds =
        realloc(measure->microseconds, measure->room * sizeof *measure->microseconds);
    if (measure->microseconds == NULL) stop("realloc", strerror(errno));
  }
  measure->microseconds[measure->count++] = (uint32_t)((answered - asked) / 1000);
  measure->ended = answered;
}

static inline void measure_error(struct measure *measure, const char *text, size_t length) {
  if (measure->errors++ > 0) return;
  if (length > sizeof measure->first_error - 1) length = sizeof measure->first_error - 1;
  for (size_t i = 0; i < length; i++) {
    char byte = text[i];
    int is_plain = byte >= ' ' && byte < 127 && byte != '"' && byte != '\\';
    measure->first_error[i] = is_plain ? byte : '?';
  }
}

static int measure_compare(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static inline uint32_t measure_quantile(const struct measure *measure, double fraction) {
  if (measure->count == 0) return 0;
  return measure->microseconds[(size_t)(fraction * (double)(measure->count - 1))];
}

/// Prints the run as one JSON object.
static inline void measure_report(struct measure *measure) {
  qsort(measure->microseconds, measure->count, sizeof *measure->microseconds, measure_compare);
  double seconds = (double)(measure->ended - measure->started) / 1e9;
  printf("{\"answers\":%zu,\"seconds\":%.6f,\"perSecond\":%.1f,\"p50\":%u,\"p99\":%u,"
         "\"max\":%u,\"errors\":%zu,\"firstError\":\"%s\"}\n",
         measure->count, seconds, measure->count == 0 ? 0 : (double)measure->count / seconds,
         measure_quantile(measure, 0.5), measure_quantile(measure, 0.99),
         measure_quantile(measure, 1), measure->errors, measure->first_error);
}
