package dev.husk.ab.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan on a blocking client, with a virtual thread per connection. As in {@link Loop}, the
 * requests are a grid in time: a free thread takes the next number, and sleeps until it is due.
 */
final class JdbcEngine {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final Job.Jdbc job;
  private final Plan plan;
  private final AtomicLong next = new AtomicLong();
  private final CountDownLatch connected;
  private final CountDownLatch go = new CountDownLatch(1);
  private long start;

  private JdbcEngine(Job.Jdbc job) {
    this.job = job;
    this.plan = job.plan();
    this.connected = new CountDownLatch(plan.connections());
  }

  static Outcome run(Job.Jdbc job) throws IOException, InterruptedException {
    return new JdbcEngine(job).run();
  }

  private Outcome run() throws IOException, InterruptedException {
    List<Worker> workers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.connections(); i++) {
      Worker worker = new Worker();
      workers.add(worker);
      threads.add(Thread.ofVirtual().name("jdbc-", i).start(worker));
    }
    // Those that hang are counted in the end.
    boolean unused = connected.await(plan.timeoutNanos(), TimeUnit.NANOSECONDS);
    long process = Cpu.ofProcess();
    double waited = Cpu.waitOfThreads();
    start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
    go.countDown();
    long limit = start + plan.nanos() + plan.timeoutNanos();
    for (Thread each : threads) {
      each.join(Duration.ofNanos(Math.max(1, limit - System.nanoTime())));
    }
    long end = System.nanoTime();
    Tally tally = new Tally();
    for (Worker each : workers) {
      each.addTo(tally, end);
    }
    if (plan.isOpen() && next.get() < plan.total()) {
      tally.missing(
          plan.total() - next.get(), "no connection was free within the timeout to send it", end);
    }
    threads.forEach(Thread::interrupt);
    double time = Math.max(1, end - start);
    // A virtual thread's CPU time isn't known to the JVM.
    Cpu.Use use = Cpu.since(process, end - start, 0, (Cpu.waitOfThreads() - waited) / time);
    return Outcome.of(plan, tally, start, end, use, false);
  }

  private final class Worker implements Runnable {
    private final Tally tally = new Tally();
    private @Nullable JdbcClient client;
    private boolean connecting = true;
    private boolean waiting;
    private boolean abandoned;

    @Override
    public void run() {
      try {
        try {
          client = connect();
        } catch (SQLException e) {
          // Tried again, and counted, with the first request.
        }
        synchronized (this) {
          connecting = false;
        }
        connected.countDown();
        go.await();
        work();
      } catch (InterruptedException e) {
        // The run is over.
      } finally {
        if (client != null) {
          client.close();
        }
      }
    }

    private JdbcClient connect() throws SQLException {
      return JdbcClient.connect(
          JdbcEngine.class.getClassLoader(),
          job.url(),
          job.user(),
          job.password(),
          job.query(),
          plan.timeoutNanos());
    }

    private void work() throws InterruptedException {
      while (true) {
        long free = System.nanoTime();
        long due = free;
        if (plan.isOpen()) {
          long number = next.getAndIncrement();
          if (number >= plan.total()) {
            return;
          }
          due = start + plan.due(number);
          long wait;
          while ((wait = due - System.nanoTime()) > 0) {
            LockSupport.parkNanos(wait);
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
          }
        } else if (free - start >= plan.nanos()) {
          return;
        }
        ask(due, free);
      }
    }

    private void ask(long due, long free) throws InterruptedException {
      long now = System.nanoTime();
      synchronized (this) {
        if (abandoned) {
          throw new InterruptedException();
        }
        if (now - due > plan.timeoutNanos()) {
          tally.missing(1, "no connection was free within the timeout to send it", now);
          return;
        }
        tally.sent(now - Math.max(due, free));
        waiting = true;
      }
      Answer answer = null;
      String problem = "";
      try {
        if (client == null) {
          client = connect();
        }
        answer = client.ask();
      } catch (SQLException | RuntimeException e) {
        problem = e.toString();
        if (client != null) {
          client.close();
          client = null;
        }
      }
      long then = System.nanoTime();
      synchronized (this) {
        if (abandoned) {
          throw new InterruptedException();
        }
        waiting = false;
        if (answer == null) {
          tally.missing(1, problem, then);
        } else if (then - now > plan.timeoutNanos()) {
          tally.missing(1, "no reply within the timeout", then);
        } else if (job.expectation().accepts(answer)) {
          tally.correct(due, then);
        } else {
          tally.wrong(job.expectation().wrong(answer), then);
        }
      }
      if (answer == null) {
        LockSupport.parkNanos(PAUSE); // it is down; not at once again
      }
    }

    private synchronized void addTo(Tally all, long now) {
      abandoned = true;
      if (waiting) {
        tally.missing(1, "no reply within the timeout", now);
      } else if (connecting && !plan.isOpen()) {
        // An open loop's requests are all in the grid, whoever could have sent them.
        tally.missing(1, "no connection within the timeout", now);
      }
      all.add(tally);
    }
  }
}
