package dev.husk.bench.probe;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The JDK's own compiler over classes that are generated in memory: a large real program. */
final class Compiler implements Cpu.Unit {
  private static final int CLASSES = 4;

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
  private final List<JavaFileObject> sources = new ArrayList<>();

  Compiler() {
    for (int i = 0; i < CLASSES; i++) {
      StringBuilder text = new StringBuilder("import java.util.*; class C" + i + " {");
      for (int m = 0; m < 10; m++) {
        text.append("static <T extends Comparable<T>> List<T> m").append(m);
        text.append("(Collection<? extends T> in) { List<T> out = new ArrayList<>(in);");
        text.append("out.removeIf(x -> x.compareTo(in.iterator().next()) > ").append(m);
        text.append("); Collections.sort(out); return out; }");
      }
      sources.add(new Source("C" + i, text.append('}').toString()));
    }
  }

  @Override
  public long run() {
    long[] bytes = new long[1];
    StringWriter log = new StringWriter();
    boolean ok =
        compiler
            .getTask(log, new Discarding(files, bytes), null, List.of("-proc:none"), null, sources)
            .call();
    if (!ok) {
      throw new IllegalStateException(log.toString());
    }
    return bytes[0];
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Counts the bytes of the class files and forgets them. */
  private static final class Discarding extends ForwardingJavaFileManager<JavaFileManager> {
    private final long[] bytes;

    Discarding(JavaFileManager files, long[] bytes) {
      super(files);
      this.bytes = bytes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new OutputStream() {
            @Override
            public void write(int b) {
              bytes[0]++;
            }

            @Override
            public void write(byte[] b, int offset, int length) throws IOException {
              bytes[0] += length;
            }
          };
        }
      };
    }
  }
}
