package trace.ranges;

/** What a system call does to an address space. */
enum SystemCall {
  /** {@code mmap(ADDRESS, SIZE, PROTECTION, FLAGS, FILE, OFFSET)}. */
  MMAP,
  /** {@code munmap(ADDRESS, SIZE)}. */
  MUNMAP,
  /** {@code mremap(ADDRESS, SIZE, NEW_SIZE, FLAGS)}. */
  MREMAP,
  /** {@code mprotect(ADDRESS, SIZE, PROTECTION)}. */
  MPROTECT,
  /** {@code brk(ADDRESS)}. */
  BRK,
  /** A new process or thread. */
  CLONE,
  /** Another program in this process. */
  EXEC,
  /** All others. */
  OTHER;

  static SystemCall of(String name) {
    return switch (name) {
      case "mmap", "mmap2", "old_mmap" -> MMAP;
      case "munmap" -> MUNMAP;
      case "mremap" -> MREMAP;
      case "mprotect", "pkey_mprotect" -> MPROTECT;
      case "brk" -> BRK;
      case "clone", "clone2", "clone3", "fork", "vfork" -> CLONE;
      case "execve", "execveat" -> EXEC;
      default -> OTHER;
    };
  }
}
