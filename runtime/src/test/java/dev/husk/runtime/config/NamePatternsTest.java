package dev.husk.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {
  @ParameterizedTest
  @CsvSource({
    "main,main,true",
    "main,mains,false",
    "main,xmain,false",
    "io.netty.*,io.netty.channel.epoll.EpollEventLoop,true",
    "io.netty.*,io.netty,false",
    "*,anything at all,true",
    "*,'',true",
    "'',x,false",
    "*Loop,EpollEventLoop,true",
    "*Loop,EpollEventLoop-1,false",
    "a*b*c,abc,true",
    "a*b*c,aXbYbZc,true",
    "a*b*c,acb,false",
    "a**,a,true",
    "a?c,abc,false",
    "x; main ;y,main,true",
    "x;;y,'',false",
    "pool-*-thread-1,pool-12-thread-1,true",
    "pool-*-thread-1,pool-12-thread-11,false",
  })
  void matches(String patterns, String name, boolean expected) {
    assertEquals(expected, NamePatterns.parse(patterns).matches(name));
  }

  @Test
  void blanksAreNoPatterns() {
    assertTrue(NamePatterns.parse("").isEmpty());
    assertTrue(NamePatterns.parse(" ; ;").isEmpty());
    assertFalse(NamePatterns.parse("a").isEmpty());
    assertEquals("a;b", NamePatterns.parse(" a;; b;").toString());
  }

  @Test
  void manyStarsTakeNoExponentialTime() {
    NamePatterns patterns = NamePatterns.parse("a*".repeat(50) + "b");
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertFalse(patterns.matches("a".repeat(2000))));
  }
}
