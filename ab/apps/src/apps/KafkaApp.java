package apps;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A fresh Kafka, broker and controller in one: its own formatter, then its own main. */
final class KafkaApp {
  private KafkaApp() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Path directory = Files.createTempDirectory("husk-kafka");
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + (port + 1));
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1));
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", directory.resolve("log").toString());
    properties.put("num.partitions", "4");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "2");
    properties.put("group.initial.rebalance.delay.ms", "0");
    Path file = directory.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    StorageTool.execute(
        new String[] {"format", "-t", "bWFkZS1mb3ItaHVzay0xMQ", "-c", file.toString()}, System.err);
    Kafka.main(new String[] {file.toString()});
  }
}
