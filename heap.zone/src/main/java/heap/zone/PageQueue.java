package heap.zone;

/**
 * A queue of chunks, or of addresses without frames, linked through the metadata of their pages.
 * Used under the lock of its zone.
 */
final class PageQueue {
  /** Stands for no page. */
  static final int NONE = -1;

  private final Regions regions;
  private int head = NONE;
  private int size;

  PageQueue(Regions regions) {
    this.regions = regions;
  }

  int head() {
    return head;
  }

  int size() {
    return size;
  }

  int next(int page) {
    return PageMeta.next(regions.link(page));
  }

  int before(int page) {
    return PageMeta.before(regions.link(page));
  }

  /** Takes over all of another queue. */
  void inherit(PageQueue other) {
    head = other.head;
    size = other.size;
    other.head = NONE;
    other.size = 0;
  }

  void push(int page) {
    int second = head;
    regions.link(page, PageMeta.link(second, NONE));
    if (second != NONE) {
      long[] words = regions.words(second);
      int at = regions.word(second) + 1;
      words[at] = PageMeta.link(PageMeta.next(words[at]), page);
    }
    head = page;
    size++;
  }

  void remove(int page) {
    long link = regions.link(page);
    int next = PageMeta.next(link);
    int before = PageMeta.before(link);
    if (before == NONE) {
      head = next;
    } else {
      regions.link(before, PageMeta.link(next, before(before)));
    }
    if (next != NONE) {
      regions.link(next, PageMeta.link(next(next), before));
    }
    size--;
  }
}
