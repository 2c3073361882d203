package dev.husk.netpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.runtime.seam.Replaces;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of what the JDK's channels and sockets call of the operating system is complete, and
 * what it says is served has seams. The list is {@code natives.txt}: a JDK that adds a native, or
 * calls one from another place, fails here until somebody has decided what becomes of it.
 */
class NativesTest {
  private static final String[] MODULES = {"java.base", "jdk.net"};

  /** The callers of a native, by whether they are served. */
  private record Entry(Set<String> served, Set<String> kernel) {
    Entry() {
      this(new TreeSet<>(), new TreeSet<>());
    }

    Set<String> all() {
      Set<String> all = new TreeSet<>(served);
      all.addAll(kernel);
      return all;
    }
  }

  @Test
  void everyNativeIsDecidedOn() throws IOException {
    Map<String, Entry> listed = listed();
    List<String> wrong = new ArrayList<>();
    Map<String, Set<String>> found = scan();
    for (Map.Entry<String, Set<String>> each : found.entrySet()) {
      Entry entry = listed.get(each.getKey());
      if (entry == null) {
        wrong.add("not in the list: " + line(each.getKey(), each.getValue()));
      } else if (!entry.all().equals(each.getValue())) {
        wrong.add("called from elsewhere: " + line(each.getKey(), each.getValue()));
      }
    }
    for (String name : listed.keySet()) {
      if (!found.containsKey(name)) {
        wrong.add("no longer there: " + name);
      }
    }
    assertEquals(List.of(), wrong, "in " + Runtime.version());
  }

  @Test
  void whatIsServedHasSeams() throws IOException {
    Map<String, Set<String>> seams = seams();
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Entry> each : listed().entrySet()) {
      String name = each.getKey().substring(0, each.getKey().indexOf('('));
      Set<String> scopes = seams.getOrDefault(name, Set.of());
      for (String site : each.getValue().served) {
        if (!isIn(site, scopes)) {
          wrong.add(name + " has no seam in " + site);
        }
      }
      for (String site : each.getValue().kernel) {
        if (isIn(site, scopes)) {
          wrong.add(name + " is said to be the kernel's and has a seam in " + site);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static boolean isIn(String site, Set<String> scopes) {
    return scopes.contains(site) || scopes.contains(site.substring(0, site.indexOf('#')));
  }

  private static String line(String name, Set<String> sites) {
    return name + " | ? | " + String.join(" ", sites);
  }

  private static Map<String, Entry> listed() throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (InputStream in = NativesTest.class.getResourceAsStream("natives.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] parts = line.split(" *\\| *", -1);
        assertEquals(3, parts.length, line);
        assertTrue(
            parts[1].equals("served") || parts[1].startsWith("kernel: ") && parts[1].length() > 12,
            "neither served nor a reason: " + line);
        Entry entry = entries.computeIfAbsent(parts[0].strip(), name -> new Entry());
        for (String site : parts[2].strip().split(" +")) {
          if (!site.isEmpty()) {
            (parts[1].equals("served") ? entry.served : entry.kernel).add(site);
          }
        }
      }
    }
    return entries;
  }

  /** The natives under channels and sockets, and the methods that call them. */
  private static Map<String, Set<String>> scan() throws IOException {
    Map<String, Set<String>> natives = new TreeMap<>();
    List<ClassModel> classes = new ArrayList<>();
    for (String module : MODULES) {
      Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (file.toString().endsWith(".class")) {
            classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
          }
        }
      }
    }
    for (ClassModel type : classes) {
      String name = type.thisClass().asInternalName();
      if (name.startsWith("sun/nio/ch/Husk")) {
        continue;
      }
      if (name.startsWith("sun/nio/ch/") || name.startsWith("jdk/net/")) {
        for (MethodModel method : type.methods()) {
          if (method.flags().has(AccessFlag.NATIVE)) {
            natives.put(
                key(name, method.methodName().stringValue(), method.methodType().stringValue()),
                new TreeSet<>());
          }
        }
      }
    }
    for (ClassModel type : classes) {
      String name = type.thisClass().asInternalName().replace('/', '.');
      for (MethodModel method : type.methods()) {
        method
            .code()
            .ifPresent(
                code -> {
                  for (CodeElement element : code) {
                    if (element instanceof InvokeInstruction call) {
                      Set<String> sites = natives.get(callee(call, natives));
                      if (sites != null) {
                        sites.add(name + "#" + method.methodName().stringValue());
                      }
                    }
                  }
                });
      }
    }
    return natives;
  }

  /** The native that a call means; one is called by its subclass's name. */
  private static String callee(InvokeInstruction call, Map<String, Set<String>> natives) {
    String owner = call.owner().asInternalName();
    String key = key(owner, call.name().stringValue(), call.type().stringValue());
    return !natives.containsKey(key) && owner.equals("sun/nio/ch/FileDispatcherImpl")
        ? key(
            "sun/nio/ch/UnixFileDispatcherImpl",
            call.name().stringValue(),
            call.type().stringValue())
        : key;
  }

  private static String key(String owner, String name, String type) {
    return owner.replace('/', '.') + "#" + name + type;
  }

  /** The places of the seams, by what they replace. */
  private static Map<String, Set<String>> seams() throws IOException {
    Map<String, Set<String>> seams = new TreeMap<>();
    for (String module : List.of("scheduler", "netpath")) {
      Path root = Path.of("..", module, "target", "classes");
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (file.toString().endsWith(".class")) {
            for (MethodModel method : ClassFile.of().parse(Files.readAllBytes(file)).methods()) {
              method
                  .findAttribute(Attributes.runtimeInvisibleAnnotations())
                  .ifPresent(all -> all.annotations().forEach(each -> add(seams, each)));
            }
          }
        }
      }
    }
    return seams;
  }

  private static void add(Map<String, Set<String>> seams, Annotation annotation) {
    if (!annotation.className().stringValue().equals(Replaces.class.descriptorString())) {
      return;
    }
    String type = "";
    String method = "";
    Set<String> in = new TreeSet<>();
    for (AnnotationElement element : annotation.elements()) {
      switch (element.name().stringValue()) {
        case "type" -> type = text(element.value());
        case "method" -> method = text(element.value());
        case "in" ->
            ((AnnotationValue.OfArray) element.value())
                .values()
                .forEach(value -> in.add(text(value)));
        default -> {}
      }
    }
    seams.computeIfAbsent(type + "#" + method, key -> new TreeSet<>()).addAll(in);
  }

  private static String text(AnnotationValue value) {
    return ((AnnotationValue.OfString) value).stringValue();
  }
}
