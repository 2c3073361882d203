package dev.husk.rewriter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One substitution: what is replaced, by which static method, and where.
 *
 * @param group the name of the group that the seam goes in with, in lower case
 * @param optional whether the group may go in without a site of this seam
 * @param shape what kind of member is replaced
 * @param type the class that declares the member, an internal name
 * @param member the name of the method or field; {@code <init>} for a construction
 * @param descriptor the member's descriptor, or {@code ""} where it follows from the seam's
 * @param seamClass the class of the seam, an internal name
 * @param seamMethod the name of the seam
 * @param seamDescriptor the descriptor of the seam
 * @param in where sites are rewritten, as in the annotation
 * @param except what is taken out of {@code in}
 */
public record Seam(
    String group,
    boolean optional,
    Shape shape,
    String type,
    String member,
    String descriptor,
    String seamClass,
    String seamMethod,
    String seamDescriptor,
    List<String> in,
    List<String> except) {

  /** What a seam replaces. */
  public enum Shape {
    /** A call of a method. */
    CALL,
    /** The read of a field. */
    READ,
    /** {@code new} with its constructor call. */
    NEW
  }

  /** Copies the lists. */
  public Seam {
    in = List.copyOf(in);
    except = List.copyOf(except);
  }

  /** The descriptor of a static target, or of the constructor; null where the target isn't one. */
  @Nullable String staticDescriptor() {
    int close = seamDescriptor.indexOf(')');
    switch (shape) {
      case CALL:
        if (descriptor.isEmpty()) {
          return seamDescriptor;
        }
        return Descriptors.count(descriptor) == Descriptors.count(seamDescriptor)
            ? descriptor
            : null;
      case READ:
        if (close != 1) {
          return null;
        }
        return descriptor.isEmpty() ? seamDescriptor.substring(2) : descriptor;
      default:
        return descriptor.isEmpty() ? seamDescriptor.substring(0, close + 1) + "V" : descriptor;
    }
  }

  /** The descriptor of an instance target, or null where the target isn't one. */
  @Nullable String instanceDescriptor() {
    switch (shape) {
      case CALL:
        if (descriptor.isEmpty()) {
          return takesTypeFirst() ? "(" + seamDescriptor.substring(type.length() + 3) : null;
        }
        return Descriptors.count(descriptor) + 1 == Descriptors.count(seamDescriptor)
            ? descriptor
            : null;
      case READ:
        if (seamDescriptor.startsWith("()")) {
          return null;
        }
        return descriptor.isEmpty()
            ? seamDescriptor.substring(seamDescriptor.indexOf(')') + 1)
            : descriptor;
      default:
        return null;
    }
  }

  /** Whether the seam's first parameter is the class that declares the member. */
  boolean takesTypeFirst() {
    return seamDescriptor.startsWith("L", 1)
        && seamDescriptor.startsWith(type, 2)
        && seamDescriptor.startsWith(";", 2 + type.length());
  }

  /** The replaced member for readers: {@code java.lang.Thread.currentThread}. */
  public String target() {
    String owner = type.replace('/', '.');
    return shape == Shape.NEW ? "new " + owner : owner + "." + member;
  }

  @Override
  public String toString() {
    return target() + " -> " + seamClass.replace('/', '.') + "." + seamMethod + seamDescriptor;
  }
}
