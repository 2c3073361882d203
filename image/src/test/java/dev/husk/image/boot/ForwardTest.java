package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports as users write them. */
final class ForwardTest {
  @Test
  void withoutAnAddressAPortIsOpenToThisMachineAlone() {
    assertEquals(new Forward("127.0.0.1", 18080, 8080), Forward.parse("18080:8080"));
    assertEquals("hostfwd=tcp:127.0.0.1:18080-:8080", Forward.parse("18080:8080").rule());
  }

  @Test
  void anAddressOpensIt() {
    assertEquals(new Forward("0.0.0.0", 80, 8080), Forward.parse("0.0.0.0:80:8080"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "80", "80:", ":80", "0:80", "80:65536", "99999:1", "a:80:80", "1:2:3:4"})
  void anythingElseIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Forward.parse(text));
  }
}
