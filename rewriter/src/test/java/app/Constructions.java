package app;

/** An app that constructs. */
public class Constructions extends Target {

  private final Target inner;

  public Constructions() {
    super(5);
    inner = new Target(6);
  }

  public Constructions(int ignored) {
    this();
  }

  public static int plain() {
    return new Target(2).value;
  }

  public static int dropped() {
    new Target(2);
    return 9;
  }

  public static String wide() {
    return new Target(5L, "ab", 2.5, new Target(4)).toString();
  }

  public static String nested() {
    return new Target(1L, "x" + new Target(3), 1.0, new Target(1, "y".concat("z"), 2, new Target()))
        .toString();
  }

  public static int computed() {
    int[] a = {1, 2};
    return new Target(a[0] + (int) Long.parseLong("40") * a.length).value;
  }

  public static String fromAConstructor() {
    return new Constructions(1).inner + " in " + new Constructions(1).value;
  }

  public static int branching(boolean which) {
    return new Target(which ? 1 : 2).value;
  }

  public static int inBranches(boolean which) {
    Target t;
    if (which) {
      t = new Target(10);
    } else {
      t = new Target(20);
    }
    return t.value;
  }

  public static int inATry(String number) {
    try {
      return new Target(Integer.parseInt(number)).value;
    } catch (NumberFormatException e) {
      return new Target(99).value;
    } finally {
      Target.name = new Target(1) + "";
      Target.name = "target";
    }
  }

  public static int inATernary(boolean which) {
    return (which ? new Target(3) : new Target(4)).value;
  }

  public static int branchBeside(boolean which) {
    return new Target(which ? 1 : 2).value + new Target(5).value;
  }

  public static String plainObject() {
    return new Object().toString();
  }
}
