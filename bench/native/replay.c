/* Replays a Quarry trace (docs/formats.md, section 1; plain text on standard input) with the malloc of the process, for
 * comparison. Events are parsed first, into arrays; blocks are not written to, but for what calloc and realloc do.
 *
 *   gunzip -c app.trace.gz | ./replay [RUNS]      makes RUNS runs (5) and prints the best and the median
 *
 * A line "x" among the events is no event but a request: run what was read before it, print the nanoseconds on a line.
 * So a parent process can alternate runs of several replayers. Each run is made by a child of its own: its malloc holds
 * nothing yet, as Quarry's machine is switched on for each replay. A line "y" asks for two runs in one child and for
 * the time of the second, whose malloc still holds the memory of the first; blocks that leaked are freed in between.
 * Other mallocs: LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2 ./replay */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct event { char kind; unsigned id, old; size_t n, size; };

/* Our own tables come straight from the system, so that the malloc under test begins with nothing. */
static void *table(void *old, size_t from, size_t to) {
  void *t = old ? mremap(old, from, to, MREMAP_MAYMOVE)
                : mmap(0, to, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (t == MAP_FAILED) { perror("replay: mmap"); exit(1); }
  return t;
}

static struct event *events;
static size_t count, room, ids;
static void **block;

static long run(void) {
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (struct event *e = events, *end = events + count; e < end; e++) {
    switch (e->kind) {
    case 'a': block[e->id] = malloc(e->size); break;
    case 'c': block[e->id] = calloc(e->n, e->size); break;
    case 'm': block[e->id] = memalign(e->n, e->size); break;
    case 'r': block[e->id] = realloc(block[e->old], e->size); block[e->old] = 0; break;
    default: free(block[e->id]); block[e->id] = 0;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  for (size_t i = 0; i < ids; i++) { free(block[i]); block[i] = 0; }
  return (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec;
}

/* Nanoseconds of the last of some runs in a child. Its tables are touched before the clock starts. */
static long child(int runs) {
  int ends[2], status;
  long ns = -1;
  if (pipe(ends) || fflush(stdout)) { perror("replay: pipe"); exit(1); }
  pid_t pid = fork();
  if (pid == 0) {
    block = table(0, 0, (ids + 1) * sizeof *block);
    memset(block, 0, (ids + 1) * sizeof *block);
    for (size_t i = 0; i < count; i++) ((volatile struct event *)events)[i].old = events[i].old;
    while (runs--) ns = run();
    _exit(write(ends[1], &ns, sizeof ns) != sizeof ns);
  }
  close(ends[1]);
  if (pid < 0 || read(ends[0], &ns, sizeof ns) != sizeof ns) { fputs("replay: the child died\n", stderr); exit(1); }
  close(ends[0]);
  waitpid(pid, &status, 0);
  return ns;
}

static int ascending(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  static char line[65536], in[1 << 16], out[1 << 12];
  int runs = argc > 1 ? atoi(argv[1]) : 5, asked = 0;
  setvbuf(stdin, in, _IOFBF, sizeof in);
  setvbuf(stdout, out, _IOLBF, sizeof out);
  while (fgets(line, sizeof line, stdin)) {
    unsigned long x[3] = {0};
    char *p = line + 1;
    if (line[0] == 'x' || line[0] == 'y') { printf("%ld\n", child(line[0] == 'x' ? 1 : 2)); asked = 1; continue; }
    if (!strchr("acmrf", line[0])) continue;  /* comments, threads: one thread runs them all */
    for (int i = 0; i < 3; i++) x[i] = strtoul(p, &p, 10);
    if (count == room) {
      size_t next = room ? 2 * room : 1 << 16;
      events = table(events, room * sizeof *events, next * sizeof *events);
      room = next;
    }
    struct event e = {line[0], x[0], 0, 0, x[1]};
    if (e.kind == 'r') { e.old = x[0]; e.id = x[1]; e.size = x[2]; }
    if (e.kind == 'c' || e.kind == 'm') { e.n = x[1]; e.size = x[2]; }
    events[count++] = e;
    if (e.id >= ids) ids = e.id + 1;
  }
  if (!asked && count && runs > 0 && runs <= 1000) {
    long ns[1000];
    for (int i = 0; i < runs; i++) ns[i] = child(1);
    qsort(ns, runs, sizeof *ns, ascending);
    printf("%zu events, %d runs: best %.1f, median %.1f ns per event\n", count, runs, (double)ns[0] / count,
           (double)ns[runs / 2] / count);
  }
  return 0;
}
