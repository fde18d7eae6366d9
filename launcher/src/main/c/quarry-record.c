/*
 * Records a program's calls to its allocator: preloaded with LD_PRELOAD by `quarry record`.
 *
 * 1. The file is the buffer. Each thread maps a chunk of 64 KiB of the output file shared and
 *    writes records of 32 bytes straight into it. Nothing is left to be flushed when the program
 *    ends, so no event is lost however it ends: exit, _exit, exec, a signal. The memory used is one
 *    chunk per live thread, and none of it comes from the allocator that is watched.
 * 2. Order. A global counter numbers the records. A birth takes its number after the allocator has
 *    returned, a death before the allocator is called, a resize one of each. So whatever the
 *    threads do, the numbers never show a block born at an address before the block that was there
 *    has died. The importer sorts by number.
 * 3. Fork. All state lies on a page that the kernel wipes in the child (MADV_WIPEONFORK), which so
 *    finds itself without a file and opens one of its own, also after a bare clone(2). Where the
 *    kernel cannot do that, pthread_atfork does. exec starts anew: the name of the file gets a
 *    number if it exists.
 * 4. Reentrancy. dlsym may allocate before the real functions are known: that memory comes from a
 *    static buffer and is never given back. A depth per thread keeps calls that are made inside the
 *    allocator, or inside here, out of the record.
 * 5. The file is opened by its name for each chunk and closed at once: a program that closes all
 *    descriptors, or passes them on, neither breaks the recording nor writes into it. Disk space is
 *    allocated before a chunk is mapped, so a full disk ends the recording, not the program; what
 *    could not be recorded is counted in the file's header.
 *
 * Not done: resolving call sites (the trace format has none); programs that are statically linked
 * or bring an allocator whose names differ from the C library's.
 *
 * docs/formats.md describes the file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES 4096
#define CHUNK_BYTES 65536
#define PATH_BYTES 4096
#define POOL_CHUNKS 256
#define BOOT_BYTES (256 * 1024)
#define MOST_EXECS 10000

enum operation {
  MALLOC = 1,
  CALLOC = 2,
  ALIGNED = 3,
  FREE = 4,
  RESIZE_BEGIN = 5,
  RESIZE_END = 6,
  THREAD = 7
};

struct record {
  _Atomic uint64_t word; /* number << 8 | operation; 0 while it is not written */
  uint64_t address;
  uint64_t size;
  uint64_t extra;
};

struct header {
  char magic[16];
  uint32_t version;
  uint32_t pid;
  uint32_t parent;
  uint32_t chunk_bytes;
  uint64_t realtime_nanos;
  uint64_t monotonic_nanos;
  _Atomic uint64_t lost;
  uint64_t reserved;
  char program[1024];
};

struct span {
  struct record *at;
  struct record *end;
};

/* Wiped in a child; an epoch of 0 says so. */
struct state {
  _Atomic uint32_t epoch;
  atomic_int lock;
  atomic_int broken;
  _Atomic uint64_t number;
  uint64_t file_bytes;
  struct header *header;
  int pooled;
  struct span pool[POOL_CHUNKS];
  char path[PATH_BYTES];
};

struct thread {
  struct span span;
  uint32_t epoch;
  int depth;
};

static struct {
  void *(*malloc)(size_t);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  void (*free)(void *);
  void *(*memalign)(size_t, size_t);
  int (*posix_memalign)(void **, size_t, size_t);
} real;

static __thread struct thread self __attribute__((tls_model("initial-exec")));
static struct state *state;
static uint32_t epochs; /* survives fork, so that a child's epoch differs from its parent's */
static atomic_int stage; /* 0 nothing is known, 1 being resolved, 2 ready */
static pthread_key_t exit_key;
static char boot[BOOT_BYTES] __attribute__((aligned(4096)));
static _Atomic size_t booted;

static char prefix[PATH_BYTES]; /* a copy: programs write their titles over the environment */

static uint64_t nanos(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- memory for dlsym ---- */

static void *boot_allocate(size_t alignment, size_t bytes) {
  size_t old = atomic_load(&booted);
  size_t begin;
  do {
    begin = (old + 16 + alignment - 1) & ~(alignment - 1);
    if (begin > BOOT_BYTES || bytes > BOOT_BYTES - begin) {
      return NULL;
    }
  } while (!atomic_compare_exchange_weak(&booted, &old, begin + bytes));
  memcpy(boot + begin - sizeof(size_t), &bytes, sizeof(size_t));
  return boot + begin;
}

static int is_boot(const void *address) {
  return (const char *)address >= boot && (const char *)address < boot + BOOT_BYTES;
}

static size_t boot_size(const void *address) {
  size_t bytes;
  memcpy(&bytes, (const char *)address - sizeof(size_t), sizeof(size_t));
  return bytes;
}

/* ---- the file ---- */

/* All numbers of a path are small; printf might allocate. */
static char *append(char *at, const char *end, const char *text) {
  while (*text && at < end) {
    *at++ = *text++;
  }
  *at = 0;
  return at;
}

static char *append_number(char *at, const char *end, unsigned number) {
  char digits[16];
  int i = 15;
  digits[i] = 0;
  do {
    digits[--i] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  return append(at, end, digits + i);
}

static int create_file(void) {
  const char *end = state->path + PATH_BYTES - 1;
  char *base = append(append(state->path, end, prefix), end, ".");
  base = append_number(base, end, (unsigned)getpid());
  int fd = open(state->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  for (unsigned i = 1; fd < 0 && errno == EEXIST && i < MOST_EXECS; i++) {
    append_number(append(base, end, "."), end, i);
    fd = open(state->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  }
  return fd;
}

/* Makes the file longer by that much, on disk, too: writing to a map must not fail later. */
static int extend(int fd, uint64_t from, uint64_t bytes) {
  if (fallocate(fd, 0, (off_t)from, (off_t)bytes) == 0) {
    return 1;
  }
  static const char zeros[4096];
  for (uint64_t done = 0; done < bytes; done += sizeof zeros) {
    if (pwrite(fd, zeros, sizeof zeros, (off_t)(from + done)) != (ssize_t)sizeof zeros) {
      return 0;
    }
  }
  return 1;
}

static void *map_file(int fd, uint64_t from, uint64_t bytes) {
  if (!extend(fd, from, bytes)) {
    return NULL;
  }
  void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)from);
  return map == MAP_FAILED ? NULL : map;
}

static void fill_header(struct header *header) {
  header->version = 1;
  header->pid = (uint32_t)getpid();
  header->parent = (uint32_t)getppid();
  header->chunk_bytes = CHUNK_BYTES;
  header->realtime_nanos = nanos(CLOCK_REALTIME);
  header->monotonic_nanos = nanos(CLOCK_MONOTONIC);
  ssize_t length = readlink("/proc/self/exe", header->program, sizeof header->program - 1);
  header->program[length < 0 ? 0 : length] = 0;
  memcpy(header->magic, "QUARRYREC1\n", 11);
}

static void begin_file(void) {
  int fd = prefix[0] ? create_file() : -1;
  struct header *header = fd < 0 ? NULL : map_file(fd, 0, HEADER_BYTES);
  if (fd >= 0) {
    close(fd);
  }
  if (header) {
    fill_header(header);
    state->header = header;
    state->file_bytes = HEADER_BYTES;
  } else {
    atomic_store(&state->broken, 1);
  }
  atomic_store(&state->epoch, ++epochs);
}

/* ---- chunks ---- */

static void lock(void) {
  while (atomic_exchange_explicit(&state->lock, 1, memory_order_acquire)) {
    sched_yield();
  }
}

static void unlock(void) {
  atomic_store_explicit(&state->lock, 0, memory_order_release);
}

static void write_record(enum operation operation, uint64_t address, uint64_t size,
                         uint64_t extra) {
  struct record *record = self.span.at++;
  uint64_t number = atomic_fetch_add(&state->number, 1);
  record->address = address;
  record->size = size;
  record->extra = extra;
  atomic_store_explicit(&record->word, number << 8 | operation, memory_order_release);
}

static struct span new_chunk(void) {
  struct span span = {NULL, NULL};
  int fd = open(state->path, O_RDWR | O_CLOEXEC);
  struct record *chunk = fd < 0 ? NULL : map_file(fd, state->file_bytes, CHUNK_BYTES);
  if (fd >= 0) {
    close(fd);
  }
  if (chunk) {
    state->file_bytes += CHUNK_BYTES;
    span.at = chunk;
    span.end = chunk + CHUNK_BYTES / sizeof(struct record);
  }
  return span;
}

static void leave_chunk(void) {
  if (self.span.end) {
    munmap(self.span.end - CHUNK_BYTES / sizeof(struct record), CHUNK_BYTES);
  }
  self.span.at = self.span.end = NULL;
}

/* Gets the thread a chunk with room for a record. Called with the thread's depth raised. */
static int take_chunk(void) {
  int error = errno;
  /* In a child this is the chunk of a parent's thread: not to be written, but unmapped. */
  leave_chunk();
  lock();
  if (atomic_load(&state->epoch) == 0) {
    begin_file();
  }
  self.epoch = atomic_load(&state->epoch);
  if (!atomic_load(&state->broken)) {
    self.span = state->pooled > 0 ? state->pool[--state->pooled] : new_chunk();
    if (!self.span.at) {
      atomic_store(&state->broken, 1);
    }
  }
  unlock();
  if (self.span.at) {
    pthread_setspecific(exit_key, &self);
    write_record(THREAD, nanos(CLOCK_MONOTONIC), (uint64_t)syscall(SYS_gettid), 0);
  }
  errno = error;
  return self.span.at != NULL;
}

/* What a thread leaves of its chunk is for the next one. */
static void thread_exit(void *unused) {
  (void)unused;
  if (!self.span.at || self.epoch != atomic_load(&state->epoch)) {
    return;
  }
  lock();
  /* A thread's own record and one more must fit. */
  if (state->pooled < POOL_CHUNKS && self.span.end - self.span.at >= 2) {
    state->pool[state->pooled++] = self.span;
    self.span.at = self.span.end = NULL;
  }
  unlock();
  leave_chunk();
}

static void lose(void) {
  if (state->header) {
    atomic_fetch_add(&state->header->lost, 1);
  }
}

static void note(enum operation operation, const void *address, size_t size, size_t extra) {
  if (__builtin_expect(self.depth > 0, 0)) {
    return;
  }
  uint32_t epoch = atomic_load_explicit(&state->epoch, memory_order_relaxed);
  if (__builtin_expect(self.span.at == self.span.end || self.epoch != epoch || epoch == 0, 0)) {
    if (epoch != 0 && atomic_load(&state->broken)) {
      lose();
      return;
    }
    self.depth++;
    int good = take_chunk();
    self.depth--;
    if (!good) {
      lose();
      return;
    }
  }
  write_record(operation, (uint64_t)(uintptr_t)address, size, extra);
}

/* ---- beginning ---- */

static void in_child(void) {
  memset(state, 0, sizeof *state);
}

static void resolve(void) {
  real.malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  real.calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
  real.realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  real.free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
  real.memalign = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "memalign");
  real.posix_memalign = (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
}

static void set_up(void) {
  const char *wanted = getenv("QUARRY_RECORD");
  append(prefix, prefix + PATH_BYTES - 64, wanted ? wanted : ""); /* 64: number and execution */
  size_t bytes = (sizeof(struct state) + 4095) & ~(size_t)4095;
  state = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (state == MAP_FAILED) {
    static struct state fallback;
    state = &fallback;
    pthread_atfork(NULL, NULL, in_child);
  } else if (madvise(state, bytes, MADV_WIPEONFORK) != 0) {
    pthread_atfork(NULL, NULL, in_child);
  }
  pthread_key_create(&exit_key, thread_exit);
}

/* Returns whether the real functions are known. */
static int ready(void) {
  if (__builtin_expect(atomic_load_explicit(&stage, memory_order_acquire) == 2, 1)) {
    return 1;
  }
  int nothing = 0;
  if (!atomic_compare_exchange_strong(&stage, &nothing, 1)) {
    return 0;
  }
  int error = errno;
  self.depth++;
  resolve();
  set_up();
  self.depth--;
  errno = error;
  atomic_store_explicit(&stage, 2, memory_order_release);
  return 1;
}

__attribute__((constructor)) static void construct(void) {
  ready();
}

/* ---- what programs call ---- */

#define EXPORT __attribute__((visibility("default")))

EXPORT void *malloc(size_t size) {
  if (!ready()) {
    return boot_allocate(16, size);
  }
  self.depth++;
  void *block = real.malloc(size);
  self.depth--;
  if (block) {
    note(MALLOC, block, size, 0);
  }
  return block;
}

EXPORT void *calloc(size_t count, size_t size) {
  if (!ready()) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : boot_allocate(16, bytes);
  }
  self.depth++;
  void *block = real.calloc(count, size);
  self.depth--;
  if (block) {
    note(CALLOC, block, size, count);
  }
  return block;
}

EXPORT void free(void *block) {
  if (!block || is_boot(block) || !ready()) {
    return;
  }
  note(FREE, block, 0, 0);
  self.depth++;
  real.free(block);
  self.depth--;
}

static void *move_from_boot(void *old, size_t size) {
  void *block = malloc(size);
  if (block) {
    size_t kept = boot_size(old);
    memcpy(block, old, kept < size ? kept : size);
  }
  return block;
}

EXPORT void *realloc(void *old, size_t size) {
  if (!old) {
    return malloc(size);
  }
  if (is_boot(old) || !ready()) {
    return move_from_boot(old, size);
  }
  note(RESIZE_BEGIN, old, 0, 0);
  self.depth++;
  void *block = real.realloc(old, size);
  self.depth--;
  note(RESIZE_END, block, size, (size_t)(uintptr_t)old);
  return block;
}

EXPORT void *reallocarray(void *old, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(old, bytes);
}

EXPORT void *memalign(size_t alignment, size_t size) {
  if (!ready()) {
    return boot_allocate(alignment < 16 ? 16 : alignment, size);
  }
  self.depth++;
  void *block = real.memalign(alignment, size);
  self.depth--;
  if (block) {
    /* The C library rounds up what is no power of two. */
    size_t power = 1;
    while (power < alignment) {
      power <<= 1;
    }
    note(ALIGNED, block, size, power);
  }
  return block;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t size) {
  if (!ready()) {
    *block = boot_allocate(alignment < 16 ? 16 : alignment, size);
    return *block ? 0 : ENOMEM;
  }
  self.depth++;
  int error = real.posix_memalign(block, alignment, size);
  self.depth--;
  if (error == 0 && *block) {
    note(ALIGNED, *block, size, alignment);
  }
  return error;
}

EXPORT void *valloc(size_t size) {
  return memalign((size_t)sysconf(_SC_PAGESIZE), size);
}

EXPORT void *pvalloc(size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (size > SIZE_MAX - page) {
    errno = ENOMEM;
    return NULL;
  }
  return memalign(page, (size + page - 1) & ~(page - 1));
}
