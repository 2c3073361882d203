package dev.husk.it.second;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** Counts calls in classes that start and use threads, with Byte Buddy, as tracing agents do. */
public final class SecondAgent {
  private SecondAgent() {}

  public static void premain(String options, Instrumentation instrumentation) {
    new AgentBuilder.Default()
        .type(
            nameStartsWith("org.apache.tomcat.util.threads")
                .or(nameStartsWith("dev.husk.it.servers."))
                .or(named("org.apache.catalina.core.StandardWrapperValve")))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(Advice.to(Counting.class).on(isPublic())))
        .installOn(instrumentation);
  }

  /** What is put into the methods. */
  public static final class Counting {
    private Counting() {}

    @Advice.OnMethodEnter
    static void enter() {
      Calls.count();
    }
  }
}
