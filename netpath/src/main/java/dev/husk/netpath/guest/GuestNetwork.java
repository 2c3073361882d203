package dev.husk.netpath.guest;

import java.io.IOException;

/**
 * Who carries a guest's packets. It finds the devices and sets them up before the app starts, and
 * keeps what has to be kept up, such as a lease.
 */
interface GuestNetwork {
  /**
   * Connects the guest, or tells on stderr what keeps it from being connected.
   *
   * @param words what the command line asks for
   * @return what is set up; no addresses where the guest starts without
   * @throws IOException where not even loopback works
   */
  NetworkConfig start(NetworkWords words) throws IOException;
}
