package app;

/** Stands for an interface of the JDK. */
public interface Doer {

  int go(int n);

  default int goTwice(int n) {
    return go(go(n));
  }

  static int start() {
    return 5;
  }
}
