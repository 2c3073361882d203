package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageNameTest {

  @ParameterizedTest
  @CsvSource({
    "shop, shop:latest, docker.io/library/shop:latest",
    "shop:1.2, shop:1.2, docker.io/library/shop:1.2",
    "team/shop, team/shop:latest, docker.io/team/shop:latest",
    "localhost/shop, localhost/shop:latest, localhost/shop:latest",
    "registry.example/a/b__c:T, registry.example/a/b__c:T, registry.example/a/b__c:T",
    "localhost:5000/shop, localhost:5000/shop:latest, localhost:5000/shop:latest",
  })
  void nameIsReadAndQualified(String name, String normal, String qualified) {
    assertEquals(normal, ImageName.of(name).toString());
    assertEquals(qualified, ImageName.of(name).qualified());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "Shop", "shop:", "shop:a b", "shop:-x", "a//b", "/shop", "shop/", "-a"})
  void whatEnginesRefuseIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> ImageName.of(name));
  }

  @Test
  void longNamesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> ImageName.of("a".repeat(256)));
    assertThrows(IllegalArgumentException.class, () -> ImageName.of("a:" + "b".repeat(129)));
  }
}
