/*
 * Threads that allocate, resize and free one another's blocks, and a fork in the midst of it.
 * Prints for parent and child the calls that each made: "PID births resizes frees".
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 6
#define ROUNDS 40000
#define SHARED 64

static _Atomic(void *) shared[SHARED];
static _Atomic long births, resizes, frees;

static void *allocate(uint64_t random) {
  size_t size = random % 3000 + 1;
  atomic_fetch_add(&births, 1);
  switch (random >> 20 & 7) {
    case 0: return calloc(3, size);
    case 1: return memalign(64, size);
    case 2: return aligned_alloc(32, size / 32 * 32 + 32);
    case 3: {
      void *block = NULL;
      return posix_memalign(&block, 128, size) == 0 ? block : NULL;
    }
    default: return malloc(size);
  }
}

static void put_back(int at, void *block) {
  void *old = atomic_exchange(&shared[at], block);
  if (old) {
    atomic_fetch_add(&frees, 1);
    free(old);
  }
}

static void *work(void *seed) {
  uint64_t x = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u + 1;
  for (int i = 0; i < ROUNDS; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    int at = (int)(x >> 40) % SHARED;
    void *block = atomic_exchange(&shared[at], NULL);
    if (block && x % 3 == 0) {
      atomic_fetch_add(&resizes, 1);
      block = realloc(block, x % 5000 + 1);
    } else if (block) {
      atomic_fetch_add(&frees, 1);
      free(block);
      block = NULL;
    } else {
      block = allocate(x);
    }
    put_back(at, block);
  }
  return NULL;
}

static void report(void) {
  char line[100];
  int length = snprintf(line, sizeof line, "%d %ld %ld %ld\n", getpid(), atomic_load(&births),
                        atomic_load(&resizes), atomic_load(&frees));
  if (write(1, line, (size_t)length) < 0) {
    _exit(1);
  }
}

int main(void) {
  pthread_t threads[THREADS];
  for (long i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, work, (void *)(i + 1));
  }
  usleep(2000);
  pid_t child = fork();
  if (child == 0) {
    births = resizes = frees = 0;
    for (int i = 0; i < SHARED; i++) {
      atomic_store(&shared[i], NULL); /* the parent's blocks stay */
    }
    work((void *)99);
    report();
    _exit(0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  waitpid(child, NULL, 0);
  report();
  _exit(0); /* nothing is flushed or freed on the way out */
}
