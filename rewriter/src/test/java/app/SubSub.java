package app;

/** An app's subclass of an app's class; its sites name no class of the JDK. */
public class SubSub extends Sub {

  public static int ownTwice() {
    return twice(5);
  }

  public static String ofItsOwn() {
    return Hiding.current().toString();
  }

  /** Declares what the seam's target is called. */
  public static class Hiding extends Target {

    public static Target current() {
      return new Target(77);
    }
  }
}
