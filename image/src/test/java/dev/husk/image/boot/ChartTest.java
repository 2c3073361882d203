package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A timeline as lines and as a picture. */
final class ChartTest {
  private static final Timeline BOOT =
      new Timeline(
          List.of(
              new Phase("host's preparation", Duration.ZERO, Duration.ofMillis(500)),
              new Phase("nothing", Duration.ofMillis(500), Duration.ofMillis(500)),
              new Phase("<JVM> & \"app\"", Duration.ofMillis(500), Duration.ofMillis(2000))));

  private static List<String> texts(Document svg, String tag) {
    NodeList nodes = svg.getElementsByTagName(tag);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void linesAreAligned() {
    assertEquals(
        """
        host's preparation    0.50 s  ##########
        nothing               0.00 s            |
        <JVM> & "app"         1.50 s            ##############################
        altogether            2.00 s
        """,
        Chart.text(BOOT));
    assertEquals("altogether    0.00 s\n", Chart.text(new Timeline(List.of())));
  }

  @Test
  void thePictureHasEveryPhase() throws Exception {
    Document svg = parsed(Chart.svg("Boot of a<b>&.img", BOOT));
    assertEquals(List.of("Boot of a<b>&.img: 2.00 s"), texts(svg, "title"));
    List<String> texts = texts(svg, "text");
    for (Phase phase : BOOT.phases()) {
      assertTrue(texts.contains(phase.name()), texts::toString);
    }
    assertTrue(texts.containsAll(List.of("0.50 s", "1.50 s", "0.0 s", "2.0 s")), texts::toString);
    NodeList bars = svg.getElementsByTagName("rect");
    assertEquals(3, bars.getLength());
    assertEquals("120.0", ((Element) bars.item(0)).getAttribute("width"));
    assertEquals("1.0", ((Element) bars.item(1)).getAttribute("width"));
    assertEquals("340.0", ((Element) bars.item(2)).getAttribute("x"));
  }

  @Test
  void anyNameAndAnyLengthMakeAPicture() throws Exception {
    for (long seconds : new long[] {0, 1, 59, 3600, 1_000_000}) {
      Phase phase = new Phase("a\0b]]>\uFFFF", Duration.ZERO, Duration.ofSeconds(seconds));
      Document svg = parsed(Chart.svg("\u0001", new Timeline(List.of(phase))));
      assertTrue(svg.getElementsByTagName("line").getLength() < 12);
      assertEquals(1, svg.getElementsByTagName("rect").getLength());
    }
  }
}
