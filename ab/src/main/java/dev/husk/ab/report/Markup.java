package dev.husk.ab.report;

/** HTML and SVG as it grows. What comes from outside goes in by {@link #text} and attributes. */
final class Markup {
  private final StringBuilder out = new StringBuilder();

  /**
   * Text with what has a meaning in markup escaped; control characters, which have none, left out.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                  boolean written = point >= ' ' && point != 0x7f || point == '\n' || point == '\t';
                  escaped.appendCodePoint(written ? point : 0xfffd);
                }
              }
            });
    return escaped.toString();
  }

  /**
   * Opens an element.
   *
   * @param attributes name and value in turn; the values are escaped
   */
  Markup open(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(escape(attributes[i + 1]))
          .append('"');
    }
    out.append('>');
    return this;
  }

  /** Closes an element. */
  Markup close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  /** Adds text, escaped. */
  Markup text(String text) {
    out.append(escape(text));
    return this;
  }

  /** An element with text in it. */
  Markup element(String name, String text, String... attributes) {
    return open(name, attributes).text(text).close(name);
  }

  /** Adds markup as it is: what this program made itself. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  /** A line feed, so that the file can be read. */
  Markup line() {
    out.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
