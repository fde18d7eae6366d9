package bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Java's own memory outside of its heap, and a pool of it. */
final class ObjectContenders {
  private ObjectContenders() {}

  /** One confined arena per block, which is how the JDK frees single blocks. */
  static final class Confined extends Contender {
    private final @Nullable Arena[] arenas = new @Nullable Arena[PLACES];

    @Override
    @SuppressWarnings("MustBeClosedChecker") // it is closed when its place is emptied
    void allocate(int place, int bytes) {
      Arena arena = Arena.ofConfined();
      arena.allocate(bytes, 16);
      arenas[place] = arena;
    }

    @Override
    void free(int place) {
      Arena arena = arenas[place];
      if (arena != null) {
        arena.close();
      }
    }
  }

  /** Direct buffers, which the garbage collector frees: its work is in the figure. */
  static final class Direct extends Contender {
    private final @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[PLACES];

    @Override
    void allocate(int place, int bytes) {
      buffers[place] = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    void free(int place) {
      buffers[place] = null;
    }
  }

  /** Netty's pooled direct buffers with its defaults. */
  static final class Netty extends Contender {
    private final @Nullable ByteBuf[] buffers = new @Nullable ByteBuf[PLACES];

    @Override
    void allocate(int place, int bytes) {
      buffers[place] = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }

    @Override
    void free(int place) {
      ByteBuf buffer = buffers[place];
      if (buffer != null) {
        buffer.release();
      }
    }
  }
}
