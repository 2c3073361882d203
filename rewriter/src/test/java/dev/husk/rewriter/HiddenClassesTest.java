package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM shows a transformer of lambdas and hidden classes, and what becomes of them. */
final class HiddenClassesTest {

  private static final Seam[] SEAMS = {
    Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "APP"),
    Seams.call("app/Target.go", "app/Served.goOfTarget", "(Lapp/Target;I)I", "APP"),
    Seams.construct("app/Target", "app/Served.create", "(I)Lapp/Target;", "APP"),
  };

  @Test
  void lambdasGoThroughTheirClassAndHiddenClassesAreNotShown(@TempDir Path directory)
      throws Exception {
    Path jar = directory.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-javaagent:" + jar,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertEquals(
        List.of(
            "lambda body -2",
            "method reference " + (-100 + 7 - 1),
            "constructor reference -4",
            "hidden class 8",
            "hidden classes shown 0"),
        output.lines().toList());
  }

  /** Rewrites {@code app}. */
  public static final class Agent {
    static final AtomicInteger HIDDEN = new AtomicInteger();

    private Agent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
      Rewriter rewriter = new Rewriter(SeamTable.of(List.of(SEAMS)));
      instrumentation.addTransformer(
          new java.lang.instrument.ClassFileTransformer() {
            @Override
            public byte[] transform(
                ClassLoader loader,
                String name,
                Class<?> redefined,
                java.security.ProtectionDomain domain,
                byte[] file) {
              if (name == null || name.contains("$$Lambda") || name.contains("/0x")) {
                HIDDEN.incrementAndGet();
              }
              boolean app = name == null || name.startsWith("app/") && !name.equals("app/Target");
              return app ? rewriter.rewrite(name, false, file, SiteListener.NONE) : null;
            }
          });
    }
  }

  /** The app. */
  public static final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
      System.out.println("lambda body " + app.Calls.inALambda());
      System.out.println("method reference " + app.Handles.boundReference());
      System.out.println("constructor reference " + app.Handles.constructorReference());
      System.out.println("hidden class " + hidden());
      System.out.println("hidden classes shown " + Agent.HIDDEN.get());
    }

    /** A hidden class keeps the JDK's behaviour, as the JVM shows it to no one. */
    private static Object hidden() throws IOException, ReflectiveOperationException {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(app.Calls.class, MethodHandles.lookup());
      Class<?> hidden = lookup.defineHiddenClass(Rewriting.read("app/Calls"), false).lookupClass();
      return hidden.getMethod("staticCall").invoke(null);
    }
  }
}
