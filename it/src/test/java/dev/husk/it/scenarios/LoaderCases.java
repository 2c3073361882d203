package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Code that comes through class loaders of its own, as in containers, and hidden classes. */
final class LoaderCases {
  private LoaderCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LoaderCases.class, args);
  }

  /** What each loader loads: it uses threads in all the usual ways. */
  public static final class Guest implements Callable<Object> {
    public Guest() {}

    @Override
    public Object call() throws Exception {
      List<Object> seen = new CopyOnWriteArrayList<>();
      ReentrantLock lock = new ReentrantLock();
      Thread[] self = new Thread[1];
      Thread thread =
          new Thread(
              new Runnable() {
                @Override
                public void run() {
                  self[0] = Thread.currentThread();
                  lock.lock();
                  seen.add(lock.isHeldByCurrentThread());
                  lock.unlock();
                  LockSupport.park();
                  seen.add(Thread.currentThread().isInterrupted());
                }
              });
      thread.start();
      while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      LockSupport.unpark(thread);
      thread.join();
      seen.add(self[0] == thread);
      return seen;
    }
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in =
        LoaderCases.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in.readAllBytes();
    }
  }

  /** Loads the guest itself, and lets only java.* through to its parent, as OSGi does. */
  private static final class Strict extends ClassLoader {
    Strict(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("java.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        if (name.startsWith(LoaderCases.class.getName())) {
          try {
            byte[] bytes = bytes(name);
            return defineClass(name, bytes, 0, bytes.length);
          } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
          }
        }
        throw new ClassNotFoundException("not for you: " + name);
      }
    }
  }

  private static Object guestOf(ClassLoader loader) throws Exception {
    Class<?> guest = Class.forName(Guest.class.getName(), true, loader);
    return ((Callable<?>) guest.getConstructor().newInstance()).call();
  }

  @Case
  static Object strictLoader() throws Exception {
    return guestOf(new Strict(LoaderCases.class.getClassLoader()));
  }

  @Case
  static Object strictLoaderWithoutParent() throws Exception {
    return guestOf(new Strict(null));
  }

  @Case
  static Object strictLoaderInThread() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = go(() -> seen.add(guestOf(new Strict(null))));
    return ended(thread) + " " + seen;
  }

  /** Becomes a hidden class. */
  static final class Unseen implements Callable<Object> {
    Unseen() {}

    @Override
    public Object call() throws Exception {
      Thread[] self = new Thread[1];
      Thread thread = new Thread(new ThreadFinder(self));
      thread.start();
      thread.join();
      Thread mine = Thread.currentThread();
      return (self[0] == thread) + " " + mine.getName() + " " + mine.isVirtual();
    }
  }

  private record ThreadFinder(Thread[] found) implements Runnable {
    @Override
    public void run() {
      found[0] = Thread.currentThread();
    }
  }

  @Case
  static Object hiddenClass() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            "host",
            () -> {
              MethodHandles.Lookup lookup =
                  MethodHandles.lookup()
                      .defineHiddenClass(
                          bytes(Unseen.class.getName()),
                          true,
                          MethodHandles.Lookup.ClassOption.NESTMATE);
              var constructor = lookup.lookupClass().getDeclaredConstructor();
              seen.add(((Callable<?>) constructor.newInstance()).call());
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object manyLoadersAtOnce() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = go(() -> seen.add(guestOf(new Strict(null))));
    }
    return ended(threads) + " " + seen;
  }
}
