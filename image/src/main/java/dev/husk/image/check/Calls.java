package dev.husk.image.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Methods whose calls matter, by their classes. */
final class Calls {
  private static final String ANY = "*";
  private static final String NEW = "<init>";

  private static final Map<String, Map<String, Topic>> TOPICS = new HashMap<>();
  private static final Map<String, Map<String, Likely>> MODULES = new HashMap<>();

  private static final Set<String> CHARSETS =
      Set.of(
          "java/nio/charset/Charset.forName",
          "java/lang/String.<init>",
          "java/lang/String.getBytes",
          "java/io/ByteArrayOutputStream.toString",
          "java/io/InputStreamReader.<init>",
          "java/io/OutputStreamWriter.<init>",
          "java/io/PrintStream.<init>",
          "java/io/PrintWriter.<init>",
          "java/net/URLDecoder.decode",
          "java/net/URLEncoder.encode",
          "java/util/Scanner.<init>");

  /** The last parameter is a string. */
  private static final Pattern NAMES_CHARSET = Pattern.compile(".*Ljava/lang/String;\\).*");

  static {
    topic(Topic.PROCESS, "java/lang/ProcessBuilder", "start", "startPipeline");
    topic(Topic.PROCESS, "java/lang/Runtime", "exec");
    topic(Topic.LIBRARY, "java/lang/System", "load", "loadLibrary");
    topic(Topic.LIBRARY, "java/lang/Runtime", "load", "loadLibrary");
    topic(Topic.FOREIGN, "java/lang/foreign/Linker", "nativeLinker", "downcallHandle");
    topic(Topic.FOREIGN, "java/lang/foreign/SymbolLookup", "libraryLookup");
    topic(Topic.DISPLAY, "java/awt/Window", NEW);
    topic(Topic.DISPLAY, "java/awt/Frame", NEW);
    topic(Topic.DISPLAY, "java/awt/Dialog", NEW);
    topic(Topic.DISPLAY, "java/awt/Robot", NEW);
    topic(Topic.DISPLAY, "javax/swing/JWindow", NEW);
    topic(Topic.DISPLAY, "javax/swing/JFrame", NEW);
    topic(Topic.DISPLAY, "javax/swing/JDialog", NEW);
    topic(Topic.DISPLAY, "java/awt/Desktop", "getDesktop");
    topic(Topic.DISPLAY, "java/awt/SystemTray", "getSystemTray");
    topic(Topic.DISPLAY, "java/awt/Toolkit", "getSystemClipboard", "getScreenSize");
    topic(
        Topic.DISPLAY,
        "java/awt/GraphicsEnvironment",
        "getDefaultScreenDevice",
        "getScreenDevices");
    topic(Topic.FONTS, "java/awt/Font", NEW, "createFont", "createFonts", "getFont");
    topic(Topic.FONTS, "java/awt/Graphics", "drawString", "getFontMetrics");
    topic(Topic.FONTS, "java/awt/Graphics2D", "drawString", "getFontMetrics");
    topic(Topic.FONTS, "java/awt/font/TextLayout", NEW);
    topic(
        Topic.FONTS, "java/awt/GraphicsEnvironment", "getAllFonts", "getAvailableFontFamilyNames");
    topic(Topic.CONSOLE, "java/lang/System", "console");
    topic(Topic.ATTACH, "com/sun/tools/attach/VirtualMachine", "attach", "list");
    topic(Topic.SIGNAL, "sun/misc/Signal", "handle", "raise");

    likely("jdk.zipfs", "opens zip files as file systems", "java/nio/file/FileSystems")
        .methods("newFileSystem");
    likely("jdk.management", "asks for the JVM's beans", "java/lang/management/ManagementFactory")
        .methods(ANY);
    likely("jdk.compiler", "looks for the compiler", "javax/tools/ToolProvider")
        .methods("getSystemJavaCompiler");
    String locales = "formats for languages";
    likely("jdk.localedata", locales, "java/text/DateFormat")
        .methods("getDateInstance", "getTimeInstance", "getDateTimeInstance");
    likely("jdk.localedata", locales, "java/text/NumberFormat")
        .methods(
            "getInstance",
            "getNumberInstance",
            "getIntegerInstance",
            "getCompactNumberInstance",
            "getCurrencyInstance",
            "getPercentInstance");
    likely("jdk.localedata", locales, "java/time/format/DateTimeFormatter")
        .methods("ofLocalizedDate", "ofLocalizedTime", "ofLocalizedDateTime");
    likely("jdk.localedata", locales, "java/text/Collator").methods("getInstance");
    likely("jdk.localedata", locales, "java/text/DateFormatSymbols").methods("getInstance");
    likely("jdk.localedata", locales, "java/text/DecimalFormatSymbols").methods("getInstance");
    likely("jdk.localedata", locales, "java/time/DayOfWeek").methods("getDisplayName");
    likely("jdk.localedata", locales, "java/time/Month").methods("getDisplayName");
    likely("jdk.localedata", locales, "java/util/Currency").methods("getSymbol", "getDisplayName");
    likely("jdk.localedata", locales, "java/util/Locale")
        .methods("getDisplayName", "getDisplayLanguage", "getDisplayCountry");
    // java.base has the United States' English alone.
    likely("jdk.localedata", "names a language", "java/util/Locale")
        .methods(
            "CANADA",
            "CANADA_FRENCH",
            "CHINA",
            "CHINESE",
            "FRANCE",
            "FRENCH",
            "GERMAN",
            "GERMANY",
            "ITALIAN",
            "ITALY",
            "JAPAN",
            "JAPANESE",
            "KOREA",
            "KOREAN",
            "PRC",
            "SIMPLIFIED_CHINESE",
            "TAIWAN",
            "TRADITIONAL_CHINESE",
            "UK");
  }

  private Calls() {}

  /**
   * A module that a call, or the read of a constant, makes likely.
   *
   * @param why what the caller does, for people
   */
  record Likely(String module, String why, String owner) {
    private void methods(String... names) {
      for (String name : names) {
        MODULES.computeIfAbsent(owner, o -> new HashMap<>()).put(name, this);
      }
    }
  }

  private static void topic(Topic topic, String owner, String... names) {
    for (String name : names) {
      TOPICS.computeIfAbsent(owner, o -> new HashMap<>()).put(name, topic);
    }
  }

  private static Likely likely(String module, String why, String owner) {
    return new Likely(module, why, owner);
  }

  /** What a call of this method is about, or null. */
  static @Nullable Topic topic(String owner, String name) {
    Map<String, Topic> methods = TOPICS.get(owner);
    return methods == null ? null : methods.get(name);
  }

  /** Whether a method takes the name of a character set: how a string becomes bytes, or back. */
  static boolean takesCharset(String owner, String name, String descriptor) {
    return CHARSETS.contains(owner + "." + name) && NAMES_CHARSET.matcher(descriptor).matches();
  }

  /** Which module a call of this method, or this constant, makes likely, or null. */
  static @Nullable Likely module(String owner, String name) {
    Map<String, Likely> methods = MODULES.get(owner);
    return methods == null ? null : methods.getOrDefault(name, methods.get(ANY));
  }
}
