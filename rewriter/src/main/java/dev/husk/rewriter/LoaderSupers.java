package dev.husk.rewriter;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Class files as a loader's resources: loading a class while another is being defined would
 * recurse.
 */
public final class LoaderSupers implements Supers {
  private final @Nullable ClassLoader loader;

  /**
   * @param loader null for the classes of the JDK
   */
  public LoaderSupers(@Nullable ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  public byte @Nullable [] classFile(String internalName) {
    String resource = internalName + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getPlatformClassLoader().getResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
