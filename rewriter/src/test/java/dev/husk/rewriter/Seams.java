package dev.husk.rewriter;

import java.util.List;

/** Makes seams for tests. Targets are written {@code java/lang/Thread.currentThread}. */
final class Seams {

  private Seams() {}

  static Seam call(String target, String seam, String seamDescriptor, String... in) {
    return seam(Seam.Shape.CALL, target, "", seam, seamDescriptor, in);
  }

  static Seam read(String target, String seam, String seamDescriptor, String... in) {
    return seam(Seam.Shape.READ, target, "", seam, seamDescriptor, in);
  }

  static Seam construct(String type, String seam, String seamDescriptor, String... in) {
    return seam(Seam.Shape.NEW, type + ".<init>", "", seam, seamDescriptor, in);
  }

  static Seam seam(
      Seam.Shape shape,
      String target,
      String descriptor,
      String seam,
      String seamDescriptor,
      String... in) {
    int dot = target.lastIndexOf('.');
    int seamDot = seam.lastIndexOf('.');
    return new Seam(
        "threads",
        false,
        shape,
        target.substring(0, dot),
        target.substring(dot + 1),
        descriptor,
        seam.substring(0, seamDot),
        seam.substring(seamDot + 1),
        seamDescriptor,
        List.of(in),
        List.of());
  }

  static Seam except(Seam s, String... except) {
    return new Seam(
        s.group(),
        s.optional(),
        s.shape(),
        s.type(),
        s.member(),
        s.descriptor(),
        s.seamClass(),
        s.seamMethod(),
        s.seamDescriptor(),
        s.in(),
        List.of(except));
  }

  static Seam optional(Seam s) {
    return new Seam(
        s.group(),
        true,
        s.shape(),
        s.type(),
        s.member(),
        s.descriptor(),
        s.seamClass(),
        s.seamMethod(),
        s.seamDescriptor(),
        s.in(),
        s.except());
  }
}
