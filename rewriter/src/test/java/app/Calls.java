package app;

/** An app with calls and field reads. */
public class Calls {

  public static int staticCall() {
    return Target.twice(4);
  }

  public static int otherStaticCall() {
    return Target.twice(4);
  }

  public static long virtualCall() {
    return new Target(7).plus(2, 30L);
  }

  public static int interfaceCall() {
    Doer doer = new Target(7);
    int sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += doer.go(i);
    }
    return sum;
  }

  public static int defaultMethodCall() {
    Doer doer = new Target(1);
    return doer.goTwice(10);
  }

  public static int staticInterfaceCall() {
    return Doer.start();
  }

  public static String staticRead() {
    return Target.name;
  }

  public static int read() {
    return new Target(7).value;
  }

  public static String write() {
    String old = Target.name;
    Target.name = "written";
    String now = Target.name;
    Target.name = old;
    return now;
  }

  public static int superCall() {
    return new Sub().go(1);
  }

  public static String inALambda() throws Exception {
    java.util.concurrent.Callable<String> c = () -> "" + Target.twice(1);
    return c.call();
  }
}
