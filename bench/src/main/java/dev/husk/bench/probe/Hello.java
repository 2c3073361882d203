package dev.husk.bench.probe;

/** The smallest program, for the cost of starting one. */
public final class Hello {
  private Hello() {}

  /** Says so. */
  public static void main(String[] args) {
    System.out.println("Hello");
  }
}
