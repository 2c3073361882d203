package dev.husk.rewriter;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the seam index from class files, at build time.
 *
 * <pre>SeamIndexer [--verify] &lt;index&gt; &lt;directory of classes, or an index to merge&gt;…
 * </pre>
 *
 * <p>With {@code --verify} each group is checked against the JDK that runs the indexer, and the
 * index says so for the groups that fit: the agent needs no check of its own on that JDK.
 */
public final class SeamIndexer {

  private static final String ANNOTATION = "Ldev/husk/runtime/seam/Replaces;";

  private final Map<String, Seam> seams = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();

  private SeamIndexer() {}

  /** The command line; exits with 1 and a line for each mistake. */
  public static void main(String[] args) throws IOException {
    int code = run(args, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(String[] args, PrintStream err) throws IOException {
    boolean verify = args.length > 0 && args[0].equals("--verify");
    int first = verify ? 1 : 0;
    if (args.length < first + 2) {
      err.println("usage: SeamIndexer [--verify] <index> <directory or index>...");
      return 2;
    }
    List<Path> inputs = new ArrayList<>();
    for (int i = first + 1; i < args.length; i++) {
      inputs.add(Path.of(args[i]));
    }
    SeamTable table;
    try {
      table = index(inputs);
    } catch (InvalidSeamsException e) {
      for (String error : e.errors()) {
        err.println("seam: " + error);
      }
      return 1;
    }
    if (verify) {
      for (String group : table.groups()) {
        List<String> missing = GroupCheck.missing(table, group, runningJdk());
        if (missing.isEmpty()) {
          table =
              table.withVerified(
                  SeamTable.runningJdk(), group, GroupCheck.sites(table, group, javaBase()));
        }
        for (String what : missing) {
          err.println("seam: group " + group + " doesn't fit this JDK: " + what);
        }
      }
    }
    Path out = Path.of(args[first]);
    if (out.toAbsolutePath().getParent() != null) {
      Files.createDirectories(out.toAbsolutePath().getParent());
    }
    Files.writeString(out, table.toIndex());
    for (Set<String> groups : combinations(table)) {
      pack(table, groups, out);
    }
    return 0;
  }

  /** The sets of groups that a driver may ask for: all of those that are verified. */
  private static List<Set<String>> combinations(SeamTable table) {
    List<Set<String>> all = new ArrayList<>(List.of(Set.of()));
    for (String group : table.groups()) {
      if (table.isVerified(SeamTable.runningJdk(), group)) {
        for (Set<String> without : List.copyOf(all)) {
          Set<String> with = new TreeSet<>(without);
          with.add(group);
          all.add(with);
        }
      }
    }
    all.removeFirst();
    return all;
  }

  private static void pack(SeamTable table, Set<String> groups, Path index) throws IOException {
    Files.write(
        index.resolveSibling(SeamPack.fileName(groups)),
        SeamPack.write(table, SeamTable.runningJdk(), groups));
  }

  /** All class files of the running {@code java.base}, by internal name. */
  private static Map<String, byte[]> javaBase() {
    Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    Map<String, byte[]> classFiles = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = root.relativize(file).toString();
        if (name.endsWith(".class")) {
          classFiles.put(
              name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classFiles;
  }

  /** The class files of the running JDK, as far as the boot loader's modules go. */
  public static Supers runningJdk() {
    return internalName -> {
      try (InputStream in = ClassLoader.getSystemResourceAsStream(internalName + ".class")) {
        return in == null ? null : in.readAllBytes();
      } catch (IOException e) {
        return null;
      }
    };
  }

  /**
   * Collects the seams of directories of class files and of other indexes, sorted.
   *
   * @throws InvalidSeamsException if an annotation makes no sense
   */
  public static SeamTable index(List<Path> inputs) throws IOException {
    SeamIndexer indexer = new SeamIndexer();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        indexer.addDirectory(input);
      } else {
        indexer.addIndex(input);
      }
    }
    indexer.checkDuplicates();
    if (!indexer.errors.isEmpty()) {
      throw new InvalidSeamsException(indexer.errors);
    }
    return SeamTable.of(List.copyOf(indexer.seams.values()));
  }

  private void addIndex(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      for (Seam seam : SeamTable.parse(in).seams()) {
        add(seam);
      }
    }
  }

  private void addDirectory(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.filter(f -> f.toString().endsWith(".class")).sorted().toList();
    }
    byte[] needle = ANNOTATION.getBytes(StandardCharsets.US_ASCII);
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      if (contains(bytes, needle)) {
        new ClassReader(bytes).accept(new Reader(), ClassReader.SKIP_CODE);
      }
    }
  }

  private static boolean contains(byte[] bytes, byte[] needle) {
    for (int i = 0; i + needle.length <= bytes.length; i++) {
      int j = 0;
      while (j < needle.length && bytes[i + j] == needle[j]) {
        j++;
      }
      if (j == needle.length) {
        return true;
      }
    }
    return false;
  }

  private void add(Seam seam) {
    // The order of the index: by target, then by seam; the build's file order plays no part.
    String key =
        String.join(
            "\t",
            seam.group(),
            seam.type(),
            seam.member(),
            seam.shape().name(),
            seam.descriptor(),
            seam.seamClass(),
            seam.seamMethod(),
            seam.seamDescriptor());
    Seam old = seams.put(key, seam);
    if (old != null && !old.equals(seam)) {
      errors.add(name(seam) + " is in two inputs, and differs");
    }
  }

  private static String name(Seam seam) {
    return seam.seamClass().replace('/', '.') + "." + seam.seamMethod() + seam.seamDescriptor();
  }

  /** Two seams for one target at one place would leave it to chance which one it is. */
  private void checkDuplicates() {
    Map<String, Seam> first = new HashMap<>();
    for (Seam seam : seams.values()) {
      String target = seam.shape() + "\t" + seam.type() + "\t" + seam.member() + "\t";
      Set<String> descriptors = new HashSet<>();
      if (seam.staticDescriptor() != null) {
        descriptors.add("static " + seam.staticDescriptor());
      }
      if (seam.instanceDescriptor() != null) {
        descriptors.add(seam.instanceDescriptor());
      }
      Set<Seam> told = new HashSet<>();
      for (String descriptor : descriptors) {
        for (String place : seam.in()) {
          Seam other = first.putIfAbsent(target + descriptor + "\t" + place, seam);
          if (other != null && other != seam && told.add(other)) {
            errors.add(
                name(seam)
                    + " and "
                    + name(other)
                    + " both replace "
                    + seam.target()
                    + " in "
                    + place);
          }
        }
      }
    }
  }

  /** Thrown by {@link #index}: annotations that make no sense. */
  public static final class InvalidSeamsException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient List<String> errors;

    InvalidSeamsException(List<String> errors) {
      super(String.join("; ", errors));
      this.errors = List.copyOf(errors);
    }

    /** A line for each mistake: where it is and what is wrong. */
    public List<String> errors() {
      return errors;
    }
  }

  /** Reads one class. */
  private final class Reader extends ClassVisitor {

    private String className = "";
    private int classAccess;

    Reader() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      className = name;
      classAccess = access;
    }

    @Override
    public void visitInnerClass(
        String name, @Nullable String outerName, @Nullable String innerName, int access) {
      // The class's own access flags say neither private nor protected of a nested class.
      if (name.equals(className)) {
        classAccess = access & ~Opcodes.ACC_STATIC;
      }
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
          return type.equals(ANNOTATION)
              ? new Values(className, classAccess, access, name, descriptor)
              : null;
        }
      };
    }
  }

  /** Reads one annotation. */
  private final class Values extends AnnotationVisitor {

    private final String className;
    private final int classAccess;
    private final int access;
    private final String seamMethod;
    private final String seamDescriptor;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, List<String>> arrays = new HashMap<>();

    Values(String className, int classAccess, int access, String method, String descriptor) {
      super(Opcodes.ASM9);
      this.className = className;
      this.classAccess = classAccess;
      this.access = access;
      this.seamMethod = method;
      this.seamDescriptor = descriptor;
    }

    @Override
    public void visit(String name, Object value) {
      values.put(name, value);
    }

    @Override
    public void visitEnum(String name, String descriptor, String value) {
      values.put(name, value);
    }

    @Override
    public AnnotationVisitor visitArray(String name) {
      List<String> list = new ArrayList<>();
      arrays.put(name, list);
      return new AnnotationVisitor(Opcodes.ASM9) {
        @Override
        public void visit(@Nullable String ignored, Object value) {
          list.add((String) value);
        }
      };
    }

    private String text(String name) {
      return (String) values.getOrDefault(name, "");
    }

    private void error(String what) {
      errors.add(className.replace('/', '.') + "." + seamMethod + ": " + what);
    }

    @Override
    public void visitEnd() {
      int before = errors.size();
      String method = text("method");
      String field = text("field");
      boolean construct = Boolean.TRUE.equals(values.get("construct"));
      int given = (method.isEmpty() ? 0 : 1) + (field.isEmpty() ? 0 : 1) + (construct ? 1 : 0);
      if (given != 1) {
        error("give exactly one of method, field and construct, not " + given);
      }
      if (method.startsWith("<")) {
        error("'" + method + "' can't be replaced as a method; for 'new' say construct = true");
      }
      if ((classAccess & Opcodes.ACC_PUBLIC) == 0) {
        error("its class isn't public");
      }
      if ((classAccess & Opcodes.ACC_INTERFACE) != 0) {
        error("its class is an interface");
      }
      if ((access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC))
          != (Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC)) {
        error("it isn't public static");
      }
      String type = text("type").replace('.', '/');
      if (text("type").isEmpty()
          || text("type").indexOf('/') >= 0
          || Scope.problemOf(text("type")) != null
          || text("type").indexOf('#') >= 0
          || text("type").endsWith(".**")) {
        error("type '" + text("type") + "' is no class name like java.lang.Thread");
      }
      List<String> in = arrays.getOrDefault("in", List.of());
      if (in.isEmpty()) {
        error("'in' is empty: no site would be rewritten");
      }
      List<String> except = arrays.getOrDefault("except", List.of());
      Set<String> seen = new HashSet<>();
      for (String entry : in) {
        checkPlace("in", entry);
        if (!seen.add(entry)) {
          error("'" + entry + "' is in 'in' twice");
        }
      }
      for (String entry : except) {
        checkPlace("except", entry);
        if (seen.contains(entry)) {
          error("'" + entry + "' is in 'in' and in 'except'");
        }
      }
      if (text("group").isEmpty()) {
        error("it has no group");
      }
      if (errors.size() > before) {
        return;
      }
      Seam seam =
          new Seam(
              text("group").toLowerCase(Locale.ROOT),
              Boolean.TRUE.equals(values.get("optional")),
              construct ? Seam.Shape.NEW : method.isEmpty() ? Seam.Shape.READ : Seam.Shape.CALL,
              type,
              construct ? "<init>" : method + field,
              text("descriptor"),
              className,
              seamMethod,
              seamDescriptor,
              in.stream().sorted(Comparator.naturalOrder()).toList(),
              except.stream().sorted(Comparator.naturalOrder()).toList());
      checkDescriptor(seam);
      if (errors.size() == before) {
        add(seam);
      }
    }

    private void checkPlace(String attribute, String entry) {
      String problem = Scope.problemOf(entry);
      if (problem != null) {
        error(attribute + ": " + problem);
      }
    }

    private void checkDescriptor(Seam seam) {
      Type own = Type.getMethodType(seamDescriptor);
      Type[] parameters = own.getArgumentTypes();
      Type result = own.getReturnType();
      String typeName = seam.type().replace('/', '.');
      Type owner = Type.getObjectType(seam.type());
      if (seam.descriptor().isEmpty()) {
        switch (seam.shape()) {
          case CALL -> {}
          case READ -> {
            if (result == Type.VOID_TYPE) {
              error("it stands for a field and returns nothing");
            }
            if (parameters.length > 1 || parameters.length == 1 && !parameters[0].equals(owner)) {
              error(
                  "it stands for a field: it takes nothing (a static field) or one "
                      + typeName
                      + "; where it can't name that class, give the field's descriptor");
            }
          }
          case NEW -> {
            if (!result.equals(owner)) {
              error(
                  "it stands for new "
                      + typeName
                      + " and returns something else; if that is a subclass, or the class can't be"
                      + " named, give the constructor's descriptor");
            }
          }
        }
        return;
      }
      if (seam.shape() == Seam.Shape.READ) {
        Type field = type(seam.descriptor());
        if (field == null) {
          error("'" + seam.descriptor() + "' is no descriptor of a field");
        } else if (parameters.length > 1
            || parameters.length == 1 && !isReference(parameters[0])
            || !fits(field, result)) {
          error("it can't stand for a field of type " + seam.descriptor());
        }
        return;
      }
      Type target = methodType(seam.descriptor());
      if (target == null) {
        error("'" + seam.descriptor() + "' is no descriptor of a method");
        return;
      }
      Type[] wanted = target.getArgumentTypes();
      Type wantedResult = target.getReturnType();
      boolean isNew = seam.shape() == Seam.Shape.NEW;
      if (isNew && wantedResult != Type.VOID_TYPE) {
        error("a constructor's descriptor ends in V");
        return;
      }
      int extra = parameters.length - wanted.length;
      boolean fits =
          (extra == 0 || extra == 1 && !isNew && isReference(parameters[0]))
              && (isNew ? isReference(result) : fits(wantedResult, result));
      for (int i = 0; fits && i < wanted.length; i++) {
        fits = fits(wanted[i], parameters[i + extra]);
      }
      if (!fits) {
        error(
            "with the descriptor "
                + seamDescriptor
                + " it can't stand for "
                + seam.target()
                + seam.descriptor());
      }
    }

    private static boolean isReference(Type type) {
      return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
    }

    /** Primitive types must be the same; which references fit, only the verifier knows. */
    private static boolean fits(Type target, Type own) {
      return target.equals(own) || isReference(target) && isReference(own);
    }

    private static @Nullable Type type(String descriptor) {
      Type method = methodType("(" + descriptor + ")V");
      return method == null || method.getArgumentTypes().length != 1
          ? null
          : method.getArgumentTypes()[0];
    }

    private static @Nullable Type methodType(String descriptor) {
      try {
        int close = descriptor.indexOf(')');
        if (descriptor.indexOf('(') != 0
            || descriptor.lastIndexOf('(') != 0
            || close < 1
            || descriptor.indexOf(')', close + 1) >= 0
            || descriptor.indexOf('.') >= 0) {
          return null;
        }
        for (int i = 1; i < close; ) {
          int next = Descriptors.next(descriptor, i);
          if (next > close || !isType(descriptor.substring(i, next))) {
            return null;
          }
          i = next;
        }
        String result = descriptor.substring(close + 1);
        return result.equals("V")
                || isType(result) && Descriptors.next(result, 0) == result.length()
            ? Type.getMethodType(descriptor)
            : null;
      } catch (RuntimeException e) {
        return null;
      }
    }

    private static boolean isType(String descriptor) {
      String element = descriptor.replace("[", "");
      return element.length() == 1
          ? "ZBCSIJFD".contains(element)
          : element.length() > 2 && element.startsWith("L") && element.endsWith(";");
    }
  }
}
