package kernel.lodge;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import heap.api.HeapEngine;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import kernel.backing.OwnedSpans;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one heap had handed out when it was relieved. Safe for use by several threads.
 */
public final class Lodging {
  /*
   * 1. A block that was handed out cannot move, and its new neighbours cannot describe it: a slab
   * knows no boundary tags. So it stays, as a lodger, in pages that the relieved engine held, and
   * the kernel answers for it. The pages say which lodging a block is of (PageOwners), so that a free
   * finds its way in O(1), however many swaps lie between.
   *
   * 2. What the kernel must know is where each block is and how long. The relieved engine knows; to
   * ask it for everything takes as long as there are blocks, and callers would wait. So the swap
   * commits first. The engine is frozen: nobody calls it any more but to read. Until its walk is
   * done, a lodger's size comes from it (usableSize, which also refuses what is no block), and a
   * lodger that is freed is noted as gone; the walk passes over those. After the walk the engine is
   * closed and its bundle can go. Who asks the engine holds a lock for reading, and the walk ends with
   * the lock held for writing: nobody is inside an engine that is closed, or whose pages go.
   *
   * 3. Tables. Sixty-four shards by address, each with a lock, so that the walk and the clients
   * rarely meet. An address is in the table with its size, or as gone, or not at all. What is gone
   * stays noted: a second free is refused.
   *
   * 4. Going home. Pages go back piece by piece, when no block reaches into a piece any more: not
   * before the walk is done, since until then nobody knows. At its end every piece without blocks
   * goes at once. Two threads may find a piece empty; who releases it looks at the owners under a
   * lock, so that it goes once.
   *
   * 5. A walk that fails, because the engine is broken, leaves the lodging as it is: the engine
   * stays, frees are checked against it, and the pages stay. Blocks are not lost; memory is.
   *
   * What was not done: nothing is joined or reused inside a lodging, so a heap with many short lives
   * behind it may hold pages for few blocks. That is what fragmentation is.
   */

  private static final int SHARDS = 64;
  private static final int SHARD_SHIFT = 12; // a page's blocks are neighbours in one shard

  private final String from;
  private final OwnedSpans spans;
  private final LodgerTable[] shards = new LodgerTable[SHARDS];
  private final PieceCounts pieces = new PieceCounts();
  private final Object releasing = new Object();
  private final ReadWriteLock asking = new ReentrantReadWriteLock(); // before any shard's lock
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile @Nullable HeapEngine engine;
  private volatile @Nullable String failure;
  private volatile boolean complete;
  private final CensusCount moved = new CensusCount(); // of the walk's thread
  private long strays; // of the walk's thread

  /**
   * Begins with an engine that is relieved.
   *
   * @param from who put the blocks there, for reports
   * @param engine the engine; nobody else calls it
   * @param spans the pages it holds
   */
  public Lodging(String from, HeapEngine engine, OwnedSpans spans) {
    this.from = from;
    this.engine = engine;
    this.spans = spans;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new LodgerTable();
    }
  }

  private LodgerTable shard(long address) {
    return shards[(int) (address >>> SHARD_SHIFT) & (SHARDS - 1)];
  }

  /** {@return who put the blocks there} */
  public String from() {
    return from;
  }

  /** {@return the number under which its pages are held} */
  public int owner() {
    return spans.owner();
  }

  /**
   * {@return the usable size of a lodger}
   *
   * @param address its address
   * @throws MisuseException if no lodger lives there
   */
  public long sizeOf(long address) {
    LodgerTable shard = shard(address);
    long known;
    synchronized (shard) {
      known = shard.get(address);
    }
    return known >= 0 ? known : sizeOfUnlisted(address, known);
  }

  private long sizeOfUnlisted(long address, long known) {
    if (known == LodgerTable.GONE) {
      throw stranger(address, "it was freed");
    }
    asking.readLock().lock();
    try {
      HeapEngine source = engine;
      if (source != null) {
        return source.usableSize(address);
      }
    } finally {
      asking.readLock().unlock();
    }
    // The walk may have ended between the two looks.
    long again;
    LodgerTable shard = shard(address);
    synchronized (shard) {
      again = shard.get(address);
    }
    if (again < 0) {
      throw stranger(address, again == LodgerTable.GONE ? "it was freed" : "no block begins there");
    }
    return again;
  }

  private MisuseException stranger(long address, String why) {
    return new MisuseException(
        "0x%x is no live block of the former heap %s: %s".formatted(address, from, why));
  }

  /**
   * Frees a lodger.
   *
   * @param address its address
   * @throws MisuseException if no lodger lives there; nothing has changed then
   */
  public void free(long address) {
    long size = sizeOf(address); // refuses strangers
    LodgerTable shard = shard(address);
    long known;
    synchronized (shard) {
      known = shard.get(address);
      if (known == LodgerTable.GONE) {
        throw stranger(address, "it was freed");
      }
      shard.put(address, LodgerTable.GONE);
    }
    if (known != LodgerTable.ABSENT) {
      leave(address, size);
    }
  }

  private void leave(long address, long size) {
    bytes.addAndGet(-size);
    blocks.decrementAndGet();
    pieces.remove(
        address,
        size,
        piece -> {
          if (complete) {
            releasePiece(piece);
          }
        });
  }

  private void releasePiece(long piece) {
    synchronized (releasing) {
      if (pieces.at(piece) != 0) {
        return;
      }
      long page = spans.pageBytes();
      for (long at = piece; at < piece + PieceCounts.BYTES; at += page) {
        if (spans.holds(at)) {
          long from = at;
          while (at + page < piece + PieceCounts.BYTES && spans.holds(at + page)) {
            at += page;
          }
          spans.releaseFor(from, at + page - from);
        }
      }
    }
  }

  /**
   * Lists all lodgers and lets go of the engine's pages that hold none. Called once, by one thread.
   *
   * @return the engine, to be closed; it is not called any more
   * @throws CorruptionException if the engine shows a block that cannot be; the lodging stays as it
   *     was, with the engine
   */
  public HeapEngine enumerate() {
    HeapEngine source = engine;
    if (source == null) {
      throw new IllegalStateException("the lodgers of " + from + " are listed already");
    }
    list(source::walk);
    return source;
  }

  /**
   * As {@link #enumerate}, but believes somebody else and not the engine.
   *
   * @param witness shows every live block
   */
  public void enumerateFrom(Consumer<RangeVisitor> witness) {
    list(witness);
  }

  private void list(Consumer<RangeVisitor> walk) {
    try {
      walk.accept(this::admit);
      if (strays != 0) {
        throw new CorruptionException(
            "heap %s showed %d blocks outside of its pages or twice".formatted(from, strays));
      }
    } catch (RuntimeException | Error e) {
      failure = e.toString();
      throw e;
    }
    complete = true;
    retire(); // before pages go, from which it would read
    sweep();
  }

  private void retire() {
    asking.writeLock().lock();
    try {
      engine = null;
    } finally {
      asking.writeLock().unlock();
    }
  }

  private boolean admit(long address, long size, long attributes) {
    LodgerTable shard = shard(address);
    moved.visit(address, size, attributes);
    if (!spans.holds(address) || !spans.holds(address + Math.max(1, size) - 1)) {
      strays++;
      return true;
    }
    synchronized (shard) {
      long known = shard.get(address);
      if (known == LodgerTable.GONE) {
        return true; // freed since the swap
      }
      strays += known == LodgerTable.ABSENT ? 0 : 1;
      pieces.add(address, size);
      bytes.addAndGet(size);
      blocks.incrementAndGet();
      shard.put(address, size);
    }
    return true;
  }

  private void sweep() {
    spans.forEach((base, size, attributes) -> {
      long end = base + size;
      for (long piece = base & -PieceCounts.BYTES; piece < end; piece += PieceCounts.BYTES) {
        if (pieces.at(piece) == 0) {
          releasePiece(piece);
        }
      }
      return true;
    });
  }

  /** {@return whether all lodgers are listed} */
  public boolean isComplete() {
    return complete;
  }

  /** {@return what went wrong when the lodgers were to be listed, or null} */
  public @Nullable String failure() {
    return failure;
  }

  /** {@return what was live when the engine was relieved; known when all lodgers are listed} */
  public CensusSummary censusAtSwap() {
    return moved.summary(0);
  }

  /** {@return the number of blocks listed and not freed} */
  public long blocks() {
    return blocks.get();
  }

  /** {@return their usable bytes} */
  public long bytes() {
    return bytes.get();
  }

  /** {@return the bytes of the pages that stay for them} */
  public long heldBytes() {
    return spans.bytes();
  }

  /** {@return whether it holds no block and no page any more} */
  public boolean isEmpty() {
    return complete && blocks.get() == 0 && spans.bytes() == 0;
  }

  /**
   * Shows the lodgers, each once, in no particular order. While they are not listed yet the engine
   * is asked.
   *
   * @param visitor receives address and usable size, and 0
   */
  public void walk(RangeVisitor visitor) {
    if (!walkEngine(visitor)) {
      walkTables(visitor);
    }
  }

  private boolean walkEngine(RangeVisitor visitor) {
    asking.readLock().lock();
    try {
      HeapEngine source = engine;
      if (source == null || complete) {
        return false;
      }
      source.walk(
          (address, size, attributes) -> isGone(address) || visitor.visit(address, size, 0));
      return true;
    } finally {
      asking.readLock().unlock();
    }
  }

  private boolean isGone(long address) {
    LodgerTable shard = shard(address);
    synchronized (shard) {
      return shard.get(address) == LodgerTable.GONE;
    }
  }

  private void walkTables(RangeVisitor visitor) {
    for (LodgerTable shard : shards) {
      synchronized (shard) {
        if (!shard.forEach((address, size) -> visitor.visit(address, size, 0))) {
          return;
        }
      }
    }
  }

  /** {@return the census of the lodgers} */
  public CensusSummary census() {
    CensusCount count = new CensusCount();
    walk(count);
    return count.summary(spans.bytes());
  }

  /** Gives the pages back whatever lives there; for the end of a system. */
  public void evict() {
    engine = null;
    spans.releaseAll();
  }

  /**
   * Counts blocks, bytes and pieces anew.
   *
   * @return the number of facts compared
   * @throws CorruptionException if they disagree
   */
  public long checkInvariants() {
    if (!complete) {
      return 0;
    }
    CensusCount count = new CensusCount();
    PieceCounts recount = new PieceCounts();
    walkTables((address, size, attributes) -> {
      recount.add(address, size);
      return count.visit(address, size, attributes);
    });
    CensusSummary found = count.summary(0);
    if (found.liveCount() != blocks.get() || found.liveUnits() != bytes.get()) {
      throw new CorruptionException(
          "lodgers of %s: %d blocks of %d bytes, counted %d of %d"
              .formatted(from, blocks.get(), bytes.get(), found.liveCount(), found.liveUnits()));
    }
    return found.liveCount() + comparePieces(recount);
  }

  private long comparePieces(PieceCounts recount) {
    long[] facts = {0};
    spans.forEach((base, size, attributes) -> {
      long end = base + size;
      for (long piece = base & -PieceCounts.BYTES; piece < end; piece += PieceCounts.BYTES) {
        if (recount.at(piece) != pieces.at(piece) || pieces.at(piece) == 0) {
          throw new CorruptionException(
              "lodgers of %s: piece 0x%x has %d blocks, counted %d"
                  .formatted(from, piece, pieces.at(piece), recount.at(piece)));
        }
        facts[0]++;
      }
      return true;
    });
    return facts[0];
  }
}
