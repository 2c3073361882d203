package dev.husk.it.servers;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker and controller, with producers, consumers and an administrator. */
final class InOneKafka {
  private static final int RECORDS = 10_000;

  private InOneKafka() {}

  public static void main(String[] args) throws Exception {
    int port = freePort();
    int controller = freePort();
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", Files.createTempDirectory("husk-kafka").toString());
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "2");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "2");
    properties.put("group.initial.rebalance.delay.ms", "0");
    Path file = Files.createTempFile("husk-kafka", ".properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    StorageTool.execute(
        new String[] {"format", "-t", "bWFkZS1mb3ItaHVzay0xMQ", "-c", file.toString()}, System.err);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    System.out.println("port " + port);
    String address = "127.0.0.1:" + port;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("records", 4, (short) 1), new NewTopic("transfers", 2, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
      produce(address);
      consume(address, "records", RECORDS, "read_uncommitted");
      transactions(address);
      consume(address, "transfers", 200, "read_committed");
      System.out.println(
          "groups: "
              + admin.listGroups().all().get(30, TimeUnit.SECONDS).stream()
                  .map(group -> group.groupId())
                  .sorted()
                  .toList());
      System.out.println(
          "records: "
              + admin
                  .describeTopics(Set.of("records"))
                  .allTopicNames()
                  .get(30, TimeUnit.SECONDS)
                  .get("records")
                  .partitions()
                  .size()
              + " partitions");
    }
    server.shutdown();
    server.awaitShutdown();
    System.out.println("stopped");
    System.exit(0);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String address, String transactional) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", address);
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    config.put("linger.ms", 1);
    if (transactional != null) {
      config.put("transactional.id", transactional);
    }
    return new KafkaProducer<>(config);
  }

  private static byte[] value(int i) {
    byte[] value = new byte[20 + i * 37 % 2000];
    for (int n = 0; n < value.length; n++) {
      value[n] = (byte) (i + n * 11);
    }
    return value;
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  private static void produce(String address) throws InterruptedException, ExecutionException {
    CRC32 sum = new CRC32();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = producer(address, null)) {
      for (int i = 0; i < RECORDS; i++) {
        sent.add(producer.send(new ProducerRecord<>("records", i % 4, key(i), value(i))));
        sum.update(value(i));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
    System.out.println("produced " + sent.size() + " " + sum.getValue());
  }

  private static void consume(String address, String topic, int count, String isolation) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", address);
    config.put("key.deserializer", ByteArrayDeserializer.class);
    config.put("value.deserializer", ByteArrayDeserializer.class);
    config.put("group.id", "group of " + topic);
    config.put("auto.offset.reset", "earliest");
    config.put("isolation.level", isolation);
    TreeMap<Integer, byte[]> values = new TreeMap<>();
    int got = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
      while (got < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
          got++;
          values.put((each.key()[0] & 0xff) << 8 | each.key()[1] & 0xff, each.value());
        }
      }
      consumer.commitSync();
    }
    CRC32 sum = new CRC32();
    values.values().forEach(sum::update);
    System.out.println("consumed " + got + " of " + topic + " " + sum.getValue());
  }

  /** Every other transaction is aborted; who reads what is committed doesn't see those. */
  private static void transactions(String address) {
    try (KafkaProducer<byte[], byte[]> producer = producer(address, "transfers")) {
      producer.initTransactions();
      for (int n = 0; n < 20; n++) {
        producer.beginTransaction();
        for (int i = n * 20; i < n * 20 + 20; i++) {
          producer.send(new ProducerRecord<>("transfers", key(i), value(i)));
        }
        if (n % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.abortTransaction();
        }
      }
    }
    System.out.println("transactions done");
  }
}
