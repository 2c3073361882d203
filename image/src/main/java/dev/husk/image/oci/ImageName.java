package dev.husk.image.oci;

import java.util.regex.Pattern;

/**
 * What an image is called, as the Distribution project's grammar of references has it: {@code
 * shop}, {@code team/shop:1.2}, {@code registry.example:5000/team/shop:1.2}.
 *
 * @param repository the name without the tag, with the registry's host if it has one
 * @param tag such as {@code latest}
 */
public record ImageName(String repository, String tag) {

  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String HOST = "[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?::[0-9]+)?";
  private static final Pattern REPOSITORY =
      Pattern.compile("(?:" + HOST + "/)?" + COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final int LONGEST = 255;

  // Where a name without a host is from, and what stands before one of a single component there:
  // engines store and look for names in this long form.
  private static final String DEFAULT_HOST = "docker.io/";
  private static final String DEFAULT_OWNER = "library/";

  /** Refuses what an engine would. */
  public ImageName {
    if (repository.length() > LONGEST || !REPOSITORY.matcher(repository).matches()) {
      throw new IllegalArgumentException("not the name of an image: \"" + repository + "\"");
    }
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException("not the tag of an image: \"" + tag + "\"");
    }
  }

  /**
   * A name as people write it; without a tag it is {@code latest}.
   *
   * @throws IllegalArgumentException if an engine wouldn't take it
   */
  public static ImageName of(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/')
        ? new ImageName(name.substring(0, colon), name.substring(colon + 1))
        : new ImageName(name, "latest");
  }

  /** With host and owner, those that engines take where there are none. */
  String qualified() {
    int slash = repository.indexOf('/');
    if (slash < 0) {
      return DEFAULT_HOST + DEFAULT_OWNER + this;
    }
    String first = repository.substring(0, slash);
    boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
    return host ? toString() : DEFAULT_HOST + this;
  }

  @Override
  public String toString() {
    return repository + ":" + tag;
  }
}
