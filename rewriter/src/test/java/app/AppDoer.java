package app;

/** Sites in an interface. */
public interface AppDoer {

  default int inADefaultMethod() {
    return Target.twice(6) + inAPrivateMethod();
  }

  private int inAPrivateMethod() {
    return Doer.start();
  }

  static int inAStaticMethod() {
    return Target.twice(7);
  }

  static int all() {
    return new AppDoer() {}.inADefaultMethod() + inAStaticMethod();
  }
}
