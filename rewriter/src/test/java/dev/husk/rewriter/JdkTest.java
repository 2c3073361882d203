package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Each class of {@code java.base} goes through the rewriter. */
final class JdkTest {

  private static final String SEAMS = "java/lang/SeamsOfATest";
  private static final String[] EVERYWHERE = {"com.**", "java.**", "javax.**", "jdk.**", "sun.**"};

  /** Seams that find sites in most classes; all of members that nobody inherits or overrides. */
  private static final List<Seam> BROAD =
      List.of(
          call("java/lang/Thread.currentThread", "()Ljava/lang/Thread;"),
          call("java/lang/System.nanoTime", "()J"),
          call("java/util/Objects.requireNonNull", "(Ljava/lang/Object;)Ljava/lang/Object;"),
          call("java/lang/Integer.valueOf", "(I)Ljava/lang/Integer;"),
          call("java/lang/String.length", "(Ljava/lang/String;)I"),
          call("java/lang/String.charAt", "(Ljava/lang/String;I)C"),
          call("java/lang/Math.max", "(JJ)J"),
          call("java/util/Iterator.hasNext", "(Ljava/util/Iterator;)Z"),
          call("java/util/Map$Entry.getKey", "(Ljava/util/Map$Entry;)Ljava/lang/Object;"),
          read("java/lang/String.COMPACT_STRINGS", "()Z"),
          read("java/lang/System.out", "()Ljava/io/PrintStream;"),
          read(
              "java/lang/Thread.threadLocals",
              "(Ljava/lang/Thread;)Ljava/lang/ThreadLocal$ThreadLocalMap;"));

  private static final List<Seam> CONSTRUCTIONS =
      List.of(
          construct("java/lang/Object", "()"),
          construct("java/util/ArrayList", "()"),
          construct("java/util/ArrayList", "(I)"),
          construct("java/util/ArrayList", "(Ljava/util/Collection;)"),
          construct("java/util/HashMap", "()"),
          construct("java/util/concurrent/ConcurrentHashMap", "()"),
          construct("java/util/concurrent/atomic/AtomicLong", "(J)"),
          construct("java/lang/StringBuilder", "()"),
          construct("java/lang/StringBuilder", "(I)"),
          construct("java/lang/NullPointerException", "()"),
          construct("java/lang/IllegalStateException", "(Ljava/lang/String;)"),
          construct("java/lang/IllegalArgumentException", "(Ljava/lang/String;)"),
          construct("java/io/IOException", "(Ljava/lang/String;)"));

  private static final Map<String, byte[]> CLASSES = new TreeMap<>();

  private static Seam call(String target, String descriptor) {
    return Seams.call(target, SEAMS + "." + name(target), descriptor, EVERYWHERE);
  }

  private static Seam read(String target, String descriptor) {
    return Seams.read(target, SEAMS + "." + name(target), descriptor, EVERYWHERE);
  }

  private static Seam construct(String type, String parameters) {
    return Seams.construct(type, SEAMS + ".create", parameters + "L" + type + ";", EVERYWHERE);
  }

  private static String name(String target) {
    return target.substring(target.lastIndexOf('.') + 1);
  }

  @BeforeAll
  static void readJavaBase() throws IOException {
    Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = root.relativize(file).toString();
        if (name.endsWith(".class") && !name.equals("module-info.class")) {
          CLASSES.put(name.substring(0, name.length() - 6), Files.readAllBytes(file));
        }
      }
    }
    assertTrue(CLASSES.size() > 5000);
  }

  private static final class Log implements SiteListener {
    int sites;
    final List<String> failures = new ArrayList<>();
    final Map<String, Integer> bySeam = new HashMap<>();

    @Override
    public void rewritten(String className, String method, Seam seam) {
      // Handles are not instructions.
      if (!method.isEmpty()) {
        sites++;
        bySeam.merge(seam.target(), 1, Integer::sum);
      }
    }

    @Override
    public void failed(@Nullable String className, Throwable cause) {
      failures.add(className + ": " + cause);
    }
  }

  @Test
  void exactlyTheSitesThatAsmFindsAreRewrittenAndNothingElseChanges() {
    Rewriter rewriter = new Rewriter(SeamTable.of(BROAD));
    Map<String, Seam> byTarget = new HashMap<>();
    for (Seam seam : BROAD) {
      if (seam.staticDescriptor() != null) {
        byTarget.put("static " + seam.type() + seam.member() + seam.staticDescriptor(), seam);
      }
      if (seam.instanceDescriptor() != null) {
        byTarget.put("instance " + seam.type() + seam.member() + seam.instanceDescriptor(), seam);
      }
    }
    Log log = new Log();
    int expected = 0;
    int classes = 0;
    for (Map.Entry<String, byte[]> entry : CLASSES.entrySet()) {
      byte[] out = rewriter.rewrite(entry.getKey(), true, entry.getValue(), log);
      Recorder original = new Recorder(byTarget);
      new ClassReader(entry.getValue()).accept(original, 0);
      expected += original.sites;
      if (out != null) {
        classes++;
        Recorder result = new Recorder(Map.of());
        new ClassReader(out).accept(result, 0);
        assertEquals(original.instructions.toString(), result.instructions.toString());
        assertNull(rewriter.rewrite(entry.getKey(), true, out, SiteListener.NONE));
      } else {
        assertEquals(0, original.sites, entry.getKey());
      }
    }
    assertEquals(List.of(), log.failures);
    assertEquals(expected, log.sites, log.bySeam.toString());
    assertEquals(BROAD.size(), log.bySeam.size(), log.bySeam.toString());
    assertTrue(classes > 1500, classes + " classes");
  }

  /** Writes down a class's instructions, those that are sites as calls of their seams. */
  private static final class Recorder extends ClassVisitor {
    final Map<String, Seam> seams;
    final StringBuilder instructions = new StringBuilder();
    int sites;

    Recorder(Map<String, Seam> seams) {
      super(Opcodes.ASM9);
      this.seams = seams;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      instructions.append("\n\n").append(name).append(descriptor);
      Map<Label, Integer> labels = new HashMap<>();
      return new MethodVisitor(Opcodes.ASM9) {
        private void add(Object... what) {
          instructions.append('\n');
          for (Object o : what) {
            Object shown = o;
            if (o instanceof Label label) {
              labels.putIfAbsent(label, labels.size());
              shown = "L" + labels.get(label);
            } else if (o instanceof Handle || o instanceof ConstantDynamic) {
              shown = "handle";
            }
            instructions.append(shown).append(' ');
          }
        }

        private boolean site(boolean isStatic, String owner, String name, String descriptor) {
          Seam seam = seams.get((isStatic ? "static " : "instance ") + owner + name + descriptor);
          if (seam != null) {
            sites++;
            String seamDescriptor = seam.seamDescriptor();
            add(Opcodes.INVOKESTATIC, seam.seamClass(), seam.seamMethod(), seamDescriptor, false);
          }
          return seam != null;
        }

        @Override
        public void visitFrame(int type, int nl, Object[] locals, int ns, Object[] stack) {
          add("frame", type, nl, ns);
          for (int i = 0; locals != null && i < nl; i++) {
            add(locals[i]);
          }
          for (int i = 0; stack != null && i < ns; i++) {
            add(stack[i]);
          }
        }

        @Override
        public void visitInsn(int opcode) {
          if (opcode != Opcodes.NOP) {
            add(opcode);
          }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
          add(opcode, operand);
        }

        @Override
        public void visitVarInsn(int opcode, int varIndex) {
          add(opcode, varIndex);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          add(opcode, type);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
          boolean get = opcode == Opcodes.GETSTATIC || opcode == Opcodes.GETFIELD;
          if (!get || !site(opcode == Opcodes.GETSTATIC, owner, name, descriptor)) {
            add(opcode, owner, name, descriptor);
          }
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
          if (!site(opcode == Opcodes.INVOKESTATIC, owner, name, descriptor)) {
            add(opcode, owner, name, descriptor, isInterface);
          }
        }

        @Override
        public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
          add("indy", name, descriptor, bootstrap);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
          add(opcode, label);
        }

        @Override
        public void visitLabel(Label label) {
          add(label);
        }

        @Override
        public void visitLdcInsn(Object value) {
          add("ldc", value);
        }

        @Override
        public void visitIincInsn(int varIndex, int increment) {
          add("iinc", varIndex, increment);
        }

        @Override
        public void visitTableSwitchInsn(int min, int max, Label dflt, Label... labels) {
          add("table", min, max, dflt);
          add((Object[]) labels);
        }

        @Override
        public void visitLookupSwitchInsn(Label dflt, int[] keys, Label[] labels) {
          add("lookup", dflt, java.util.Arrays.toString(keys));
          add((Object[]) labels);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
          add("multianewarray", descriptor, dimensions);
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
          add("try", start, end, handler, type);
        }

        @Override
        public void visitLineNumber(int line, Label start) {
          add("line", line, start);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
          add("maxs", maxStack, maxLocals);
        }
      };
    }
  }

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void aJvmStartsFromTheRewrittenJavaBaseAndItsVerifierTakesEachClass(@TempDir Path directory)
      throws Exception {
    List<Seam> seams = new ArrayList<>(BROAD);
    seams.addAll(CONSTRUCTIONS);
    Rewriter rewriter = new Rewriter(SeamTable.of(seams));
    Log log = new Log();
    Supers supers = CLASSES::get;
    Path patch = directory.resolve("patch");
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : CLASSES.entrySet()) {
      byte[] out = rewriter.rewrite(entry.getKey(), true, entry.getValue(), supers, log);
      if (out != null) {
        names.add(entry.getKey().replace('/', '.'));
        write(patch, entry.getKey(), out);
      }
    }
    assertEquals(List.of(), log.failures);
    write(patch, SEAMS, seamClass(seams));
    Path list = directory.resolve("names");
    Files.write(list, names);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+BytecodeVerificationLocal",
                "-Xshare:off",
                "-XX:TieredStopAtLevel=1",
                "--patch-module",
                "java.base=" + patch,
                "-cp",
                System.getProperty("java.class.path"),
                Linker.class.getName(),
                list.toString())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.endsWith("linked " + names.size()), output);
    int constructed =
        log.bySeam.entrySet().stream()
            .filter(e -> e.getKey().startsWith("new "))
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertTrue(constructed > 1000 && names.size() > 3000, log.bySeam.toString());
  }

  private static void write(Path root, String name, byte[] file) throws IOException {
    Path path = root.resolve(name + ".class");
    Files.createDirectories(path.getParent());
    Files.write(path, file);
  }

  /** Seams that do what their targets do. */
  private static byte[] seamClass(List<Seam> seams) {
    ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    cw.visit(Opcodes.V25, Opcodes.ACC_PUBLIC, SEAMS, null, "java/lang/Object", null);
    for (Seam seam : seams) {
      MethodVisitor mv =
          cw.visitMethod(
              Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC,
              seam.seamMethod(),
              seam.seamDescriptor(),
              null,
              null);
      mv.visitCode();
      if (seam.shape() == Seam.Shape.NEW) {
        mv.visitTypeInsn(Opcodes.NEW, seam.type());
        mv.visitInsn(Opcodes.DUP);
      }
      int at = 0;
      for (Type type : Type.getArgumentTypes(seam.seamDescriptor())) {
        mv.visitVarInsn(type.getOpcode(Opcodes.ILOAD), at);
        at += type.getSize();
      }
      boolean instance = seam.takesTypeFirst();
      String descriptor = instance ? seam.instanceDescriptor() : seam.staticDescriptor();
      switch (seam.shape()) {
        case NEW ->
            mv.visitMethodInsn(
                Opcodes.INVOKESPECIAL, seam.type(), "<init>", seam.staticDescriptor(), false);
        case READ ->
            mv.visitFieldInsn(
                instance ? Opcodes.GETFIELD : Opcodes.GETSTATIC,
                seam.type(),
                seam.member(),
                descriptor);
        case CALL -> {
          boolean isInterface = seam.type().startsWith("java/util/") && instance;
          int opcode =
              isInterface
                  ? Opcodes.INVOKEINTERFACE
                  : instance ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESTATIC;
          mv.visitMethodInsn(opcode, seam.type(), seam.member(), descriptor, isInterface);
        }
      }
      mv.visitInsn(Type.getReturnType(seam.seamDescriptor()).getOpcode(Opcodes.IRETURN));
      mv.visitMaxs(0, 0);
      mv.visitEnd();
    }
    cw.visitEnd();
    return cw.toByteArray();
  }

  /** Runs in a JVM of its own: links classes, which verifies them. */
  static final class Linker {

    private Linker() {}

    public static void main(String[] args) throws IOException {
      int linked = 0;
      int failed = 0;
      for (String name : Files.readAllLines(Path.of(args[0]))) {
        try {
          // Reflection links a class; loading it does not.
          var _ = Class.forName(name, false, null).getDeclaredMethods();
          linked++;
        } catch (LinkageError | ClassNotFoundException e) {
          failed++;
          System.out.println(name + ": " + e);
        }
      }
      System.out.println("linked " + linked);
      System.exit(failed == 0 ? 0 : 1);
    }
  }
}
