package app;

/** Stands for a class of the JDK. */
public class Target implements Doer {

  public static String name = "target";

  public final int value;

  public Target() {
    this(1);
  }

  public Target(int value) {
    this.value = value;
  }

  public Target(long a, String b, double c, Target d) {
    this((int) (a + b.length() + (long) c + d.value));
  }

  public static int twice(int n) {
    return 2 * n;
  }

  public static Target current() {
    return new Target(3);
  }

  public final long plus(int n, long more) {
    return value + n + more;
  }

  @Override
  public int go(int n) {
    return value + n;
  }

  @Override
  public String toString() {
    return "Target" + value;
  }
}
