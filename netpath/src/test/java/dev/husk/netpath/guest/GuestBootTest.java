package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

/** What is loaded while a guest is trained. */
final class GuestBootTest {
  @Test
  void theClassesOfAStartAreThere() {
    for (String name : GuestBoot.CLASSES) {
      assertDoesNotThrow(() -> Class.forName("dev.husk.netpath.guest." + name), name);
    }
  }
}
