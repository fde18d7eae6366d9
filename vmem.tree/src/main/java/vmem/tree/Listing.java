package vmem.tree;

/** A copy of a tree's areas at one moment, in rising order, in primitive arrays. */
final class Listing {
  private final long[] bases;
  private final long[] sizes;
  private final long[] marks;

  /** Copies base and size, and 1 for imported spans as the mark. */
  Listing(Areas areas, AreaTree tree) {
    this(areas, tree, false);
  }

  private Listing(Areas areas, AreaTree tree, boolean lastWords) {
    int count = tree.count();
    this.bases = new long[count];
    this.sizes = new long[count];
    this.marks = new long[count];
    int area = tree.first();
    for (int i = 0; i < count; i++) {
      bases[i] = areas.start(area);
      sizes[i] = areas.size(area);
      marks[i] = lastWords ? areas.max(area) : areas.isImported(area) ? 1 : 0;
      area = tree.next(area);
    }
  }

  /** {@return a copy with the last words as the marks} */
  static Listing withLastWords(Areas areas, AreaTree tree) {
    return new Listing(areas, tree, true);
  }

  /** {@return the number of areas} */
  int count() {
    return bases.length;
  }

  /** {@return the first address of an area} */
  long base(int index) {
    return bases[index];
  }

  /** {@return the size of an area} */
  long size(int index) {
    return sizes[index];
  }

  /** {@return the mark of an area} */
  long mark(int index) {
    return marks[index];
  }
}
