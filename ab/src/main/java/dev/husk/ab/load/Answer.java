package dev.husk.ab.load;

/**
 * What came as a reply.
 *
 * @param status of HTTP, or {@link Expectation#NO_STATUS}
 * @param length bytes of the body, or rows of a result
 * @param hash CRC-32C of the content
 * @param body as much of it as was kept, to be searched
 * @param start its first 200 characters
 */
record Answer(int status, long length, int hash, String body, String start) {
  private static final int EXCERPT = 200;

  /** The first 200 characters, with everything that doesn't print as a dot. */
  static String excerpt(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(EXCERPT)
        .map(each -> Character.isISOControl(each) || !Character.isDefined(each) ? '.' : each)
        .forEach(shown::appendCodePoint);
    if (text.codePointCount(0, text.length()) > EXCERPT) {
      shown.append("…");
    }
    return shown.toString();
  }
}
