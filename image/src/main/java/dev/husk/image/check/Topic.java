package dev.husk.image.check;

/** What a call does that an image serves otherwise than a whole system, or not at all. */
public enum Topic {
  PROCESS("processes", "an image holds no other programs"),
  LIBRARY("loading of native libraries", "of those above, or of some that this report can't see"),
  FOREIGN("foreign functions", "what is called runs past Husk"),
  DISPLAY("display", "an image has none"),
  FONTS("fonts", "an image has only those that husk.toml includes at usr/share/fonts"),
  CONSOLE("console", "in an image it is the serial console, or there is none"),
  ATTACH("attaching to other JVMs", "an image runs one"),
  SIGNAL("signals", "in an image SIGTERM says that the machine is to stop");

  private final String heading;
  private final String meaning;

  Topic(String heading, String meaning) {
    this.heading = heading;
    this.meaning = meaning;
  }

  /** A heading for people. */
  public String heading() {
    return heading;
  }

  /** What comes of it in an image. */
  public String meaning() {
    return meaning;
  }

  /** Whether the call fails in an image, and not only goes another way. */
  boolean fails() {
    return this == PROCESS || this == DISPLAY || this == ATTACH;
  }
}
