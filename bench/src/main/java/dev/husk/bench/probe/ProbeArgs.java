package dev.husk.bench.probe;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/** The {@code key=value} arguments of a probe. */
final class ProbeArgs {
  private final Map<String, String> values = new HashMap<>();

  private ProbeArgs() {}

  static ProbeArgs parse(String[] args) {
    ProbeArgs parsed = new ProbeArgs();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("expected key=value, got: " + arg);
      }
      parsed.values.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    return parsed;
  }

  /** The value of a key, or what stands for it when it isn't given. */
  String text(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  int number(String key, int otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /** {@code seconds}: how long to measure, in ns. */
  long measureNanos() {
    return number("seconds", 2) * 1_000_000_000L;
  }

  /** {@code warmUp}: seconds to run before that, in ns. */
  long warmUpNanos() {
    return number("warmUp", 2) * 1_000_000_000L;
  }

  /** Threads as the program under test makes them: {@code threads=platform|virtual}. */
  ThreadFactory threads() {
    return Threads.factory(text("threads", "platform"));
  }
}
