package dev.husk.image.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.husk.image.config.HuskToml.Include;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.pack.User;
import dev.husk.image.squashfs.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HuskTomlTest {

  @TempDir private Path directory;

  @Test
  void allKeysAreRead() throws IOException {
    assertEquals(
        new HuskToml(
            "shop",
            "com.example.Main",
            List.of("-Xss256k", "-Dx=\"y\""),
            List.of("--port", "8080"),
            1024,
            new User(1000, 0),
            List.of(8080, 9090),
            List.of(new DataDirectory("data", "/app/data"), new DataDirectory("b", "/var/b")),
            List.of("jdk.crypto.ec"),
            true,
            List.of(new Include("conf/app.yml", "app/app.yml"), new Include("c:x", "y")),
            Method.ZSTD,
            new TreeMap<>(Map.of("MODE", "test", "with.dot", "1")),
            new HuskToml.Train("./load.sh", 20, "http://localhost:8080/"),
            new HuskToml.Net("10.0.0.2/24", "10.0.0.1", List.of("10.0.0.1")),
            new HuskToml.Kubernetes("/health", 500, "team/shop:1")),
        read(
            """
            # all of it
            name = "shop"
            main = 'com.example.Main'
            jvm-options = ["-Xss256k", '-Dx="y"']
            args = [
              "--port", # which
              "8080",
            ]
            memory = "1G"
            user = "1000"
            ports = [8080, 9_090]
            data = ["/app/data", "b:/var/b"]
            modules = ["jdk.crypto.ec"]
            keep-signatures = true
            include = ["conf/app.yml:/app/app.yml", "c:x:y"]
            compression = "zstd"

            [environment]
            MODE = "test"
            "with.dot" = "1"

            [train]
            command = "./load.sh"
            seconds = 20
            url = "http://localhost:8080/"

            [net]
            address = "10.0.0.2/24"
            gateway = "10.0.0.1"
            dns = ["10.0.0.1"]

            [kubernetes]
            health = "/health"
            cpu = "500m"
            image = "team/shop:1"
            """));
  }

  @Test
  void nothingIsNeeded() throws IOException {
    HuskToml empty = read("");
    assertEquals(
        new HuskToml(
            null,
            null,
            List.of(),
            List.of(),
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            false,
            List.of(),
            null,
            new TreeMap<>(),
            new HuskToml.Train(null, null, null),
            new HuskToml.Net(null, null, List.of()),
            new HuskToml.Kubernetes(null, null, null)),
        empty);
    assertEquals(2000, read("kubernetes.cpu = 2").kubernetes().cpuMillis());
  }

  @Test
  void errorsSayWhereAndWhatIsRight() {
    assertFails(
        "1:1: there is no \"jvm-option\"; did you mean \"jvm-options\"?", "jvm-option = []");
    assertFails(
        "2:1: there is no \"comand\" in [train]; did you mean \"command\"?",
        "[train]\ncomand = \"x\"");
    assertFails("1:1: name must be a string in quotes", "name = 1");
    assertFails("2:17: args must be an array of strings in quotes", "\nargs = [\"a\",    1]");
    assertFails("1:1: keep-signatures must be true or false", "keep-signatures = 1");
    assertFails("1:1: train must be a table: [train]", "train = 1");
    assertFails("1:1: memory is an amount like \"512M\" or \"1G\"", "memory = \"lots\"");
    assertFails(
        "1:1: user: app: give a user by number, such as 1000, or with a group, such as 1000:1000",
        "user = \"app\"");
    assertFails("1:1: ports: 70000 isn't between 1 and 65535", "ports = [70000]");
    assertFails(
        "1:1: data: \"data\" is no directory for data: give an absolute one, such as /app/data",
        "data = [\"data\"]");
    assertFails("1:1: \"x\" isn't of the form \"host:path/in/image\"", "include = [\"x\"]");
    assertFails("1:1: compression is \"lz4\" or \"zstd\"", "compression = \"LZ4\"");
    assertFails(
        "2:1: cpu is a number of processors, or thousandths like \"500m\"",
        "[kubernetes]\ncpu = 0.5");
  }

  @Test
  void whatIsNotTomlIsSaidWithItsPlace() {
    String message = failure("name = \"shop\"\nmain = com.example.Main\n");
    assertEquals(directory.resolve("husk.toml") + ":2:8: ", message.replaceAll("Unexpected.*", ""));
  }

  @Test
  void missingFileIsSo() {
    assertThrows(NoSuchFileException.class, () -> HuskToml.read(directory.resolve("no.toml")));
  }

  private void assertFails(String message, String toml) {
    assertEquals(directory.resolve("husk.toml") + ":" + message, failure(toml));
  }

  private String failure(String toml) {
    return String.valueOf(assertThrows(ConfigException.class, () -> read(toml)).getMessage());
  }

  private HuskToml read(String toml) throws IOException {
    return HuskToml.read(Files.writeString(directory.resolve("husk.toml"), toml));
  }
}
