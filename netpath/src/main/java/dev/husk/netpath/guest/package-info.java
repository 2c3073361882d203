/**
 * The network of a guest: what {@code dhclient} and {@code ip} do elsewhere, done before {@code
 * main} by the JVM that is the guest's only program.
 *
 * <p>{@link dev.husk.netpath.guest.GuestBoot} is the face. It reads the kernel's command line
 * ({@code NetworkWords}) and starts a {@code GuestNetwork}; {@code KernelNetwork} is the one that
 * leaves packets to the kernel and tells it by {@code Netlink} what to do with them. {@code
 * DhcpClient} is a state machine that time and frames are given to, {@code LeaseKeeper} the thread
 * that wakes for it. Formats are values with {@code parse} and {@code emit}: {@code UdpFrame},
 * {@code DhcpMessage} with its {@code DhcpOptions}, and {@code NetlinkWriter} and {@code
 * NetlinkReader}. Bytes come and go through a {@code Port}.
 *
 * <p>All of this runs while the guest starts: neither lambdas nor anything else that is linked by
 * {@code invokedynamic}, and {@code java.base} only.
 */
@NullMarked
package dev.husk.netpath.guest;

import org.jspecify.annotations.NullMarked;
