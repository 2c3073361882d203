package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.State;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Corners: foreign threads, collectors, odd overrides, private fields, other ways to park. */
@SuppressWarnings({"restricted", "removal"})
final class OddCases {
  private OddCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(OddCases.class, args);
  }

  // Threads that nobody started through Thread.start.

  private static final AtomicReference<Thread> NATIVE = new AtomicReference<>();
  private static final ReentrantLock NATIVE_LOCK = new ReentrantLock();
  private static final List<Object> NATIVE_SEEN = new CopyOnWriteArrayList<>();

  private static MemorySegment nativeBody(MemorySegment argument) {
    Thread me = Thread.currentThread();
    NATIVE_SEEN.add(me == Thread.currentThread());
    NATIVE_SEEN.add(me.isVirtual());
    NATIVE_SEEN.add(me.isAlive());
    NATIVE_LOCK.lock();
    NATIVE_SEEN.add(NATIVE_LOCK.isHeldByCurrentThread());
    NATIVE_LOCK.unlock();
    NATIVE.set(me);
    LockSupport.park();
    NATIVE_SEEN.add("unparked");
    NATIVE_SEEN.add(Help.thrown(() -> inThread(() -> NATIVE_SEEN.add("child"))));
    return MemorySegment.NULL;
  }

  @Case
  static Object threadOfNativeCode() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle create =
        linker.downcallHandle(
            linker.defaultLookup().find("pthread_create").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));
    MethodHandle join =
        linker.downcallHandle(
            linker.defaultLookup().find("pthread_join").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    MethodHandle body =
        MethodHandles.lookup()
            .findStatic(
                OddCases.class,
                "nativeBody",
                MethodType.methodType(MemorySegment.class, MemorySegment.class));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment stub =
          linker.upcallStub(
              body, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
      MemorySegment id = arena.allocate(ValueLayout.JAVA_LONG);
      int status = (int) create.invokeExact(id, MemorySegment.NULL, stub, MemorySegment.NULL);
      boolean seen = until(() -> NATIVE.get() != null) && reaches(NATIVE.get(), State.WAITING);
      boolean daemon = NATIVE.get().isDaemon();
      LockSupport.unpark(NATIVE.get());
      int joined = (int) join.invokeExact(id.get(ValueLayout.JAVA_LONG, 0), MemorySegment.NULL);
      return status + " " + seen + " " + daemon + " " + joined + " " + NATIVE_SEEN;
    }
  }

  @Case
  static Object cleanerAction() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Cleaner cleaner = Cleaner.create();
    CountDownLatch cleaned = new CountDownLatch(1);
    Thread waiter = go(cleaned::await);
    cleaner.register(
        new Object(),
        () -> {
          seen.add(Thread.currentThread().getName().replaceAll("\\d+", "n"));
          seen.add(Thread.currentThread().isDaemon());
          cleaned.countDown();
        });
    until(
        () -> {
          System.gc();
          return cleaned.getCount() == 0;
        });
    return seen + " " + ended(waiter);
  }

  @Case
  static Object cleanerWithOwnFactory() throws InterruptedException {
    AtomicReference<Thread> made = new AtomicReference<>();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Cleaner cleaner =
        Cleaner.create(
            task -> {
              Thread thread = new Thread(task, "own cleaner");
              thread.setDaemon(true);
              made.set(thread);
              return thread;
            });
    cleaner.register(new Object(), () -> seen.add(Thread.currentThread() == made.get()));
    boolean ran =
        until(
            () -> {
              System.gc();
              return !seen.isEmpty();
            });
    return ran + " " + seen;
  }

  @Case
  static Object signalHandler() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    sun.misc.Signal.handle(
        new sun.misc.Signal("USR2"),
        signal -> {
          seen.add(Thread.currentThread().getName());
          seen.add(Thread.currentThread().isDaemon());
        });
    sun.misc.Signal.raise(new sun.misc.Signal("USR2"));
    until(() -> seen.size() == 2);
    return seen;
  }

  // Other ways to park.

  private static sun.misc.Unsafe unsafe() throws ReflectiveOperationException {
    Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    return (sun.misc.Unsafe) field.get(null);
  }

  @Case
  static Object unsafePark() throws Exception {
    sun.misc.Unsafe unsafe = unsafe();
    Thread thread = go(() -> unsafe.park(false, 0));
    boolean reached = reaches(thread, State.WAITING);
    unsafe.unpark(thread);
    String first = ended(thread);
    Thread timed = go(() -> unsafe.park(false, 60_000_000_000L));
    boolean reachedTimed = reaches(timed, State.TIMED_WAITING);
    LockSupport.unpark(timed);
    return reached + " " + first + " " + reachedTimed + " " + ended(timed);
  }

  @Case
  static Object unsafeParkAbsolute() throws Exception {
    sun.misc.Unsafe unsafe = unsafe();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long start = System.nanoTime();
          unsafe.park(true, System.currentTimeMillis() + 30);
          seen.add(Help.passed(start, 29));
        });
    return seen;
  }

  @Case
  static Object parkByReflection() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Method park = LockSupport.class.getMethod("park");
    Method unpark = LockSupport.class.getMethod("unpark", Thread.class);
    Thread thread =
        go(
            () -> {
              park.invoke(null);
              seen.add("unparked");
            });
    boolean reached = reaches(thread, State.WAITING);
    unpark.invoke(null, thread);
    return reached + " " + ended(thread) + " " + seen;
  }

  @Case
  static Object startByReflection() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.class
            .getConstructor(Runnable.class, String.class)
            .newInstance((Runnable) () -> seen.add(Thread.currentThread().getName()), "reflected");
    Thread.class.getMethod("start").invoke(thread);
    Thread.class.getMethod("join").invoke(thread);
    return seen + " " + Thread.class.getMethod("getState").invoke(thread);
  }

  @Case
  static Object startByMethodReference() throws Throwable {
    List<Object> seen = new CopyOnWriteArrayList<>();
    List<Thread> threads = List.of(new Thread(() -> seen.add(1)), new Thread(() -> seen.add(1)));
    threads.forEach(Thread::start);
    MethodHandle join =
        MethodHandles.lookup().findVirtual(Thread.class, "join", MethodType.methodType(void.class));
    for (Thread thread : threads) {
      join.invokeExact(thread);
    }
    return seen;
  }

  // What the collector sees.

  @Case
  static Object parkedThreadIsARoot() throws InterruptedException {
    // Nobody refers to the thread, yet it lives, and so does what its stack holds.
    int before = Thread.activeCount();
    WeakReference<Object> held = parksForEver();
    for (int i = 0; i < 5; i++) {
      System.gc();
      Help.pause(10);
    }
    return (held.get() != null) + " " + (Thread.activeCount() - before);
  }

  private static WeakReference<Object> parksForEver() throws InterruptedException {
    AtomicReference<WeakReference<Object>> result = new AtomicReference<>();
    CountDownLatch ready = new CountDownLatch(1);
    go(
        () -> {
          Object local = new Object();
          result.set(new WeakReference<>(local));
          ready.countDown();
          while (local != null) {
            LockSupport.park(local);
          }
        });
    opened(ready);
    return result.get();
  }

  @Case
  static Object endedThreadIsCollected() throws InterruptedException {
    WeakReference<Thread> thread = endsAtOnce();
    return until(
        () -> {
          System.gc();
          return thread.get() == null;
        });
  }

  private static WeakReference<Thread> endsAtOnce() throws InterruptedException {
    Thread thread = new Thread(() -> {});
    thread.start();
    thread.join();
    return new WeakReference<>(thread);
  }

  @Case
  static Object unstartedThreadIsCollected() {
    WeakReference<Thread> thread = new WeakReference<>(new Thread(() -> {}));
    return until(
        () -> {
          System.gc();
          return thread.get() == null;
        });
  }

  @Case
  static Object contextLoaderIsCollected() throws InterruptedException {
    WeakReference<ClassLoader> loader = loaderOfEndedThread();
    return until(
        () -> {
          System.gc();
          return loader.get() == null;
        });
  }

  private static WeakReference<ClassLoader> loaderOfEndedThread() throws InterruptedException {
    ClassLoader loader = new URLClassLoader(new URL[0]);
    Thread thread =
        new Thread(
            () -> {
              ThreadLocal<Object> local = new ThreadLocal<>();
              local.set(Thread.currentThread().getContextClassLoader());
            });
    thread.setContextClassLoader(loader);
    thread.start();
    thread.join();
    return new WeakReference<>(loader);
  }

  @Case
  static Object localsOfHeldEndedThreadAreCollected() throws InterruptedException {
    AtomicReference<WeakReference<Object>> value = new AtomicReference<>();
    ThreadLocal<Object> local = new ThreadLocal<>();
    Thread thread =
        new Thread(
            () -> {
              Object object = new byte[1_000_000];
              value.set(new WeakReference<>(object));
              local.set(object);
            });
    thread.start();
    thread.join();
    boolean gone =
        until(
            () -> {
              System.gc();
              return value.get().get() == null;
            });
    return gone + " " + thread.getState();
  }

  // Monitors of thread objects.

  @Case
  static Object notifiesDontEndAJoin() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread target =
        go(
            () -> {
              Help.pause(100);
            });
    Thread noise =
        go(
            () -> {
              while (!stop.get()) {
                synchronized (target) {
                  target.notifyAll();
                }
                Thread.sleep(1);
              }
            });
    target.join();
    boolean alive = target.isAlive();
    stop.set(true);
    return alive + " " + ended(noise);
  }

  @Case
  static Object threadAsItsOwnCondition() throws InterruptedException {
    class Worker extends Thread {
      private int work;
      private int done;

      @Override
      public synchronized void run() {
        while (done < 3) {
          while (work == 0) {
            try {
              wait();
            } catch (InterruptedException e) {
              return;
            }
          }
          work--;
          done++;
          notifyAll();
        }
      }

      synchronized void add() throws InterruptedException {
        work++;
        notifyAll();
        while (work > 0) {
          wait();
        }
      }
    }

    Worker worker = new Worker();
    worker.start();
    for (int i = 0; i < 3; i++) {
      worker.add();
    }
    return ended(worker) + " " + worker.done;
  }

  // Subclasses.

  @Case
  static Object overriddenStackTrace() throws InterruptedException {
    Thread thread =
        new Thread(() -> {}) {
          @Override
          public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {new StackTraceElement("a", "b", "c", 1)};
          }
        };
    thread.start();
    thread.join();
    return Arrays.toString(thread.getStackTrace());
  }

  @Case
  static Object subclassWithStateInConstructor() throws InterruptedException {
    class Configured extends Thread {
      final List<Object> seen = new CopyOnWriteArrayList<>();

      Configured() {
        super(new ThreadGroup("configured"), null, "made", 256 << 10);
        setDaemon(true);
        setPriority(3);
        setUncaughtExceptionHandler((thread, e) -> seen.add(e.getMessage()));
        setContextClassLoader(null);
      }

      @Override
      public void run() {
        Thread me = Thread.currentThread();
        seen.add(
            me.getName()
                + me.isDaemon()
                + me.getPriority()
                + me.getThreadGroup().getName()
                + me.getContextClassLoader());
        throw new IllegalStateException("handled");
      }
    }

    Configured thread = new Configured();
    thread.start();
    thread.join();
    return thread.seen;
  }

  @Case
  static Object startedInItsConstructor() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    class Eager extends Thread {
      Eager() {
        start();
      }

      @Override
      public void run() {
        ran.countDown();
      }
    }

    Thread thread = new Eager();
    return ended(thread) + " " + opened(ran);
  }

  @Case
  static Object ownForkJoinWorkers() throws Exception {
    class Worker extends ForkJoinWorkerThread {
      int started;

      Worker(ForkJoinPool pool) {
        super(pool);
      }

      @Override
      protected void onStart() {
        started++;
      }
    }

    ForkJoinPool pool = new ForkJoinPool(2, Worker::new, null, false);
    int started = pool.submit(() -> ((Worker) Thread.currentThread()).started).get();
    pool.shutdown();
    return started;
  }

  @Case
  static Object publisherAndSubscriber() throws InterruptedException {
    List<Integer> seen = new CopyOnWriteArrayList<>();
    CountDownLatch complete = new CountDownLatch(1);
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
      publisher.subscribe(
          new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              this.subscription = subscription;
              subscription.request(1);
            }

            @Override
            public void onNext(Integer item) {
              seen.add(item);
              subscription.request(1);
            }

            @Override
            public void onError(Throwable e) {}

            @Override
            public void onComplete() {
              complete.countDown();
            }
          });
      for (int i = 0; i < 5; i++) {
        publisher.submit(i);
      }
    }
    return opened(complete) + " " + seen;
  }

  // Generated and odd code.

  @Case
  static Object proxies() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          seen.add(Thread.currentThread().getName());
          return null;
        };
    Runnable proxy =
        (Runnable)
            Proxy.newProxyInstance(
                OddCases.class.getClassLoader(), new Class<?>[] {Runnable.class}, handler);
    Thread thread = new Thread(proxy, "proxied");
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object genericSupplierOfThread() throws InterruptedException {
    Supplier<? extends Thread> supplier = Thread::currentThread;
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = go("generic", () -> seen.add(supplier.get().getName()));
    return ended(thread) + " " + seen;
  }

  @Case
  static Object privateFields() throws Exception {
    // What leak finders of application servers read, with java.lang opened to them.
    List<Object> seen = new CopyOnWriteArrayList<>();
    Field locals = Thread.class.getDeclaredField("threadLocals");
    locals.setAccessible(true);
    ThreadLocal<String> local = new ThreadLocal<>();
    Thread thread =
        go(
            () -> {
              local.set("mine");
              seen.add(locals.get(Thread.currentThread()) != null);
            });
    return ended(thread) + " " + seen + " " + (locals.get(thread) == null);
  }

  @Case
  static Object sleepersInOrder() throws InterruptedException {
    // Sort by sleeping: the timers keep their order.
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int n : new int[] {5, 3, 1, 4, 2}) {
      threads.add(
          go(
              () -> {
                Thread.sleep(n * 150L);
                order.add(n);
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + order;
  }

  @Case
  static Object exceptionInsideMonitorReleasesIt() throws InterruptedException {
    Object lock = new Object();
    Thread thread =
        new Thread(
            () -> {
              synchronized (lock) {
                throw new IllegalStateException();
              }
            });
    thread.setUncaughtExceptionHandler((who, e) -> {});
    thread.start();
    thread.join();
    AtomicInteger entered = new AtomicInteger();
    String end =
        inThread(
            () -> {
              synchronized (lock) {
                entered.incrementAndGet();
              }
            });
    return end + " " + entered;
  }

  @Case
  static Object lockLeftByItsOwnersEnd() throws InterruptedException {
    // A thread may end with a ReentrantLock in hand: it stays locked by the dead thread.
    ReentrantLock lock = new ReentrantLock();
    Thread thread = go("gone", lock::lock);
    ended(thread);
    return lock.isLocked()
        + " "
        + lock.tryLock()
        + " "
        + lock.toString().replaceAll(".*\\[", "[")
        + " "
        + thrown(lock::unlock);
  }

  @Case
  static Object tlsLogTellsTheThread() throws Exception {
    // Written by code of java.base: the thread's number, its hex digits from the lowest up.
    StringBuilder hex = new StringBuilder(Long.toHexString(Thread.currentThread().threadId()));
    if (hex.length() % 2 == 1) {
      hex.insert(0, '0');
    }
    String mine = "|" + hex.reverse().toString().toUpperCase(Locale.ROOT) + "|";
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setProperty("javax.net.debug", "ssl:handshake");
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      engine.wrap(
          ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    } finally {
      System.setErr(err);
      System.clearProperty("javax.net.debug");
    }
    List<String> lines =
        log.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("javax.net.ssl|"))
            .toList();
    return lines.isEmpty() + " " + lines.stream().allMatch(line -> line.contains(mine));
  }
}
