package app;

/** The seams: each answers what its target never would. */
public final class Served {

  private Served() {}

  public static int twice(int n) {
    return -2 * n;
  }

  public static int twiceInOneMethod(int n) {
    return -3 * n;
  }

  public static Target current() {
    return new Target(-3);
  }

  public static long plus(Target receiver, int n, long more) {
    return -(receiver.value + n + more);
  }

  public static long plusOfAnything(Object receiver, int n, long more) {
    return -((Target) receiver).value;
  }

  public static int go(Doer receiver, int n) {
    return -receiver.go(n);
  }

  public static int goOfTarget(Target receiver, int n) {
    return -100 - receiver.value - n;
  }

  public static int goTwice(Doer receiver, int n) {
    return -receiver.goTwice(n);
  }

  public static int start() {
    return -5;
  }

  public static String name() {
    return "served";
  }

  public static int value(Target receiver) {
    return -receiver.value;
  }

  public static Target create() {
    return new Target(-1);
  }

  public static Target create(int value) {
    return new Target(-value);
  }

  public static Target create(long a, String b, double c, Target d) {
    return new Target(a, b, c, new Target(-1000));
  }

  public static Object createObject() {
    return "an object";
  }
}
