package dev.husk.image.check;

/** Numbers of things for people. */
final class Count {
  private Count() {}

  /** {@code 1 class}, {@code 2 classes}. */
  static String of(long number, String thing) {
    String ending = number == 1 ? "" : thing.endsWith("s") ? "es" : "s";
    return number + " " + thing + ending;
  }
}
