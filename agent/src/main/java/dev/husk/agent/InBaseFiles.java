package dev.husk.agent;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The class files of Husk's classes in {@code java.base}, by internal name. */
final class InBaseFiles implements Function<String, byte @Nullable []> {
  private final PrivateLoader loader;

  InBaseFiles(PrivateLoader loader) {
    this.loader = loader;
  }

  @Override
  public byte @Nullable [] apply(String name) {
    return loader.read("private/" + name + ".classdata");
  }
}
