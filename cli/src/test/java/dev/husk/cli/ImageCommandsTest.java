package dev.husk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.cpio.CpioWriter;
import dev.husk.image.squashfs.Method;
import dev.husk.image.squashfs.SquashfsWriter;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands of images say of wrong input, and what they show of an image. */
final class ImageCommandsTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int husk(Object... args) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    int status = line.execute(words);
    line.getOut().flush();
    return status;
  }

  private void says(String what) {
    assertTrue(err.toString().contains(what), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }

  /** A directory for direct boot, of one file. */
  private Path image(String name, String text) throws IOException {
    Path image = Files.createDirectory(folder.resolve(name));
    Files.writeString(image.resolve("vmlinux"), "kernel");
    Files.writeString(image.resolve("cmdline"), "quiet\n");
    Files.writeString(image.resolve("manifest.json"), "{\"app\":\"a.jar\"}");
    Path root = folder.resolve(name + ".root");
    try (FileChannel to =
        FileChannel.open(root, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SquashfsWriter.write(
          new FileTree()
              .file("etc/greeting", 0644, Content.of(text.getBytes(StandardCharsets.UTF_8)))
              .symlink("etc/link", "greeting"),
          Method.LZ4,
          to,
          0,
          folder.resolve("cache"));
    }
    try (OutputStream to = Files.newOutputStream(image.resolve("initramfs"))) {
      CpioWriter.write(new FileTree().file("root.squashfs", 0444, Content.of(root)), to);
    }
    return image;
  }

  @Test
  void anAppThatIsNoneIsNamed() throws IOException {
    assertEquals(1, husk("check", folder.resolve("gone.jar")));
    says("gone.jar");
    Path text = Files.writeString(folder.resolve("text.jar"), "not a zip");
    assertEquals(1, husk("check", text));
    says("text.jar");
  }

  @Test
  void aWrongKeyOfTheConfigurationIsNamedWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("husk.toml"), "# of the app\nmian = 'com.example.Main'\n");
    assertEquals(1, husk("pack", folder.resolve("app.jar"), "-o", folder.resolve("x.img")));
    says("husk.toml");
    says("mian");
    says("main");
  }

  @Test
  void packWantsAnOutput() {
    assertEquals(2, husk("pack", "app.jar"));
    says("--output");
  }

  @Test
  void wrongOptionsOfPackSayWhatIsRight() {
    assertEquals(2, husk("pack", "app.jar", "-o", "x.img", "--train-limit=0"));
    says("--train-limit=0: give a number of seconds from 1 on");
    assertEquals(2, husk("pack", "app.jar", "-o", "x.img", "-o", "x.tar", "--format=usb"));
    says("'usb'");
    assertEquals(2, husk("pack", "app.jar", "-o", "x.img", "-o", "x.tar", "--format=uki"));
    says("of several the names decide");
    assertEquals(2, husk("pack", "app.jar", "-o", "x.img", "--compression=gzip"));
    says("'gzip'");
  }

  @Test
  void wrongOptionsOfBootSayWhatIsRight() {
    assertEquals(2, husk("boot", "x.img", "-p", "99999:80"));
    says("99999 is no port");
    assertEquals(2, husk("boot", "x.img", "-p", "eighty"));
    says("[ADDRESS:]HOST:GUEST");
    assertEquals(2, husk("boot", "x.img", "--chart", folder.resolve("gone/c.svg")));
    says("c.svg: give a file in a directory that is there");
    assertEquals(
        2, husk("boot", "x.img", "-p=1:1", "--no-network", "--chart", folder.resolve("c.svg")));
    says("no port of -p ever answers");
  }

  @Test
  void wrongOptionsOfTheMemoryFloorSayWhatIsRight() {
    assertEquals(2, husk("image", "inspect", "x.img", "--port=80"));
    says("--port is for --memory-floor");
    assertEquals(2, husk("image", "inspect", "x.img", "--limit=5"));
    says("--limit is for --memory-floor");
    assertEquals(2, husk("image", "inspect", "--memory-floor", "x.img", "--port=0"));
    says("--port=0 is no port");
    assertEquals(2, husk("image", "inspect", "--memory-floor", "x.img", "--limit=0"));
    says("--limit=0: give a number of seconds from 1 on");
    assertEquals(1, husk("image", "inspect", "--memory-floor", folder.resolve("gone.img")));
    says("gone.img isn't there");
  }

  @Test
  void whatIsNoImageIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.img"), "not an image".repeat(1000));
    assertEquals(1, husk("image", "ls", text));
    says("text.img is no image of Husk's");
    assertEquals(1, husk("image", "inspect", folder.resolve("gone.img")));
    says("gone.img isn't there");
    assertEquals(1, husk("image", "ls", folder));
    says("is no image: it lacks vmlinux");
  }

  @Test
  void filesAreListedAndShown() throws IOException {
    Path image = image("a", "hello");
    assertEquals(0, husk("image", "ls", image));
    assertTrue(out.toString().matches("(?s).*\\bd 0755          0 {23}etc\n.*"), out.toString());
    assertEquals(0, husk("image", "ls", image, "/etc/"));
    assertTrue(
        out.toString().contains("- 0644          5  1980-01-01 00:00:00  etc/greeting"),
        out.toString());
    assertTrue(out.toString().contains("etc/link -> greeting"), out.toString());
    assertEquals(0, husk("image", "tree", image));
    assertTrue(out.toString().contains("5 B    etc/"), out.toString());
    assertEquals(0, husk("image", "inspect", image));
    assertTrue(out.toString().contains("directory for direct boot"), out.toString());
    assertTrue(out.toString().contains("\"a.jar\""), out.toString());
    assertEquals(1, husk("image", "cat", image, "etc/nothing"));
    says("there is no etc/nothing in");
    assertEquals(1, husk("image", "cat", image, "etc"));
    says("is not a file");
  }

  @Test
  void diffShowsWhatChanged() throws IOException {
    Path first = image("a", "hello");
    assertEquals(0, husk("image", "diff", first, image("b", "hello")));
    assertEquals("", out.toString());
    assertEquals(1, husk("image", "diff", first, image("c", "hello!")));
    assertEquals("~ etc/greeting  5 B to 6 B\n", out.toString());
  }
}
