package dev.husk.it.scenarios;

import dev.husk.it.scenarios.Help.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The kinds of threads: on the stock JVM, the first and the last are the same. */
enum Kind {
  ORDINARY,
  VIRTUAL,

  /** One that is left to the platform: the agent is told so by the thread's name. */
  PLATFORM;

  /** What is to be done in a thread of each kind. */
  @FunctionalInterface
  interface Scene {
    Object play(Kind kind) throws Throwable;
  }

  /** Starts a thread of this kind. */
  Thread go(Body body) {
    return switch (this) {
      case ORDINARY -> Help.go("ordinary", body);
      case VIRTUAL -> Thread.ofVirtual().name("virtual").start(Help.quietly(body));
      case PLATFORM -> Help.go("platform-case", body);
    };
  }

  /** Something that a thread of this kind does meanwhile. */
  Meanwhile begin(Scene scene) {
    CompletableFuture<Object> result = new CompletableFuture<>();
    Thread thread =
        go(
            () -> {
              try {
                result.complete(scene.play(this));
              } catch (Throwable e) {
                String message = e.getMessage();
                result.complete(
                    e.getClass().getName() + (message == null ? "" : " \"" + message + "\""));
              }
            });
    return new Meanwhile(thread, result);
  }

  /** The same with a body that tells only what it throws, once it blocks. */
  Meanwhile blocked(Body body) {
    Meanwhile meanwhile = begin(kind -> Help.thrown(body));
    Help.until(() -> !meanwhile.goesOn() || Help.blocks(meanwhile.thread()));
    Help.pause(60);
    return meanwhile;
  }

  /** A thread and what it will have come to. */
  record Meanwhile(Thread thread, CompletableFuture<Object> result) {
    /** What it returned, or the exception that it threw; or that it doesn't end. */
    String end() {
      try {
        return String.valueOf(result.get(8_000, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        return "not ended, " + thread.getState();
      } catch (ExecutionException e) {
        return "failed " + e.getCause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }

    /** Says whether it ends, given more time where it is bound to. */
    String settled(boolean ends) {
      Help.pause(60);
      for (int i = 0; ends && goesOn() && i < 300; i++) {
        Help.pause(10);
      }
      return goesOn() ? "goes on" : "ended";
    }

    /** Whether it hasn't come to an end. */
    boolean goesOn() {
      return !result.isDone();
    }
  }

  /** Plays a scene in one thread of each kind at once, and returns a line for each. */
  static String each(Scene scene) {
    List<Meanwhile> all = new ArrayList<>();
    for (Kind kind : values()) {
      all.add(kind.begin(scene));
    }
    StringBuilder lines = new StringBuilder();
    for (Kind kind : values()) {
      lines.append("\n  ").append(kind).append(": ").append(all.get(kind.ordinal()).end());
    }
    return lines.toString();
  }
}
