package trace;

/** What a function of the C or C++ library does to the heap. */
enum HeapCall {
  /** {@code malloc(SIZE)}, {@code operator new(SIZE)}. */
  MALLOC,
  /** {@code calloc(COUNT, SIZE)}. */
  CALLOC,
  /** {@code realloc(OLD, SIZE)}. */
  REALLOC,
  /** {@code reallocarray(OLD, COUNT, SIZE)}. */
  REALLOCARRAY,
  /** {@code memalign(ALIGNMENT, SIZE)}, {@code aligned_alloc(ALIGNMENT, SIZE)}. */
  MEMALIGN,
  /** {@code valloc(SIZE)}, {@code pvalloc(SIZE)}: a page is the alignment. */
  VALLOC,
  /** {@code free(ADDRESS)}, {@code operator delete(ADDRESS)}. */
  FREE,
  /** {@code posix_memalign}: stores the address where no log shows it. */
  HIDDEN,
  /** All others. */
  OTHER;

  /** Bytes of a page on most machines, which {@code valloc} aligns to. */
  static final long PAGE = 4096;

  static HeapCall of(String function) {
    int at = function.indexOf('@');
    String name = at < 0 ? function : function.substring(0, at);
    return switch (name) {
      case "malloc" -> MALLOC;
      case "calloc" -> CALLOC;
      case "realloc" -> REALLOC;
      case "reallocarray" -> REALLOCARRAY;
      case "memalign", "aligned_alloc" -> MEMALIGN;
      case "valloc", "pvalloc" -> VALLOC;
      case "free", "cfree" -> FREE;
      case "posix_memalign" -> HIDDEN;
      default -> cplusplus(name);
    };
  }

  /** The Itanium ABI's names of the operators, or what they look like demangled. */
  private static HeapCall cplusplus(String name) {
    if (name.startsWith("_Znw") || name.startsWith("_Zna") || name.startsWith("operator new")) {
      return MALLOC;
    }
    boolean delete =
        name.startsWith("_Zdl") || name.startsWith("_Zda") || name.startsWith("operator delete");
    return delete ? FREE : OTHER;
  }
}
