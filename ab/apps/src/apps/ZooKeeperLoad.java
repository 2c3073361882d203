package apps;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** ZooKeeper's own client, a session each: nine reads to a write. */
final class ZooKeeperLoad implements Clients.Client {
  private final ZooKeeper session;
  private final String path;
  private byte[] value = new byte[100];

  private ZooKeeperLoad(String address, int number) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    session =
        new ZooKeeper(
            address,
            10_000,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    if (!connected.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no session");
    }
    path = "/load-" + number;
    try {
      session.create(path, value, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    } catch (KeeperException.NodeExistsException e) {
      session.setData(path, value, -1);
    }
  }

  @Override
  public void operation(int number) throws Exception {
    if (number % 10 == 0) {
      value = value.clone();
      value[number / 10 % value.length]++;
      session.setData(path, value, -1);
    } else if (!Arrays.equals(value, session.getData(path, false, null))) {
      throw new IllegalStateException("read something else than was written");
    }
  }

  @Override
  public void close() throws InterruptedException {
    session.close();
  }

  public static void main(String[] args) throws Exception {
    Clients.run(
        16, Integer.parseInt(args[1]), number -> new ZooKeeperLoad("127.0.0.1:" + args[0], number));
    System.exit(0);
  }
}
