package dev.husk.rewriter;

import org.jspecify.annotations.Nullable;

/**
 * Class files by name, so that the rewriter can see whether a class inherits a seam's target.
 *
 * <p>{@code class Worker extends Thread} calls {@code currentThread()} as {@code
 * Worker.currentThread()}: that is what compilers write for an inherited member. The rewriter asks
 * for the class file of such an owner, and of those above it up to the seam's type, only where the
 * name and the descriptor of the call fit a seam. An implementation must not load a class.
 */
public interface Supers {

  /** Knows no class: members inherited through another class than the rewritten one stay. */
  Supers NONE =
      new Supers() {
        @Override
        public byte @Nullable [] classFile(String internalName) {
          return null;
        }
      };

  /** The bytes of the class {@code internalName} as its loader would see it, or null. */
  byte @Nullable [] classFile(String internalName);
}
