package dev.husk.bench.probe;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Locale;
import sun.misc.Unsafe;

/** The ways to off-heap memory that the memory probes compare. */
@SuppressWarnings("removal")
public enum OffHeapLoop {
  /** {@code ByteBuffer.allocateDirect} and {@code invokeCleaner}. */
  DIRECT {
    @Override
    public long pairs(int bytes, int count) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        sum += buffer.capacity();
        U.invokeCleaner(buffer);
      }
      return sum;
    }
  },

  /** {@code sun.misc.Unsafe}. */
  UNSAFE {
    @Override
    public long pairs(int bytes, int count) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        long address = U.allocateMemory(bytes);
        sum += address;
        U.freeMemory(address);
      }
      return sum;
    }
  },

  /** {@code malloc} and {@code free} of C, called as critical functions. */
  MALLOC {
    @Override
    public long pairs(int bytes, int count) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        long address = Libc.malloc(bytes);
        sum += address;
        Libc.free(address);
      }
      return sum;
    }

    @Override
    long allocate(int bytes) {
      return Libc.malloc(bytes);
    }

    @Override
    void free(long address) {
      Libc.free(address);
    }
  },

  /** Netty's pooled allocator. */
  NETTY_POOLED {
    @Override
    public long pairs(int bytes, int count) {
      return through(PooledByteBufAllocator.DEFAULT, bytes, count);
    }
  },

  /** Netty's adaptive allocator. */
  NETTY_ADAPTIVE {
    @Override
    public long pairs(int bytes, int count) {
      return through(Adaptive.ALLOCATOR, bytes, count);
    }
  },

  /** Nothing but the zeroing that a direct buffer of that size needs: a floor. */
  ZEROING {
    @Override
    public long pairs(int bytes, int count) {
      long address = U.allocateMemory(bytes);
      for (int i = 0; i < count; i++) {
        U.setMemory(address, bytes, (byte) 0);
      }
      U.freeMemory(address);
      return address;
    }
  };

  private static final Unsafe U = unsafe();

  /** Allocates and frees so many times; returns something that depends on all of it. */
  public abstract long pairs(int bytes, int count);

  /** Allocates; {@link #UNSAFE} and {@link #MALLOC} only. */
  long allocate(int bytes) {
    return U.allocateMemory(bytes);
  }

  /** Frees what {@link #allocate} has given. */
  void free(long address) {
    U.freeMemory(address);
  }

  /** Writes to each page of a block, as its user would. */
  static void touch(long address, int bytes) {
    for (int at = 0; at < bytes; at += 4096) {
      U.putByte(address + at, (byte) 1);
    }
    U.putByte(address + bytes - 1, (byte) 1);
  }

  /** By its name, such as {@code netty-pooled}. */
  public static OffHeapLoop of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static long through(ByteBufAllocator allocator, int bytes, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      ByteBuf buffer = allocator.directBuffer(bytes, bytes);
      sum += buffer.capacity();
      buffer.release();
    }
    return sum;
  }

  private static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Adaptive {
    static final ByteBufAllocator ALLOCATOR = new AdaptiveByteBufAllocator();

    private Adaptive() {}
  }

  /** The C library's functions, or those of the library {@code -Dmalloc.library}. */
  private static final class Libc {
    private static final MethodHandle MALLOC =
        link("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
        link("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private Libc() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      String library = System.getProperty("malloc.library");
      SymbolLookup lookup =
          library == null
              ? linker.defaultLookup()
              : SymbolLookup.libraryLookup(library, Arena.global());
      MemorySegment symbol = lookup.findOrThrow(name);
      return linker.downcallHandle(symbol, descriptor, Linker.Option.critical(false));
    }

    static long malloc(long bytes) {
      try {
        return (long) MALLOC.invokeExact(bytes);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    static void free(long address) {
      try {
        FREE.invokeExact(address);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
