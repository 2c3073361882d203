package dev.husk.image.check;

/**
 * A call in the code of an app.
 *
 * @param jar the name of the jar
 * @param caller {@code package.Class#method}
 * @param target {@code java.lang.ProcessBuilder.start}
 */
public record CallSite(Topic topic, String jar, String caller, String target) {}
