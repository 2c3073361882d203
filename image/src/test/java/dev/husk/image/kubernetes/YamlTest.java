package dev.husk.image.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class YamlTest {

  /** What one reader of YAML or another would take for something else, or not take at all. */
  private static final List<String> AWKWARD =
      List.of(
          "",
          " ",
          " a",
          "a ",
          "yes",
          "Yes",
          "NO",
          "n",
          "Y",
          "on",
          "OFF",
          "true",
          "False",
          "null",
          "Null",
          "~",
          "1",
          "-1",
          "+1",
          "0x1f",
          "0o17",
          "017",
          "1_000",
          "1e3",
          "1E-3",
          "1.0",
          ".5",
          ".inf",
          "-.INF",
          ".nan",
          "12:30:45",
          "2001-12-14",
          "2001-12-14t21:59:43.10-05:00",
          "=",
          "<<",
          "!",
          "!!str a",
          "&a",
          "*a",
          "@a",
          "`a`",
          "%TAG",
          "|",
          ">",
          "-",
          "- a",
          "---",
          "...",
          "? a",
          ": a",
          "a: b",
          "a:",
          "a:b",
          ":a",
          "a #b",
          "#b",
          "a#b",
          "[a]",
          "[",
          "]",
          "{a}",
          "{",
          "}",
          ",",
          "a, b",
          "'a'",
          "it's",
          "\"a\"",
          "\\",
          "\\n",
          "a\nb",
          "a\n",
          "\na",
          "\n",
          "a\r\nb",
          "\t",
          "a\tb",
          "\u0000",
          "\u001b[0m",
          "\u007f",
          "\u0085",
          "\u00a0",
          "\u2028",
          "\u2029",
          "\ufeff",
          "größer",
          "日本",
          "😀",
          "$(HOME)",
          "$$",
          "shop:1.2",
          "docker/shop:latest",
          "/a/b",
          "a-b",
          "a.b",
          "a_b",
          "é");

  @Test
  void awkwardStringsStayTheSame() throws Exception {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (String text : AWKWARD) {
      keys.put(text, List.of(text));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("list", AWKWARD);
    document.put("map", keys);
    assertEquals(List.of(document), PythonYaml.read(Yaml.write(List.of(document))));
  }

  @Test
  void structureStaysTheSame() throws Exception {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("number", 1L);
    map.put("large", Long.MAX_VALUE);
    map.put("negative", -5L);
    map.put("true", true);
    map.put("emptyMap", Map.of());
    map.put("emptyList", List.of());
    map.put("lists", List.of(List.of("a", List.of("b")), List.of(), Map.of()));
    map.put("maps", List.of(Map.of("a", Map.of("b", List.of(Map.of("c", "d"))))));
    assertEquals(List.of(map, map), PythonYaml.read(Yaml.write(List.of(map, map))));
  }

  @Test
  void styleIsThatOfKubernetes() {
    Map<String, Object> port = new LinkedHashMap<>();
    port.put("name", "http");
    port.put("port", 80);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("ports", List.of(port, port));
    spec.put("args", List.of("a", "b c"));
    spec.put("pod", Map.of());
    assertEquals(
        """
        ---
        spec:
          ports:
            - name: http
              port: 80
            - name: http
              port: 80
          args:
            - a
            - "b c"
          pod: {}
        """,
        Yaml.write(List.of(Map.of("spec", spec))));
  }

  @Test
  void whatYamlHasNoWordForIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Yaml.write(List.of(Map.of("a", new Object()))));
  }
}
