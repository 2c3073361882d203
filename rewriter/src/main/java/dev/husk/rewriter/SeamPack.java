package dev.husk.rewriter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The seams of some groups as they are needed for the JDK that they were checked against: what
 * {@link SeamTable} works out of the index, in a form that is read in a twentieth of the time. The
 * index says the same and serves every other JDK.
 *
 * <p>Two-byte numbers, and strings of one byte a character that are named by their number.
 */
public final class SeamPack {
  private static final int VERSION = 1;
  private static final int NONE = 0xffff;

  private static final Seam.Shape[] SHAPES = {Seam.Shape.CALL, Seam.Shape.READ, Seam.Shape.NEW};

  private SeamPack() {}

  /** The name of the file with the pack of these groups. */
  public static String fileName(Set<String> groups) {
    return String.join("+", new TreeSet<>(groups)) + ".seams";
  }

  /** The pack of groups that the table says are verified for {@code jdk}. */
  public static byte[] write(SeamTable all, String jdk, Set<String> groups) {
    Writer out = new Writer();
    SeamTable table = all.only(groups);
    Set<String> sites = new TreeSet<>();
    for (String group : groups) {
      sites.addAll(all.sites(jdk, group));
    }
    out.string(jdk);
    out.number(table.seams.length);
    for (int i = 0; i < table.seams.length; i++) {
      Seam seam = table.seams[i];
      out.string(seam.group());
      out.number(seam.optional() ? 1 : 0);
      out.number(List.of(SHAPES).indexOf(seam.shape()));
      out.string(seam.type());
      out.string(seam.member());
      out.string(seam.descriptor());
      out.string(seam.seamClass());
      out.string(seam.seamMethod());
      out.string(seam.seamDescriptor());
      out.string(table.staticDescriptors[i]);
      out.string(table.instanceDescriptors[i]);
      out.scope(table.in[i]);
      out.scope(table.except[i]);
    }
    out.strings(table.classes.toArray(new String[0]));
    out.strings(table.seamClasses.toArray(new String[0]));
    out.strings(sites.toArray(new String[0]));
    return out.finish();
  }

  /** The table, or null where the pack is for another JDK. */
  public static @Nullable SeamTable read(byte[] pack, String jdk) {
    Reader in = new Reader(pack);
    if (in.version != VERSION || !jdk.equals(in.string())) {
      return null;
    }
    int n = in.number();
    Seam[] seams = new Seam[n];
    Scope[] scopes = new Scope[n];
    Scope[] excepts = new Scope[n];
    String[] statics = new String[n];
    String[] instances = new String[n];
    for (int i = 0; i < n; i++) {
      seams[i] =
          new Seam(
              in.string(),
              in.number() != 0,
              SHAPES[in.number()],
              in.string(),
              in.string(),
              in.string(),
              in.string(),
              in.string(),
              in.string(),
              List.of(),
              List.of());
      statics[i] = in.string();
      instances[i] = in.string();
      scopes[i] = in.scope();
      excepts[i] = in.scope();
    }
    return new SeamTable(seams, scopes, excepts, statics, instances, in.set(), in.set(), in.set());
  }

  private static final class Writer {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<byte[]> texts = new ArrayList<>();
    private final List<Integer> body = new ArrayList<>();

    void number(int n) {
      body.add(n);
    }

    void string(@Nullable String s) {
      if (s == null) {
        number(NONE);
        return;
      }
      Integer number = numbers.get(s);
      if (number == null) {
        byte[] text = s.getBytes(StandardCharsets.ISO_8859_1);
        if (!s.equals(new String(text, StandardCharsets.ISO_8859_1))) {
          throw new IllegalArgumentException("not Latin 1: " + s);
        }
        number = texts.size();
        numbers.put(s, number);
        texts.add(text);
      }
      number(number);
    }

    void strings(String[] all) {
      number(all.length);
      String[] sorted = all.clone();
      Arrays.sort(sorted);
      for (String s : sorted) {
        string(s);
      }
    }

    void scope(Scope scope) {
      number(scope.app ? 1 : 0);
      list(scope.packages);
      list(scope.classes);
      list(scope.methods);
    }

    private void list(String[] all) {
      number(all.length);
      for (String s : all) {
        string(s);
      }
    }

    byte[] finish() {
      int size = 4 + 2 * body.size();
      for (byte[] text : texts) {
        size += 2 + text.length;
      }
      byte[] out = new byte[size];
      int at = put(out, 0, VERSION);
      at = put(out, at, texts.size());
      for (byte[] text : texts) {
        at = put(out, at, text.length);
        System.arraycopy(text, 0, out, at, text.length);
        at += text.length;
      }
      for (int n : body) {
        at = put(out, at, n);
      }
      return out;
    }

    private static int put(byte[] out, int at, int n) {
      out[at] = (byte) (n >> 8);
      out[at + 1] = (byte) n;
      return at + 2;
    }
  }

  private static final class Reader {
    private static final String[] EMPTY = {};

    private final byte[] b;
    private final String[] strings;
    final int version;
    private int at;

    Reader(byte[] b) {
      this.b = b;
      version = number();
      strings = new String[number()];
      for (int i = 0; i < strings.length; i++) {
        int length = number();
        strings[i] = new String(b, at, length, StandardCharsets.ISO_8859_1);
        at += length;
      }
    }

    int number() {
      int n = (b[at] & 255) << 8 | b[at + 1] & 255;
      at += 2;
      return n;
    }

    @Nullable String string() {
      int number = number();
      return number == NONE ? null : strings[number];
    }

    private String[] list() {
      int n = number();
      if (n == 0) {
        return EMPTY;
      }
      String[] list = new String[n];
      for (int i = 0; i < n; i++) {
        list[i] = string();
      }
      return list;
    }

    Scope scope() {
      return new Scope(number() != 0, list(), list(), list());
    }

    HashSet<String> set() {
      int n = number();
      HashSet<String> set = HashSet.newHashSet(n);
      for (int i = 0; i < n; i++) {
        set.add(string());
      }
      return set;
    }
  }
}
