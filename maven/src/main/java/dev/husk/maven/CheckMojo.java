package dev.husk.maven;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/**
 * Says what an image of the project's app needs and what it can't serve, as {@code husk check}
 * does. Fails where something would keep the app from running in an image.
 */
@Mojo(
    name = "check",
    defaultPhase = LifecyclePhase.PACKAGE,
    requiresDependencyResolution = ResolutionScope.RUNTIME,
    threadSafe = true)
public final class CheckMojo extends HuskMojo {
  @Override
  String command() {
    return "check";
  }

  @Override
  List<String> options() {
    return List.of();
  }
}
