package dev.husk.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A registration of a descriptor in an event queue, such as a selector's. While the descriptor is
 * the kernel's alone so is the registration; when it gets an {@link Endpoint}, {@link #attached}
 * says that events come from there.
 */
public abstract class Watch {
  /** The next of the same endpoint; changed under the endpoint's monitor. */
  volatile @Nullable Watch next;

  /** The next of the same descriptor; changed under the descriptor's monitor. */
  @Nullable Watch nextOfDescriptor;

  /** Where it is noted. */
  final Descriptor descriptor;

  /**
   * Notes a registration.
   *
   * @param fd the watched descriptor
   * @throws IllegalArgumentException for a number that can't be a descriptor's
   */
  protected Watch(int fd) {
    Descriptor of = Descriptors.of(fd);
    if (of == null) {
      throw new IllegalArgumentException("descriptor " + fd + " is out of range");
    }
    descriptor = of;
  }

  /** Enters it; returns the endpoint that serves the descriptor, or null for the kernel alone. */
  protected final @Nullable Endpoint enter() {
    return descriptor.enter(this);
  }

  /** Takes it out. */
  protected final void leave() {
    descriptor.leave(this);
  }

  /** The watched descriptor's number. */
  protected final int fd() {
    return descriptor.fd;
  }

  /** The endpoint may have become ready for these events; on the thread that made it so. */
  protected abstract void changed(int events);

  /** The descriptor has got an endpoint after the registration was entered. */
  protected abstract void attached(Endpoint endpoint);

  /** The descriptor is closed. */
  protected abstract void closed();
}
