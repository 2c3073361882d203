package dev.husk.ab.host;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The labels by which a run's containers and images are known, and the removal of those whose run
 * has died.
 */
final class Leftovers {
  /** The run's id. */
  static final String RUN = "dev.husk.ab";

  /** Who made it: the process's number, when it was started, and the machine's name. */
  static final String OWNER = "dev.husk.ab.owner";

  private Leftovers() {}

  /** The labels of this program's containers and images. */
  static Map<String, String> labels(String run) throws IOException {
    ProcessStat self = ProcessStat.of(ProcessHandle.current().pid());
    return Map.of(RUN, run, OWNER, self.pid() + " " + self.startTicks() + " " + hostName());
  }

  /** Removes what was left behind by programs of this machine that have died. */
  static void remove(DockerClient client) throws IOException {
    List<String> label = List.of(RUN);
    for (Container container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(label).exec()) {
      if (isOrphan(container.getLabels(), hostName())) {
        removeContainer(client, container.getId());
      }
    }
    for (Image image : client.listImagesCmd().withLabelFilter(RUN).exec()) {
      if (isOrphan(image.getLabels(), hostName())) {
        try {
          client.removeImageCmd(image.getId()).withForce(true).exec();
        } catch (DockerException e) {
          // Somebody else was faster, or uses it.
        }
      }
    }
  }

  static void removeContainer(DockerClient client, String id) {
    try {
      client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (RuntimeException e) {
      // Somebody else was faster, or the engine is gone.
    }
  }

  /** Whether labels are those of a program of this machine that has died. */
  static boolean isOrphan(Map<String, String> labels, String hostName) {
    String[] owner = labels.getOrDefault(OWNER, "").split(" ");
    if (owner.length != 3 || !owner[2].equals(hostName)) {
      return false; // It can't be seen from here whether that one lives.
    }
    try {
      return ProcessStat.of(Long.parseLong(owner[0])).startTicks() != Long.parseLong(owner[1]);
    } catch (NumberFormatException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  static String hostName() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }
}
