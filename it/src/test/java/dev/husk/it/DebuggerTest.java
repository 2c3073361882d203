package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.husk.it.Both.Results;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A debugger sees a server's threads and stops them, as on the stock JVM. */
final class DebuggerTest {
  @Test
  void breakpointInAServlet() throws Exception {
    Results<List<String>> results = Both.run(DebuggerTest::debug);
    assertEquals(results.stock(), results.husk());
  }

  private static List<String> debug(Side side) throws Exception {
    String jdwp = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
    List<String> seen = new ArrayList<>();
    try (Child child = Child.start(side, List.of(jdwp), "dev.husk.it.servers.TomcatProgram")) {
      String listening = child.line("Listening for transport", 30_000);
      assertNotNull(listening, () -> "no debugger port:\n" + String.join("\n", child.err()));
      int port = ServersTest.port(child);
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello")).build();
      seen.add("first " + client.send(request, BodyHandlers.ofString()).body());

      VirtualMachine vm = attach(listening.replaceAll(".*: ", "").strip());
      vm.suspend();
      seen.add(
          "main is listed "
              + vm.allThreads().stream().anyMatch(thread -> thread.name().equals("main")));
      vm.resume();

      ReferenceType pages = vm.classesByName("dev.husk.it.servers.Pages").getFirst();
      Location location = pages.methodsByName("serve").getFirst().location();
      BreakpointRequest breakpoint = vm.eventRequestManager().createBreakpointRequest(location);
      breakpoint.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      breakpoint.enable();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(request, BodyHandlers.ofString());
      BreakpointEvent event = next(vm);
      assertNotNull(event, () -> "the breakpoint wasn't hit\n" + child.threadDump());
      ThreadReference thread = event.thread();
      seen.add(
          "stopped in "
              + thread.frame(0).location().method().name()
              + " of "
              + thread.name().replaceAll("\\d+", "n"));
      seen.add("answered early " + answer.isDone());
      breakpoint.disable();
      thread.resume();
      seen.add("then " + answer.get(20, TimeUnit.SECONDS).body());
      vm.dispose();
      seen.add("after " + client.send(request, BodyHandlers.ofString()).body());
      client.close();
    }
    return seen;
  }

  private static VirtualMachine attach(String port) throws Exception {
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(candidate -> candidate.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port.replaceAll(".*:", ""));
    return connector.attach(arguments);
  }

  private static BreakpointEvent next(VirtualMachine vm) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      EventSet events = vm.eventQueue().remove(1_000);
      if (events == null) {
        continue;
      }
      for (Event event : events) {
        if (event instanceof BreakpointEvent breakpoint) {
          return breakpoint;
        }
      }
      events.resume();
    }
    return null;
  }
}
