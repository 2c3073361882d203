package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Results;
import dev.husk.ab.SampleRun;
import dev.husk.ab.stats.Analyst;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser shows it: nothing overlaps, nothing is cut, all of it is there. */
class ReportInBrowserTest {
  private static final Pattern TITLE = Pattern.compile("<title>(.*?)</title>", Pattern.DOTALL);

  @TempDir Path directory;
  private Chromium chromium;

  @BeforeEach
  void find() {
    chromium = Chromium.require(directory);
  }

  @Test
  void fitsAPhone() throws Exception {
    assertEquals("width 360\ncharts 13", findings(SampleRun.failing(), 360, 11.9));
    assertEquals("width 360\ncharts 17", findings(SampleRun.five(), 360, 11.9));
    assertEquals("width 360\ncharts 0", findings(SampleRun.empty(), 360, 11.9));
  }

  @Test
  void fitsWiderScreens() throws Exception {
    assertEquals("width 700\ncharts 13", findings(SampleRun.failing(), 700, 11.5));
    assertEquals("width 1200\ncharts 17", findings(SampleRun.five(), 1200, 11));
  }

  @Test
  void showsInLightAndDark() throws Exception {
    Path page = write(SampleRun.failing());
    Path light = directory.resolve("light.png");
    Path dark = directory.resolve("dark.png");
    chromium.picture(page, 360, 1200, light, "--blink-settings=preferredColorScheme=1");
    chromium.picture(page, 360, 1200, dark, "--blink-settings=preferredColorScheme=0");
    assertShown(ImageIO.read(light.toFile()), 0xffffff);
    assertShown(ImageIO.read(dark.toFile()), 0x14171b);
  }

  /** The picture has a ground, and on it more than a little text. */
  private static void assertShown(BufferedImage picture, int ground) {
    assertEquals(360, picture.getWidth());
    assertEquals(ground, picture.getRGB(2, 2) & 0xffffff);
    Set<Integer> colours = new HashSet<>();
    int others = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int colour = picture.getRGB(x, y) & 0xffffff;
        colours.add(colour);
        others += colour == ground ? 0 : 1;
      }
    }
    int pixels = picture.getWidth() * picture.getHeight();
    assertTrue(colours.size() > 50, () -> "colours: " + colours.size());
    assertTrue(others > pixels / 20 && others < 0.9 * pixels, "pixels that differ: " + others);
  }

  /** What the page, with a script put in that looks at it, finds at a width. */
  private String findings(Results results, int width, double minFont) throws Exception {
    Path page = write(results);
    String script;
    try (InputStream in =
        Objects.requireNonNull(ReportInBrowserTest.class.getResourceAsStream("inspect.js"))) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String html =
        Files.readString(page)
            .replace(
                "style-src 'unsafe-inline'",
                "style-src 'unsafe-inline'; script-src 'unsafe-inline'")
            .replace(
                "</head>",
                "<script>const MIN_FONT = " + minFont + ";\n" + script + "</script></head>");
    // A frame can be as narrow as a phone, which a window can't.
    Path around = directory.resolve("around.html");
    Files.writeString(
        around,
        new Markup()
            .open("title")
            .close("title")
            .open("iframe", "width", String.valueOf(width), "height", "900", "srcdoc", html)
            .close("iframe")
            .toString());
    Matcher title = TITLE.matcher(chromium.dump(around, width + 100));
    assertTrue(title.find());
    return title.group(1);
  }

  private Path write(Results results) throws IOException {
    Path page = directory.resolve("report.html");
    HtmlReport.write(results, Analyst.analyse(results), page);
    return page;
  }
}
