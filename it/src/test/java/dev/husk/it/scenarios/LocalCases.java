package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.security.auth.Subject;

/** What belongs to a thread: locals, inherited locals, scoped values, the context class loader. */
final class LocalCases {
  private LocalCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LocalCases.class, args);
  }

  @Case
  static Object localsAreSeparate() throws InterruptedException {
    ThreadLocal<String> local = ThreadLocal.withInitial(() -> "initial");
    local.set("case");
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          seen.add(local.get());
          local.set("inner");
          seen.add(local.get());
          Thread.sleep(1);
          seen.add(local.get());
          local.remove();
          seen.add(local.get());
        });
    String mine = local.get();
    local.remove();
    return seen + " " + mine + " " + local.get();
  }

  @Case
  static Object localsDoNotLeakIntoTheNextThread() throws InterruptedException {
    ThreadLocal<Object> local = new ThreadLocal<>();
    AtomicInteger leaks = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      inThread(
          () -> {
            if (local.get() != null) {
              leaks.incrementAndGet();
            }
            local.set("left behind");
          });
    }
    return leaks;
  }

  @Case
  static Object localsAcrossSwitches() throws InterruptedException {
    ThreadLocal<Integer> local = new ThreadLocal<>();
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int own = i;
      threads.add(
          go(
              () -> {
                local.set(own);
                for (int n = 0; n < 20; n++) {
                  Thread.yield();
                  if (local.get() != own) {
                    wrong.incrementAndGet();
                  }
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + wrong;
  }

  @Case
  static Object inheritedFromTheCaseThread() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("early");
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread made = new Thread(() -> seen.add(local.get()));
    local.set("late");
    made.start();
    made.join();
    inThread(() -> seen.add(local.get()));
    local.remove();
    return seen;
  }

  @Case
  static Object inheritedFromAThread() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread parent =
        go(
            () -> {
              local.set("parent's");
              Thread child =
                  go(
                      () -> {
                        seen.add(local.get());
                        local.set("child's");
                        inThread(() -> seen.add(local.get()));
                      });
              ended(child);
              seen.add(local.get());
            });
    return ended(parent) + " " + seen + " " + local.get();
  }

  @Case
  static Object inheritedThroughChildValue() throws InterruptedException {
    InheritableThreadLocal<Integer> depth =
        new InheritableThreadLocal<>() {
          @Override
          protected Integer initialValue() {
            return 0;
          }

          @Override
          protected Integer childValue(Integer parent) {
            return parent + 1;
          }
        };
    depth.get();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          seen.add(depth.get());
          inThread(
              () -> {
                seen.add(depth.get());
                inThread(() -> seen.add(depth.get()));
              });
        });
    return seen;
  }

  @Case
  static Object inheritanceRefused() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("mine");
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread refused = new Thread(null, () -> seen.add(String.valueOf(local.get())), "x", 0, false);
    refused.start();
    refused.join();
    Thread built =
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .start(() -> seen.add(String.valueOf(local.get())));
    built.join();
    Thread inherits = new Thread(null, () -> seen.add(local.get()), "y", 0, true);
    inherits.start();
    inherits.join();
    local.remove();
    return seen;
  }

  @Case
  static Object inheritedIntoVirtualThread() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          local.set("platform's");
          Thread.ofVirtual()
              .start(
                  () -> {
                    seen.add(local.get());
                    local.set("virtual's");
                    Help.quietly(() -> inThread(() -> seen.add(local.get()))).run();
                  })
              .join();
        });
    return seen;
  }

  @Case
  static Object inheritedIntoPoolWorkers() throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          local.set("submitter's");
          try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            seen.add(pool.submit(local::get).get());
            local.set("changed");
            seen.add(pool.submit(local::get).get());
          }
        });
    return seen;
  }

  @Case
  static Object localOfTerminatedIsCollected() throws InterruptedException {
    ThreadLocal<Object> local = new ThreadLocal<>();
    List<java.lang.ref.WeakReference<Object>> values = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Object value = new Object();
              values.add(new java.lang.ref.WeakReference<>(value));
              local.set(value);
            });
    ended(thread);
    boolean gone =
        Help.until(
            () -> {
              System.gc();
              return values.getFirst().refersTo(null);
            });
    return gone + " " + thread.getState();
  }

  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  @Case
  static Object scopedValues() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Help.Body body =
        () ->
            ScopedValue.where(SCOPED, "outer")
                .run(
                    () -> {
                      seen.add(SCOPED.get());
                      ScopedValue.where(SCOPED, "inner").run(() -> seen.add(SCOPED.get()));
                      seen.add(SCOPED.get());
                      Help.quietly(() -> inThread(() -> seen.add(SCOPED.isBound()))).run();
                    });
    body = Help.quietly(body)::run;
    inThread(body);
    Help.quietly(body).run();
    return seen + " " + SCOPED.isBound();
  }

  @Case
  static Object scopedValueAcrossSwitches() throws InterruptedException {
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String own = "value " + i;
      threads.add(
          go(
              () ->
                  ScopedValue.where(SCOPED, own)
                      .run(
                          () -> {
                            for (int n = 0; n < 20; n++) {
                              Help.pause(0);
                              Thread.yield();
                              if (!SCOPED.get().equals(own)) {
                                wrong.incrementAndGet();
                              }
                            }
                          })));
    }
    return ended(threads.toArray(new Thread[0])) + " " + wrong;
  }

  @Case
  static Object subject() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () ->
            Subject.callAs(
                new Subject(),
                () -> {
                  seen.add(Subject.current() != null);
                  inThread(() -> seen.add(Subject.current() != null));
                  return null;
                }));
    return seen;
  }

  /** A loader that serves one service file and one bundle from memory. */
  private static final class Memory extends ClassLoader {
    private static final String SERVICE = "META-INF/services/java.util.function.Supplier";

    Memory() {
      super(LocalCases.class.getClassLoader());
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
      URL url = findResource(name);
      return url == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(url));
    }

    @Override
    protected URL findResource(String name) {
      String text =
          name.equals(SERVICE)
              ? Greeting.class.getName()
              : name.equals("memory.properties") ? "greeting=from the bundle" : null;
      if (text == null) {
        return null;
      }
      try {
        return URL.of(
            java.net.URI.create("memory:" + name),
            new URLStreamHandler() {
              @Override
              protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                  @Override
                  public void connect() {}

                  @Override
                  public InputStream getInputStream() {
                    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                  }
                };
              }
            });
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The service. */
  public static final class Greeting implements Supplier<String> {
    public Greeting() {}

    @Override
    public String get() {
      return "from the service";
    }
  }

  @SuppressWarnings("rawtypes")
  private static String services() {
    List<String> found = new ArrayList<>();
    for (Supplier service : ServiceLoader.load(Supplier.class)) {
      found.add(String.valueOf(service.get()));
    }
    return found.toString();
  }

  @Case
  static Object contextLoaderSeenByServiceLoader() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              seen.add(services());
              Thread.currentThread().setContextClassLoader(new Memory());
              seen.add(services());
              inThread(() -> seen.add(services()));
            });
    return ended(thread) + " " + seen + " " + services();
  }

  @Case
  static Object contextLoaderSetFromOutside() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread =
        go(
            () -> {
              running.countDown();
              gate.await();
              seen.add(services());
              seen.add(Thread.currentThread().getContextClassLoader().getClass().getSimpleName());
            });
    opened(running);
    thread.setContextClassLoader(new Memory());
    gate.countDown();
    return ended(thread) + " " + seen;
  }

  @Case
  static Object contextLoaderOfCaseThread() {
    Thread me = Thread.currentThread();
    ClassLoader before = me.getContextClassLoader();
    me.setContextClassLoader(new Memory());
    String seen = services();
    me.setContextClassLoader(before);
    return seen + " " + services() + " " + (before == ClassLoader.getSystemClassLoader());
  }

  @Case
  static Object contextLoaderIsInherited() throws InterruptedException {
    ClassLoader loader = new URLClassLoader(new URL[0]);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread parent =
        go(
            () -> {
              Thread.currentThread().setContextClassLoader(loader);
              Thread child =
                  new Thread(
                      () -> seen.add(Thread.currentThread().getContextClassLoader() == loader));
              seen.add(child.getContextClassLoader() == loader);
              child.start();
              child.join();
              Thread.startVirtualThread(
                      () -> seen.add(Thread.currentThread().getContextClassLoader() == loader))
                  .join();
            });
    return ended(parent) + " " + seen;
  }

  @Case
  static Object contextLoaderNullAndOverridden() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread bare =
        go(
            () -> {
              Thread.currentThread().setContextClassLoader(null);
              seen.add(String.valueOf(Thread.currentThread().getContextClassLoader()));
              inThread(
                  () -> seen.add(String.valueOf(Thread.currentThread().getContextClassLoader())));
            });
    ended(bare);
    Thread overrides =
        new Thread(() -> seen.add(services())) {
          @Override
          public ClassLoader getContextClassLoader() {
            return new Memory();
          }
        };
    overrides.start();
    return ended(overrides) + " " + seen;
  }

  @Case
  static Object bundlesThroughContextLoader() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Thread.currentThread().setContextClassLoader(new Memory());
              ResourceBundle bundle =
                  ResourceBundle.getBundle(
                      "memory",
                      java.util.Locale.ROOT,
                      Thread.currentThread().getContextClassLoader());
              seen.add(bundle.getString("greeting"));
            });
    return ended(thread) + " " + seen;
  }
}
