package dev.husk.it.scenarios;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** Has off-heap memory for management tools to look at; what it does is its argument. */
final class ManagedMemoryProgram {
  private static final int KB = 1024;

  private ManagedMemoryProgram() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "stay" -> stay();
      case "back" -> back();
      case "limit" -> limit();
      case "wait" -> {
        System.out.println("waits");
        Thread.sleep(600_000);
      }
      default -> System.out.println("nothing");
    }
  }

  /** Prints the bean, then stays. */
  private static void stay() throws Exception {
    List<ByteBuffer> held = hold();
    print("", bean());
    System.out.println("ready");
    Thread.sleep(600_000);
    System.out.println(held.size());
  }

  /** 1000 blocks of 4 KB, 100 of 1 KB and one of 1 MB; and what the C library gets first. */
  private static List<ByteBuffer> hold() {
    List<ByteBuffer> held = buffers(200, 64);
    held.addAll(buffers(1000, 4 * KB));
    held.addAll(buffers(100, KB));
    held.addAll(buffers(1, KB * KB));
    return held;
  }

  private static List<ByteBuffer> buffers(int count, int bytes) {
    List<ByteBuffer> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(ByteBuffer.allocateDirect(bytes));
    }
    return made;
  }

  /** Prints the bean with memory in use, and once all of it has gone back. */
  private static void back() throws Exception {
    List<ByteBuffer> held = hold();
    print("before ", bean());
    held.clear();
    awaitReturned(4_000_000);
    print("after ", bean());
  }

  /** Waits until the kernel has got so many bytes back; memory has to stay unused for a second. */
  private static void awaitReturned(long bytes) throws Exception {
    System.gc();
    for (int i = 0; i < 400 && (long) bean().get("Returned") < bytes; i++) {
      Help.pause(50);
    }
  }

  private static Map<String, Object> bean() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("dev.husk:type=Memory");
    Map<String, Object> values = new TreeMap<>();
    for (var attribute : server.getMBeanInfo(name).getAttributes()) {
      Object value = server.getAttribute(name, attribute.getName());
      if (value instanceof TabularData table) {
        for (Object row : table.values()) {
          CompositeData pair = (CompositeData) row;
          values.put(pair.get("key") + "", pair.get("value"));
        }
      } else {
        values.put(attribute.getName(), value);
      }
    }
    return values;
  }

  private static void print(String prefix, Map<String, Object> values) {
    values.forEach((name, value) -> System.out.println(prefix + name + "=" + value));
  }

  /**
   * Comes to a limit of 16 MB twice: the first time the collector finds what it can have, then
   * nothing is to be had. Then all of it goes back.
   */
  private static void limit() throws Exception {
    for (int i = 0; i < 300; i++) {
      ByteBuffer.allocateDirect(64 * KB);
    }
    System.out.println("garbage made room");
    List<ByteBuffer> held = new ArrayList<>();
    System.out.println(
        Help.thrown(
            () -> {
              while (true) {
                held.add(ByteBuffer.allocateDirect(64 * KB));
              }
            }));
    System.out.println("held " + (held.size() > 200));
    held.clear();
    awaitReturned(1_000_000);
  }
}
