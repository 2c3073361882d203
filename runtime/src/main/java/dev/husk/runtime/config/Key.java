package dev.husk.runtime.config;

import org.jspecify.annotations.Nullable;

/** The option keys, in the order of the help text. */
enum Key {
  HELP("help", "", "off", "usage", "Print this text instead of starting the app."),
  LOG(
      "log",
      "off|info|debug",
      "off",
      "level loglevel verbose trace",
      "How much Husk says on stderr. off: warnings only. info: what it took over and what it left"
          + " alone, and why. debug: each call site and each thread."),
  LOG_FILE(
      "log.file", "PATH", "stderr", "file logfile output", "Write the log to this file instead."),
  STATS(
      "stats",
      "on|off",
      "off",
      "statistics counters metrics",
      "Print counters at exit: threads served or left to the platform, switches, steals, timers."),
  CARRIERS(
      "carriers",
      "N",
      "one per processor",
      "cpus cores processors parallelism workers",
      "How many kernel threads run the app's threads. Fewer leave processors to others."),
  THREADS(
      "threads",
      "on|off",
      "on",
      "scheduler enabled",
      "Run the threads that the app starts on Husk's scheduler. off: the JVM's own threads."),
  MAIN(
      "main",
      "on|off",
      "on",
      "mainthread",
      "Run main() there, too. off if main() makes long native calls, or must be the kernel's first"
          + " thread (GUI toolkits)."),
  EXCLUDE(
      "exclude",
      "PATTERN;...",
      "nothing",
      "excludes ignore skip except",
      "Leave threads to the platform whose name, class or task class is like a pattern. '*' stands"
          + " for any text: exclude=io.netty.*;kafka-producer-*"),
  SOCKETS(
      "sockets",
      "on|off",
      "on",
      "socket network loopback inprocess",
      "Keep connections within this JVM in the process. off: the kernel's loopback carries them."
          + " Needs threads=on."),
  KERNEL_PORTS(
      "kernel.ports",
      "PORT;...",
      "none",
      "ports port loopback.off kernelports",
      "Ports whose connections stay on the kernel's loopback, where tcpdump sees them; single ones"
          + " and ranges: kernel.ports=8080;9000-9099"),
  PCAP(
      "pcap",
      "PATH",
      "none",
      "capture tcpdump wireshark trace.file",
      "Write the connections and datagrams that stay in the process to this file, for Wireshark and"
          + " tshark. Slow."),
  MEMORY(
      "memory",
      "on|off|checked",
      "on",
      "offheap direct allocator malloc buffers",
      "Serve the JVM's off-heap memory (direct buffers, arenas, Unsafe) from Husk's allocator. off:"
          + " the C library's. checked: look for double frees, writes past the end of a block and"
          + " after its free, and tell where it was allocated. Slow."),
  MEMORY_PAGES(
      "memory.pages",
      "auto|huge|small",
      "auto",
      "hugepages huge.pages hugepage huge thp hugetlb hugetlbfs pages pagesize",
      "The pages that off-heap memory is made of. auto: huge ones once a process uses tens of"
          + " megabytes, as the system offers them: from a hugetlbfs pool that has free ones, else"
          + " transparent ones where it says madvise or always. huge: from the start. small:"
          + " none."),
  MEMORY_SHARED(
      "memory.shared",
      "on|off",
      "off",
      "shared memfd share sharedmemory",
      "Take off-heap memory from one memfd, so that a device or another process can map it, too."
          + " Costs a tenth of a second at the start."),
  SLICE(
      "slice",
      "TIME",
      "10ms",
      "timeslice quantum",
      "How long a thread may run while others wait for its carrier. Shorter: quicker answers beside"
          + " busy threads. Longer: fewer switches. Units: us, ms, s."),
  SPARES(
      "spares",
      "N",
      "256",
      "spare maxspares compensation",
      "How many extra kernel threads may stand in for carriers that are held up in native code.");

  private static final Key[] ALL = values();

  /** As the user writes it. */
  final String key;

  /** What its values look like; empty for a key that needs none. */
  final String form;

  /** The default, in words. */
  final String standard;

  /** Space-separated words that people try for this key. */
  private final String synonyms;

  /** What the option does, in a sentence or a few. */
  final String text;

  Key(String key, String form, String standard, String synonyms, String text) {
    this.key = key;
    this.form = form;
    this.standard = standard;
    this.synonyms = synonyms;
    this.text = text;
  }

  static Key[] all() {
    return ALL;
  }

  static @Nullable Key of(String word) {
    for (Key k : ALL) {
      if (k.key.equals(word)) {
        return k;
      }
    }
    return null;
  }

  /** Whether the key alone means something: that it's on. */
  boolean standsAlone() {
    return form.isEmpty() || form.startsWith("on|") || this == LOG;
  }

  /** The key that someone probably meant by {@code word}, or null if none is near. */
  static @Nullable Key near(String word) {
    String lower = Words.lower(word);
    String[] keys = new String[ALL.length];
    for (int i = 0; i < ALL.length; i++) {
      keys[i] = ALL[i].key;
      if ((" " + ALL[i].synonyms + " ").contains(" " + lower + " ")) {
        return ALL[i];
      }
    }
    String nearest = Words.nearest(lower, keys);
    return nearest == null ? null : of(nearest);
  }
}
