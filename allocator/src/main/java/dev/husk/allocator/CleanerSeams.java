package dev.husk.allocator;

import static dev.husk.runtime.seam.Group.MEMORY;

import dev.husk.runtime.jdk.Trusted;
import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;
import jdk.internal.misc.Unsafe;
import jdk.internal.ref.Cleaner;

/**
 * Cleaners stay reachable by a list of the JDK's under one lock. That of a direct buffer is held by
 * its memory instead: by an entry of the slab, beside the block that it frees.
 */
public final class CleanerSeams {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long THUNK = U.objectFieldOffset(Cleaner.class, "thunk");

  /** Pointing to itself says, to the JDK's code too, that a cleaner is in no list. */
  private static final long NEXT = U.objectFieldOffset(Cleaner.class, "next");

  private static final Class<?> DEALLOCATOR = deallocator();
  private static final long ADDRESS = U.objectFieldOffset(DEALLOCATOR, "address");
  private static final long SIZE = U.objectFieldOffset(DEALLOCATOR, "size");
  private static final long CAPACITY = U.objectFieldOffset(DEALLOCATOR, "capacity");

  private CleanerSeams() {}

  private static Class<?> deallocator() {
    try {
      return Class.forName("java.nio.DirectByteBuffer$Deallocator", false, null);
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@code Cleaner.add}. */
  @Replaces(
      type = "jdk.internal.ref.Cleaner",
      method = "add",
      in = "jdk.internal.ref.Cleaner#create",
      group = MEMORY)
  public static Cleaner add(Cleaner cleaner) {
    Object thunk = U.getReference(cleaner, THUNK);
    if (thunk.getClass() == DEALLOCATOR) {
      long address = U.getLong(thunk, ADDRESS);
      Tenant tenant = PageMap.find(address);
      if (tenant != null) {
        U.putReference(cleaner, NEXT, cleaner);
        tenant.hold(address, cleaner);
        return cleaner;
      }
    }
    try {
      return (Cleaner) Originals.ADD.invokeExact(cleaner);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * {@code Cleaner.remove}: true for the one caller that is to clean.
   *
   * @return never true for a buffer of ours: what its cleaner would do is done here, in one go
   */
  @Replaces(
      type = "jdk.internal.ref.Cleaner",
      method = "remove",
      in = "jdk.internal.ref.Cleaner#clean",
      group = MEMORY)
  public static boolean remove(Cleaner cleaner) {
    Object thunk = U.getReference(cleaner, THUNK);
    if (thunk.getClass() == DEALLOCATOR && U.getReference(cleaner, NEXT) == cleaner) {
      Allocator.clean(
          cleaner, U.getLong(thunk, ADDRESS), U.getLong(thunk, SIZE), U.getInt(thunk, CAPACITY));
      return false;
    }
    try {
      return (boolean) Originals.REMOVE.invokeExact(cleaner);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static Error unexpected(Throwable e) {
    return e instanceof Error error ? error : new AssertionError(e);
  }

  /** Looked up when a mapped buffer, or one from before, first needs them. */
  private static final class Originals {
    static final MethodHandle ADD =
        Trusted.ofStatic(Cleaner.class, "add", Cleaner.class, Cleaner.class);
    static final MethodHandle REMOVE =
        Trusted.ofStatic(Cleaner.class, "remove", boolean.class, Cleaner.class);

    private Originals() {}
  }
}
