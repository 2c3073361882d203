package app;

/** An app's subclass of a JDK class. */
public class Sub extends Target {

  public static String self() {
    return current().toString();
  }

  @Override
  public int go(int n) {
    return super.go(n);
  }

  public static long inheritedInstanceCall() {
    return new Sub().plus(1, 1L);
  }
}
