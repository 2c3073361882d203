package dev.husk.image.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortNamesTest {

  private static List<String> shortNames(String... names) throws IOException {
    return List.copyOf(ShortNames.of(List.of(names)).values());
  }

  @Test
  void shortNamesStay() throws IOException {
    assertEquals(
        List.of("BOOTX64.EFI", "EFI", "A.B", "$-_@~`!(.){}"),
        shortNames("BOOTX64.EFI", "EFI", "A.B", "$-_@~`!(.){}"));
  }

  @Test
  void lettersBecomeCapitals() throws IOException {
    assertEquals(
        List.of("STARTUP.NSH", "LINUX", "MIXED.CFG"),
        shortNames("startup.nsh", "linux", "MiXed.cfg"));
  }

  @Test
  void othersGetTails() throws IOException {
    assertEquals(
        List.of("INITRA~1.IMG", "INITRA~2.IMG", "ARCHIV~1.GZ", "PROFIL~1", "A_B~1.C", "GR__~1.TXT"),
        shortNames(
            "initramfs.img", "initramfs2.img", "archive.tar.gz", ".profile", "a+b.c", "größ.txt"));
  }

  @Test
  void noNameIsAnothersShortName() throws IOException {
    assertEquals(
        List.of("LONGFI~2.TXT", "LONGFI~1.TXT", "LONGFI~3.TXT"),
        shortNames("longfile1.txt", "longfi~1.txt", "longfile2.txt"));
  }

  @Test
  void tailsGrow() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= 1234; i++) {
      names.add("a long name " + i);
    }
    List<String> given = List.copyOf(ShortNames.of(names).values());
    assertEquals("ALONGN~1", given.getFirst());
    assertEquals("ALONG~10", given.get(9));
    assertEquals("ALO~1234", given.getLast());
    assertEquals(1234, given.stream().distinct().count());
  }

  @Test
  void whatFatCannotHoldIsRefused() {
    assertRefused("upper or lower case", "Readme", "README");
    assertRefused("a dot or a space at an end", "end.");
    assertRefused("a dot or a space at an end", "end ");
    assertRefused("a dot or a space at an end", " begin");
    assertRefused("a character", "a:b");
    assertRefused("a character", "a\tb");
    assertRefused("more than 255 characters", "x".repeat(256));
  }

  private static void assertRefused(String message, String... names) {
    IOException e = assertThrows(IOException.class, () -> ShortNames.of(List.of(names)));
    assertTrue(e.getMessage().contains(message), e::toString);
  }
}
