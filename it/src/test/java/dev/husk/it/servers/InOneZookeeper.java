package dev.husk.it.servers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * A ZooKeeper server, with its clients in the same JVM. The argument says with what they
 * communicate: NIO or Netty.
 */
final class InOneZookeeper {
  private static final int CLIENTS = 6;

  private InOneZookeeper() {}

  public static void main(String[] args) throws Exception {
    boolean netty = args[0].equals("Netty");
    System.setProperty(
        "zookeeper.serverCnxnFactory",
        "org.apache.zookeeper.server." + (netty ? "Netty" : "NIO") + "ServerCnxnFactory");
    System.setProperty(
        "zookeeper.clientCnxnSocket",
        "org.apache.zookeeper.ClientCnxnSocket" + (netty ? "Netty" : "NIO"));
    System.setProperty("zookeeper.admin.enableServer", "false");
    // Not Netty's own way to the kernel.
    System.setProperty("io.netty.transport.noNative", "true");
    ZooKeeperServer server =
        new ZooKeeperServer(
            Files.createTempDirectory("husk-zk-snapshot").toFile(),
            Files.createTempDirectory("husk-zk-log").toFile(),
            500);
    ServerCnxnFactory factory =
        ServerCnxnFactory.createFactory(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    factory.startup(server);
    int port = factory.getLocalPort();
    System.out.println("port " + port);
    String address = "127.0.0.1:" + port;
    List<ZooKeeper> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(connect(address, 10_000));
    }
    work(clients);
    watches(clients);
    ephemerals(address, clients.getFirst());
    expiry(address, clients.getFirst());
    for (ZooKeeper client : clients) {
      client.close();
    }
    factory.shutdown();
    System.out.println("stopped");
    System.exit(0);
  }

  private static ZooKeeper connect(String address, int timeout) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            address,
            timeout,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    if (!connected.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no connection to ZooKeeper");
    }
    return client;
  }

  private static void work(List<ZooKeeper> clients) throws Exception {
    ZooKeeper first = clients.getFirst();
    first.create("/work", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    CountDownLatch done = new CountDownLatch(CLIENTS * 100);
    for (int i = 0; i < 100; i++) {
      for (int own = 0; own < CLIENTS; own++) {
        clients
            .get(own)
            .create(
                "/work/" + own + "-" + i,
                ("data ".repeat(i * 20) + own).getBytes(StandardCharsets.UTF_8),
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, path, context, name) -> done.countDown(),
                null);
      }
    }
    System.out.println("created: " + done.await(30, TimeUnit.SECONDS));
    List<String> names = first.getChildren("/work", false);
    long bytes = 0;
    for (String name : names) {
      bytes += clients.getLast().getData("/work/" + name, false, null).length;
    }
    System.out.println(names.size() + " nodes, " + bytes + " bytes");
    first.create("/large", new byte[900_000], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    System.out.println("large: " + clients.getLast().getData("/large", false, null).length);
    try {
      first.create("/work", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    } catch (KeeperException e) {
      System.out.println(e.code());
    }
  }

  private static void watches(List<ZooKeeper> clients) throws Exception {
    BlockingQueue<String> events = new ArrayBlockingQueue<>(100);
    for (ZooKeeper client : clients) {
      client.exists("/watched", event -> events.add(event.getType() + " " + event.getPath()));
    }
    clients
        .getLast()
        .create("/watched", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    for (int i = 0; i < clients.size(); i++) {
      System.out.println("watch: " + events.poll(10, TimeUnit.SECONDS));
    }
  }

  private static void ephemerals(String address, ZooKeeper other) throws Exception {
    BlockingQueue<String> events = new ArrayBlockingQueue<>(100);
    ZooKeeper client = connect(address, 10_000);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      names.add(
          client.create(
              "/ephemeral-",
              new byte[0],
              ZooDefs.Ids.OPEN_ACL_UNSAFE,
              CreateMode.EPHEMERAL_SEQUENTIAL));
    }
    System.out.println(names);
    other.exists(names.first(), event -> events.add(event.getType() + " " + event.getPath()));
    client.close();
    System.out.println("ephemeral: " + events.poll(10, TimeUnit.SECONDS));
  }

  /** A session ends that its client believed open. */
  private static void expiry(String address, ZooKeeper other) throws Exception {
    BlockingQueue<String> states = new ArrayBlockingQueue<>(100);
    BlockingQueue<String> events = new ArrayBlockingQueue<>(100);
    ZooKeeper client = connect(address, 2_000);
    client.register(event -> states.add(event.getState().toString()));
    client.create("/gone", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    other.exists("/gone", event -> events.add(event.getType() + " " + event.getPath()));
    CountDownLatch taken = new CountDownLatch(1);
    ZooKeeper twin =
        new ZooKeeper(
            address,
            2_000,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                taken.countDown();
              }
            },
            client.getSessionId(),
            client.getSessionPasswd());
    System.out.println("taken over: " + taken.await(10, TimeUnit.SECONDS));
    twin.close();
    System.out.println("expired: " + events.poll(10, TimeUnit.SECONDS));
    String state;
    do {
      state = states.poll(20, TimeUnit.SECONDS);
    } while (state != null && !state.equals("Expired"));
    System.out.println("client: " + state);
    try {
      client.exists("/gone", false);
    } catch (KeeperException e) {
      System.out.println(e.code());
    }
    client.close();
  }
}
