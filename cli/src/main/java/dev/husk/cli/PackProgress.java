package dev.husk.cli;

/** Shows the steps of packing, and keeps notes on the screen. */
final class PackProgress implements dev.husk.image.pack.Progress, AutoCloseable {
  private final Progress line = new Progress();

  @Override
  public void step(String what) {
    line.accept(what);
  }

  @Override
  public void note(String what) {
    line.close();
    System.err.println("husk: " + what);
  }

  @Override
  public void close() {
    line.close();
  }
}
