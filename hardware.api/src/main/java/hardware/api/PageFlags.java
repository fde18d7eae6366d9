package hardware.api;

/** Permissions and kinds of a mapping, independent of a page-table format; combined by OR. */
public final class PageFlags {
  /** Writes are allowed. */
  public static final int WRITABLE = 1;

  /** User mode may access. */
  public static final int USER = 1 << 1;

  /** Instructions may be fetched. */
  public static final int EXECUTABLE = 1 << 2;

  /** The translation is the same in every address space and survives a switch. */
  public static final int GLOBAL = 1 << 3;

  /** Larger leaves are used wherever address, frame and length allow. */
  public static final int LARGE = 1 << 4;

  /** What kernel data has: writable and global, neither user nor executable. */
  public static final int KERNEL_DATA = WRITABLE | GLOBAL;

  /** What user data has: writable by user mode, not executable. */
  public static final int USER_DATA = WRITABLE | USER;

  private PageFlags() {}
}
