package dev.husk.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @Test
  void nothingGivenMeansTheDefaults() throws Exception {
    for (String none : new String[] {null, "", " ", ",", " , "}) {
      Options options = parse(none);
      assertFalse(options.isHelp());
      assertEquals(Options.Log.OFF, options.log());
      assertNull(options.logFile());
      assertFalse(options.stats());
      assertEquals(Runtime.getRuntime().availableProcessors(), options.carriers());
      assertTrue(options.threads());
      assertTrue(options.main());
      assertTrue(options.exclude().isEmpty());
      assertEquals(10_000_000, options.sliceNanos());
      assertEquals(256, options.spares());
      assertEquals(Options.Memory.ON, options.memory());
      assertEquals(Options.Pages.AUTO, options.memoryPages());
      assertFalse(options.memoryShared());
    }
  }

  @Test
  void memoryIsOnOffOrChecked() throws Exception {
    assertEquals(Options.Memory.ON, parse("").memory());
    assertEquals(Options.Memory.ON, parse("memory").memory());
    assertEquals(Options.Memory.OFF, parse("memory=off").memory());
    assertEquals(Options.Memory.CHECKED, parse("memory=checked").memory());
    OptionException wrong =
        assertThrows(OptionException.class, () -> parse("memory=cheked").memory());
    assertTrue(wrong.getMessage().contains("did you mean checked?"), wrong.getMessage());
  }

  @Test
  void readsEachKey() throws Exception {
    Options options =
        parse(
            "help,log=debug,log.file=/tmp/husk.log,stats=true,carriers=3,threads=on,main=off,"
                + "exclude=a.*;b,slice=500us,spares=0,");
    assertTrue(options.isHelp());
    assertEquals(Options.Log.DEBUG, options.log());
    assertEquals("/tmp/husk.log", options.logFile());
    assertTrue(options.stats());
    assertEquals(3, options.carriers());
    assertTrue(options.threads());
    assertFalse(options.main());
    assertTrue(options.exclude().matches("a.X"));
    assertEquals(500_000, options.sliceNanos());
    assertEquals(0, options.spares());
  }

  @Test
  void systemPropertiesAreOptionsToo() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("husk.carriers", "5");
    properties.setProperty("husk.stats", "");
    properties.setProperty("husk.log.file", "a,b.log");
    properties.setProperty("java.version", "25");
    properties.setProperty("huskies", "many");
    Options options = Options.parse(null, properties);
    assertEquals(5, options.carriers());
    assertTrue(options.stats());
    assertEquals("a,b.log", options.logFile());
  }

  @Test
  void theArgumentWinsOverSystemProperties() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("husk.carriers", "5");
    properties.setProperty("husk.exclude", "x");
    properties.setProperty("husk.slice", "1s");
    Options options = Options.parse("carriers=2,exclude=", properties);
    assertEquals(2, options.carriers());
    assertTrue(options.exclude().isEmpty());
    assertEquals(1_000_000_000, options.sliceNanos());
  }

  @Test
  void quotesKeepCommas() throws Exception {
    assertEquals("a,b.log", parse("log.file=\"a,b.log\",stats").logFile());
    assertEquals("a=b", parse("log.file=a=b").logFile());
    assertMessage(
        "log.file=\"a,stats: the closing quote is missing; add a \" at its end",
        "log.file=\"a,stats");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stats", "stats=on", "stats=true", "stats=TRUE", " stats = yes "})
  void on(String argument) throws Exception {
    assertTrue(parse(argument).stats());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stats=off", "stats=false", "stats=no"})
  void off(String argument) throws Exception {
    assertFalse(parse(argument).stats());
  }

  @Test
  void logAloneIsInfo() throws Exception {
    assertEquals(Options.Log.INFO, parse("log").log());
  }

  @Test
  void mainNeedsThreads() throws Exception {
    assertFalse(parse("threads=off,main=on").main());
  }

  @Test
  void socketsNeedThreads() throws Exception {
    assertTrue(parse("").sockets());
    assertFalse(parse("sockets=off").sockets());
    assertFalse(parse("threads=off,sockets=on").sockets());
  }

  @ParameterizedTest
  @CsvSource({"auto,AUTO", "huge,HUGE", "small,SMALL", "Huge,HUGE"})
  void pages(String text, Options.Pages pages) throws Exception {
    assertEquals(pages, parse("memory.pages=" + text).memoryPages());
  }

  @Test
  void sharedMemoryNeedsMemory() throws Exception {
    assertTrue(parse("memory.shared").memoryShared());
    assertFalse(parse("memory=off,memory.shared").memoryShared());
  }

  @Test
  void portsAreNumbersAndRanges() throws Exception {
    PortRanges ports = parse("kernel.ports= 80 ; 9000-9002;; 65535").kernelPorts();
    for (int port : new int[] {80, 9000, 9001, 9002, 65_535}) {
      assertTrue(ports.contains(port), port + "");
    }
    for (int port : new int[] {0, 79, 81, 8999, 9003, 65_534}) {
      assertFalse(ports.contains(port), port + "");
    }
    assertTrue(parse("kernel.ports=").kernelPorts().isEmpty());
    assertTrue(parse("").kernelPorts().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "10ms,10000000",
    "100us,100000",
    "1s,1000000000",
    "60s,60000000000",
    "0010ms,10000000"
  })
  void durations(String text, long nanos) throws Exception {
    assertEquals(nanos, parse("slice=" + text).sliceNanos());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "carrier=4       | there's no option carrier; did you mean carriers=N?",
        "cariers=4       | there's no option cariers; did you mean carriers=N?",
        "cores=4         | there's no option cores; did you mean carriers=N?",
        "Stats           | there's no option Stats; did you mean stats=on|off?",
        "sttas           | there's no option sttas; did you mean stats=on|off?",
        "logfile=x       | there's no option logfile; did you mean log.file=PATH?",
        "hlep            | there's no option hlep; did you mean help?",
        "timeslice=1ms   | there's no option timeslice; did you mean slice=TIME?",
        "nonsense=1      | there's no option nonsense; there are help, log, log.file, stats,"
            + " carriers, threads, main, exclude, sockets, kernel.ports, pcap,"
            + " memory, memory.pages, memory.shared, slice, spares",
        "kernel.ports=x  | kernel.ports is a list of ports from 1 to 65535, as in 8080;9000-9099",
        "kernel.ports=0  | kernel.ports is a list of ports from 1 to 65535, as in 8080;9000-9099",
        "kernel.ports=9-8 | kernel.ports is a list of ports from 1 to 65535",
        "kernel.ports=65536 | kernel.ports is a list of ports from 1 to 65535",
        "kernel.ports    | a value is missing, as in kernel.ports=PORT;...",
        "kernel.port=1   | there's no option kernel.port; did you mean kernel.ports=PORT;...?",
        "pcap            | a value is missing, as in pcap=PATH",
        "log=inf         | log is off, info or debug; did you mean info?",
        "log=loud        | log is off, info or debug",
        "log.file=       | a value is missing, as in log.file=PATH",
        "log.file        | a value is missing, as in log.file=PATH",
        "exclude         | a value is missing, as in exclude=PATTERN;...",
        "memory.pages    | a value is missing, as in memory.pages=auto|huge|small",
        "memory.pages=   | memory.pages is auto, huge or small",
        "memory.pages=hug | memory.pages is auto, huge or small; did you mean huge?",
        "hugepages=on    | there's no option hugepages; did you mean memory.pages=auto|huge|small?",
        "memory.share=on | there's no option memory.share; did you mean memory.shared=on|off?",
        "stats=ture      | stats is on or off; did you mean true?",
        "main=maybe      | main is on or off",
        "carriers=       | carriers is a whole number, as in carriers=",
        "carriers=two    | carriers is a whole number, as in carriers=",
        "carriers=-1     | carriers is a whole number, as in carriers=",
        "carriers=0      | carriers is from 1 to 1024; the nearest is carriers=1",
        "carriers=99999999999999999999 | carriers is from 1 to 1024; the nearest is carriers=1024",
        "spares=40000    | spares is from 0 to 32768; the nearest is spares=32768",
        "slice=10        | the unit is missing; did you mean slice=10ms?",
        "slice=10sec     | 'sec' is none of us, ms and s; did you mean slice=10s?",
        "slice=10MICROS  | 'MICROS' is none of us, ms and s; did you mean slice=10us?",
        "slice=fast      | slice is a whole number and a unit (us, ms, s), as in slice=10ms",
        "slice=0.5ms     | slice is a whole number and a unit (us, ms, s), as in slice=10ms",
        "slice=1us       | slice is from 100us to 60s; the nearest is slice=100us",
        "slice=61s       | slice is from 100us to 60s; the nearest is slice=60s",
        "slice=999999999999999999s | slice is from 100us to 60s; the nearest is slice=60s",
      })
  void errorsSayWhatToWrite(String argument, String message) {
    OptionException e = assertThrows(OptionException.class, () -> parse(argument));
    assertTrue(e.getMessage().startsWith(argument + ": " + message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().contains("help explains"), e.getMessage());
  }

  @Test
  void errorsNameTheSystemProperty() {
    Properties properties = new Properties();
    properties.setProperty("husk.carrier", "4");
    assertStart(
        "-Dhusk.carrier: there's no option -Dhusk.carrier; did you mean -Dhusk.carriers=N?",
        assertThrows(OptionException.class, () -> Options.parse(null, properties)));
    properties.clear();
    properties.setProperty("husk.slice", "4");
    assertStart(
        "-Dhusk.slice=4: the unit is missing",
        assertThrows(OptionException.class, () -> Options.parse(null, properties)));
  }

  @Test
  void commaBetweenPatternsIsExplained() {
    assertMessage(
        "io.netty.*: there's no option io.netty.*; several patterns are separated by ';', as in"
            + " exclude=a;b",
        "exclude=kafka-*,io.netty.*");
  }

  @Test
  void twiceIsAnError() {
    assertMessage("carriers=2: carriers is there twice; leave one", "carriers=1,carriers=2");
    assertMessage(
        "exclude=b: exclude is there twice; leave one, as in exclude=a;b", "exclude=a,exclude=b");
  }

  @Test
  void helpNamesEachKeyAndFitsTheScreen() {
    String help = Options.help();
    for (Key key : Key.all()) {
      assertTrue(help.contains("\n  " + key.key), key.key);
      assertTrue(help.contains("default: " + key.standard), key.key);
    }
    help.lines().forEach(line -> assertTrue(line.length() <= 100, line));
    // Nothing may fall between two lines.
    String flat = help.replaceAll("\\s+", " ");
    for (Key key : Key.all()) {
      assertTrue(flat.contains(key.text), key.text);
    }
  }

  @Test
  void printsWhatItReads() throws Exception {
    String text =
        "log=debug,log.file=\"a,b\",stats=on,carriers=3,threads=on,main=off,exclude=\"a;b*\","
            + "sockets=on,kernel.ports=80;1-9,pcap=\"c\",memory=checked,memory.pages=huge,"
            + "memory.shared=on,slice=250us,spares=7";
    assertEquals(text, parse(text).toString());
  }

  private static Options parse(String argument) throws OptionException {
    return Options.parse(argument, new Properties());
  }

  private static void assertMessage(String start, String argument) {
    assertStart(start, assertThrows(OptionException.class, () -> parse(argument)));
  }

  private static void assertStart(String start, OptionException e) {
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }
}
