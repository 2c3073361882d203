package dev.husk.it.floors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rooms and the floors they are on. A room is a package right below the root, with all that is
 * in it, and the module of that name.
 */
final class House {
  /**
   * The classes that live in packages of the JDK, where every class loader finds them or to reach
   * what isn't public there.
   */
  private static final Set<String> IN_JAVA_BASE_OF_ALLOCATOR =
      Set.of("java.nio.HuskBuffers", "sun.nio.ch.HuskMaps", "sun.nio.ch.HuskPressure");

  private static final Set<String> IN_JAVA_BASE =
      Set.of(
          "java.lang.HuskLang",
          "java.lang.HuskSeams",
          "java.lang.HuskStart",
          "sun.nio.ch.HuskEvent",
          "sun.nio.ch.HuskNet",
          "sun.nio.ch.HuskNet$Asynchronous",
          "sun.nio.ch.HuskNet$Channels",
          "sun.nio.ch.HuskNet$Datagrams",
          "sun.nio.ch.HuskNet$Dispatchers",
          "sun.nio.ch.HuskNet$Duplicates",
          "sun.nio.ch.HuskNet$Nets",
          "sun.nio.ch.HuskNet$Pipes",
          "sun.nio.ch.HuskNet$Sockets",
          "sun.nio.ch.HuskNio");

  /** From the ground up. A room imports only from floors below its own. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("runtime"),
          Set.of("allocator", "scheduler", "rewriter"),
          Set.of("virtio"),
          Set.of("netpath"),
          Set.of("start"),
          Set.of("agent", "image"),
          Set.of("ab"),
          Set.of("cli"),
          Set.of("maven"));

  /**
   * In the garden: these see all of the house and each other. No room sees them but the command
   * line, which runs the examples and the benchmarks.
   */
  private static final Set<String> GARDEN = Set.of("examples", "bench", "it");

  /** What the boot loader loads: it finds nothing but {@code java.base} and its own kind. */
  private static final Set<String> BOOT =
      Set.of("runtime", "allocator", "scheduler", "virtio", "netpath");

  /**
   * Another module that some boot classes name: only those whose seams are in that module, so that
   * nothing loads them before it is there. The boot loader loads that module too.
   */
  private static final Map<String, String> BOOT_BESIDES =
      Map.of(
          "ManagementSeams", "java.lang.management",
          "ThreadInfos", "java.lang.management",
          "ThreadInfos$Snapshots", "java.lang.management");

  /**
   * What a class file may name without the class being there: annotations for readers and tools.
   */
  private static final String ANNOTATIONS = "org.jspecify.annotations";

  private final String root;

  /** A house whose rooms are the packages right below {@code root}. */
  House(String root) {
    this.root = root;
  }

  /** Each class is in a room that this page knows. */
  ArchRule everyClassHasARoom() {
    return ArchRuleDefinition.classes()
        .should(
            new ArchCondition<>("be in a room") {
              @Override
              public void check(JavaClass c, ConditionEvents events) {
                String room = room(c);
                boolean known = room != null && (floor(room) >= 0 || GARDEN.contains(room));
                events.add(
                    new SimpleConditionEvent(
                        c, known, c.getName() + " is in no room of the house: add it to House"));
              }
            });
  }

  /** No room imports from its own floor's other rooms or from above. */
  ArchRule importsGoDown() {
    return ArchRuleDefinition.classes()
        .that(areIn("a room", FLOORS.stream().flatMap(Set::stream).toList()))
        .should(
            new ArchCondition<>("import only from floors below") {
              @Override
              public void check(JavaClass c, ConditionEvents events) {
                for (Dependency d : c.getDirectDependenciesFromSelf()) {
                  String from = room(c);
                  String to = room(d.getTargetClass().getBaseComponentType());
                  if (from == null || to == null || from.equals(to)) {
                    continue;
                  }
                  boolean down = GARDEN.contains(to) ? from.equals("cli") : floor(to) < floor(from);
                  events.add(
                      new SimpleConditionEvent(
                          d, down, from + " imports from " + to + ": " + d.getDescription()));
                }
              }
            });
  }

  /** What the boot loader loads uses {@code java.base} and other boot rooms. */
  ArchRule bootRoomsNeedOnlyJavaBase() {
    return ArchRuleDefinition.classes()
        .that(areIn("a boot room", BOOT))
        .should(
            new ArchCondition<>("use only java.base and boot rooms") {
              @Override
              public void check(JavaClass c, ConditionEvents events) {
                for (Dependency d : c.getDirectDependenciesFromSelf()) {
                  JavaClass target = d.getTargetClass().getBaseComponentType();
                  String room = room(target);
                  boolean there =
                      target.isPrimitive()
                          || (room != null ? BOOT.contains(room) : isInJavaBase(target))
                          || target.getPackageName().equals(BOOT_BESIDES.get(nameInPackage(c)));
                  events.add(new SimpleConditionEvent(d, there, d.getDescription()));
                }
              }
            });
  }

  /** The rewriter is a function of bytes: it knows ASM and the JDK. */
  ArchRule rewriterNeedsOnlyAsm() {
    return ArchRuleDefinition.classes()
        .that(areIn("the rewriter", Set.of("rewriter")))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            root + ".rewriter..", "org.objectweb.asm..", "java..", ANNOTATIONS + "..", "");
  }

  private DescribedPredicate<JavaClass> areIn(String words, Iterable<String> rooms) {
    return new DescribedPredicate<>("are in " + words) {
      @Override
      public boolean test(JavaClass c) {
        String room = room(c);
        for (String r : rooms) {
          if (r.equals(room)) {
            return true;
          }
        }
        return false;
      }
    };
  }

  private @Nullable String room(JavaClass c) {
    if (IN_JAVA_BASE_OF_ALLOCATOR.contains(c.getName())) {
      return "allocator";
    }
    if (IN_JAVA_BASE.contains(c.getName())) {
      return "scheduler";
    }
    String prefix = root + ".";
    if (!c.getPackageName().startsWith(prefix)) {
      return null;
    }
    String rest = c.getPackageName().substring(prefix.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** The number of the room's floor from 0, or -1 if it's on none. */
  private static int floor(String room) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(room)) {
        return i;
      }
    }
    return -1;
  }

  private static String nameInPackage(JavaClass c) {
    return c.getName().substring(c.getPackageName().length() + 1);
  }

  /** Whether this JVM, which is the JDK that the house stands on, has the class in java.base. */
  private static boolean isInJavaBase(JavaClass c) {
    return c.getPackageName().equals(ANNOTATIONS)
        || Object.class.getModule().getPackages().contains(c.getPackageName());
  }
}
