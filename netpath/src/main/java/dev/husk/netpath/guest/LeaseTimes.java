package dev.husk.netpath.guest;

/**
 * How long an address may be used, in seconds since it was asked for (RFC 2131, section 4.4.5).
 *
 * @param renewal T1, when its server is asked for more
 * @param rebinding T2, when any server is
 * @param expiry when it ends, {@link #FOREVER} where it doesn't
 */
record LeaseTimes(long renewal, long rebinding, long expiry) {
  /** The time that doesn't end, in DHCP as in the kernel. */
  static final long FOREVER = 0xffff_ffffL;

  /** A server's times, or the standard's own for those that are missing (0) or make no sense. */
  static LeaseTimes of(long renewal, long rebinding, long expiry) {
    return 0 < renewal && renewal < rebinding && rebinding < expiry
        ? new LeaseTimes(renewal, rebinding, expiry)
        : new LeaseTimes(Math.max(1, expiry / 2), Math.max(1, expiry * 7 / 8), expiry);
  }

  boolean isForever() {
    return expiry == FOREVER;
  }
}
