package dev.husk.image.check;

import dev.husk.image.app.App;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Check} found.
 *
 * @param name the app's
 * @param jars how many there are on its class path
 * @param classes how many there are in these
 * @param nativeMethods how many its classes declare
 * @param modules by their names; certain ones first. java.base isn't among them
 * @param libraries native libraries in its jars for this machine
 * @param systemLibraries files of this system that those need beside what the JVM does; an image
 *     gets them
 * @param otherLibraries how many there are for other machines
 * @param calls by topic, in the order of the class path
 * @param errors why it can't run, a line each
 * @param warnings what may be wrong, a line each
 */
public record Report(
    String name,
    App.Kind kind,
    String mainClass,
    int jars,
    int classes,
    int nativeMethods,
    List<ModuleNeed> modules,
    List<NativeLibrary> libraries,
    List<Path> systemLibraries,
    int otherLibraries,
    List<CallSite> calls,
    List<String> errors,
    List<String> warnings) {

  /** The calls of a topic. */
  public List<CallSite> calls(Topic topic) {
    return calls.stream().filter(call -> call.topic() == topic).toList();
  }

  /** One line: whether it runs. */
  public String verdict() {
    if (!errors.isEmpty()) {
      return "can't run: " + Count.of(errors.size(), "error");
    }
    long failing = calls.stream().filter(call -> call.topic().fails()).count();
    long bypassing = libraries.stream().filter(library -> !library.bypasses().isEmpty()).count();
    List<String> doubts = new ArrayList<>();
    if (failing > 0) {
      doubts.add(Count.of(failing, "call") + " that an image can't serve");
    }
    if (bypassing > 0) {
      doubts.add(Count.of(bypassing, "native file") + " past Husk");
    }
    if (!warnings.isEmpty()) {
      doubts.add(Count.of(warnings.size(), "warning"));
    }
    return doubts.isEmpty()
        ? "runs: nothing stands in the way"
        : "runs, but see: " + String.join(", ", doubts);
  }

  /** For people: groups with a line for each finding, and the verdict as the last line. */
  public String text() {
    return ReportText.of(this);
  }

  /** As JSON, for programs. The writer stays open. */
  public void writeJson(Writer out) throws IOException {
    ReportJson.write(this, out);
  }
}
