package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's files on control groups, as they are in the wild, and as they might be. */
final class CgroupTest {
  private static final String UNIFIED =
      "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

  @TempDir Path directory;

  @Test
  void ownGroupAndThoseAbove() {
    assertEquals(
        "[/sys/fs/cgroup/system.slice/app.service, /sys/fs/cgroup/system.slice, /sys/fs/cgroup] []",
        Cgroup.parse("0::/system.slice/app.service\n", UNIFIED).toString());
  }

  @Test
  void containerWithItsOwnNamespace() {
    assertEquals("[/sys/fs/cgroup] []", Cgroup.parse("0::/\n", UNIFIED).toString());
    assertEquals("[/sys/fs/cgroup] []", Cgroup.parse("0::/../other\n", UNIFIED).toString());
  }

  @Test
  void firstVersionInContainer() {
    assertEquals(
        "[] [/sys/fs/cgroup/memory]",
        Cgroup.parse(
                "5:cpu,cpuacct:/docker/12ab\n4:memory:/docker/12ab\n1:name=systemd:/docker/12ab\n",
                "70 60 0:30 /docker/12ab /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n"
                    + "71 60 0:31 /docker/12ab /sys/fs/cgroup/memory ro - cgroup c rw,memory\n")
            .toString());
  }

  @Test
  void bothVersions() {
    assertEquals(
        "[/sys/fs/cgroup/unified] [/sys/fs/cgroup/memory/a/b, /sys/fs/cgroup/memory/a,"
            + " /sys/fs/cgroup/memory]",
        Cgroup.parse(
                "4:memory:/a/b\n0::/\n",
                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
                    + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
            .toString());
  }

  @Test
  void blanksInPaths() {
    assertEquals("/a b\\", Cgroup.unescape("/a\\040b\\134"));
    assertEquals("/a\\04", Cgroup.unescape("/a\\04"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", ":", "::", "0:", "x", "0::", "4:memory", "4:memory:", " - "})
  void whatIsOddHasNoLimit(String text) {
    assertFalse(Cgroup.parse(text, UNIFIED.replace("/sys", "/nowhere")).isNear(1L << 50));
    assertEquals("[] []", Cgroup.parse("0::/a", text).toString());
    assertEquals("[] []", Cgroup.parse(null, null).toString());
  }

  @Test
  void nearTheLimit() throws IOException {
    Cgroup group = group2();
    write("app/memory.max", "1000000\n");
    write("app/memory.current", "800000\n");
    assertFalse(group.isNear(100_000));
    assertTrue(group.isNear(100_001));
    assertTrue(group.isNear(Long.MAX_VALUE));
    write("app/memory.stat", "anon 700000\nfile 100000\ninactive_file 50000\nactive_file 50000\n");
    assertFalse(group.isNear(150_000));
    assertTrue(group.isNear(150_001));
  }

  @Test
  void nearTheLimitOfAGroupAbove() throws IOException {
    Cgroup group = group2();
    write("app/memory.max", "max\n");
    write("app/memory.current", "800000\n");
    assertFalse(group.isNear(1L << 40));
    write("memory.max", "1000000\n");
    write("memory.current", "950000\n");
    assertTrue(group.isNear(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max", "", "0", "-1", "many", "9223372036854771712", "1e6", "9 9"})
  void noLimit(String limit) throws IOException {
    Cgroup group = group2();
    write("app/memory.max", limit + "\n");
    write("app/memory.current", "800000\n");
    assertFalse(group.isNear(1 << 30));
  }

  @Test
  void firstVersionsFiles() throws IOException {
    Cgroup group =
        Cgroup.parse(
            "4:memory:/app\n", "35 31 0:32 / " + directory + " rw - cgroup cgroup rw,memory\n");
    write("app/memory.limit_in_bytes", "1000000\n");
    write("app/memory.usage_in_bytes", "900001\n");
    assertTrue(group.isNear(0));
    write("app/memory.stat", "inactive_file 5\ntotal_inactive_file 2\n");
    assertFalse(group.isNear(0));
  }

  @Test
  void thisProcessCanAsk() {
    assertNotNull(Cgroup.own());
    assertFalse(Cgroup.own().isNear(-(1L << 59)));
    assertTrue(Cgroup.own().pressureFiles().contains("/proc/pressure/memory"));
  }

  private Cgroup group2() {
    return Cgroup.parse("0::/app\n", "29 23 0:26 / " + directory + " rw - cgroup2 cgroup2 rw\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
