package dev.husk.image.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes manifests in YAML, for {@code kubectl apply}. Memory and processors asked for are the
 * limits too, so that the app has them for sure (quality of service "Guaranteed").
 */
public final class Manifests {

  /** How long an app may take to end before it is killed. */
  private static final int GRACE_SECONDS = 30;

  /** How long it may take to start. */
  private static final int START_SECONDS = 120;

  private static final String NETWORK = "default";
  private static final String DISK = "app";

  /** What the name of a machine's disk for data begins with, and of its claim. */
  private static final String DATA_DISK = "disk-";

  /** Of a claim: enough to begin with, and there to be changed. */
  private static final String CLAIM_SIZE = "1Gi";

  private Manifests() {}

  /**
   * A Deployment (apps/v1) and, if the app listens, its Service (v1).
   *
   * @param image of the app
   */
  public static String deployment(Workload app, String image) {
    Map<String, Object> container = object("name", app.name(), "image", image);
    if (!app.arguments().isEmpty()) {
      container.put("args", app.arguments().stream().map(Manifests::literal).toList());
    }
    if (!app.environment().isEmpty()) {
      List<Object> variables = new ArrayList<>();
      app.environment()
          .forEach((name, value) -> variables.add(object("name", name, "value", literal(value))));
      container.put("env", variables);
    }
    if (!app.ports().isEmpty()) {
      container.put("ports", ports(app, "containerPort"));
      container.put(
          "startupProbe",
          probe(readiness(app), "periodSeconds", 1, "failureThreshold", START_SECONDS));
      container.put("readinessProbe", probe(readiness(app), "periodSeconds", 5));
      container.put("livenessProbe", probe(connection(app), "periodSeconds", 10));
    }
    container.put("resources", resources(app));

    Map<String, Object> pod =
        object(
            "nodeSelector",
            object("kubernetes.io/arch", app.architecture()),
            "terminationGracePeriodSeconds",
            GRACE_SECONDS);
    if (app.nonRoot()) {
      restrict(pod, container);
    }
    pod.put("containers", List.of(container));
    List<Map<String, Object>> claims = new ArrayList<>();
    if (!app.data().isEmpty()) {
      List<Object> mounts = new ArrayList<>();
      List<Object> volumes = new ArrayList<>();
      app.data()
          .forEach(
              (name, path) -> {
                String volume = Names.label(name);
                mounts.add(object("name", volume, "mountPath", path));
                volumes.add(claimed(volume, claimName(app, name)));
                claims.add(claim(app, claimName(app, name)));
              });
      container.put("volumeMounts", mounts);
      pod.put("volumes", volumes);
    }
    Map<String, Object> deployment =
        object(
            "apiVersion",
            "apps/v1",
            "kind",
            "Deployment",
            "metadata",
            object("name", app.name(), "labels", labels(app)),
            "spec",
            object(
                "replicas", 1,
                "selector", object("matchLabels", labels(app)),
                "template", object("metadata", object("labels", labels(app)), "spec", pod)));
    if (!claims.isEmpty()) {
      // Two pods with one claim would be two apps with one set of files, if they came to start.
      spec(deployment).put("strategy", object("type", "Recreate"));
    }
    return withService(deployment, app, claims);
  }

  /**
   * What the profile "Restricted" asks for (Kubernetes, Pod Security Standards). Which user it is
   * stays the image's or the cluster's matter: OpenShift takes one of its own.
   */
  private static void restrict(Map<String, Object> pod, Map<String, Object> container) {
    pod.put(
        "securityContext",
        object("runAsNonRoot", true, "seccompProfile", object("type", "RuntimeDefault")));
    container.put(
        "securityContext",
        object("allowPrivilegeEscalation", false, "capabilities", object("drop", List.of("ALL"))));
  }

  /**
   * A VirtualMachine of KubeVirt (kubevirt.io/v1) and, if the app listens, its Service (v1). The
   * arguments and variables of the app are not in it: they are in what boots.
   */
  public static String virtualMachine(Workload app, Boot boot) {
    Map<String, Object> devices = object("rng", Map.of(), "autoattachGraphicsDevice", false);
    Map<String, Object> networkInterface =
        object("name", NETWORK, "model", "virtio", "masquerade", Map.of());
    if (!app.ports().isEmpty()) {
      networkInterface.put("ports", ports(app, "port"));
    }
    devices.put("interfaces", List.of(networkInterface));

    int cores = Math.ceilDiv(app.cpuMillis(), 1000);
    Map<String, Object> domain =
        object(
            "cpu", object("cores", cores),
            "memory", object("guest", memory(app)),
            "resources", resources(app),
            "firmware", firmware(boot),
            "devices", devices);
    Map<String, Object> guest =
        object(
            "architecture",
            app.architecture(),
            "terminationGracePeriodSeconds",
            GRACE_SECONDS,
            "domain",
            domain,
            "networks",
            List.of(object("name", NETWORK, "pod", Map.of())));
    List<Object> disks = new ArrayList<>();
    List<Object> volumes = new ArrayList<>();
    if (boot instanceof Boot.Disk disk) {
      disks.add(virtio(DISK));
      volumes.add(object("name", DISK, "containerDisk", object("image", disk.image())));
    }
    for (String name : app.data().keySet()) {
      String disk = DATA_DISK + Names.label(name);
      disks.add(virtio(disk));
      volumes.add(claimed(disk, claimName(app, DATA_DISK + name)));
    }
    if (!disks.isEmpty()) {
      devices.put("disks", disks);
      guest.put("volumes", volumes);
    }
    if (!app.ports().isEmpty()) {
      guest.put("readinessProbe", probe(readiness(app), "periodSeconds", 5));
      // There is no startup probe for a guest: this one waits instead.
      guest.put(
          "livenessProbe",
          probe(connection(app), "periodSeconds", 10, "initialDelaySeconds", START_SECONDS));
    }
    Map<String, Object> machine =
        object(
            "apiVersion",
            "kubevirt.io/v1",
            "kind",
            "VirtualMachine",
            "metadata",
            object("name", app.name(), "labels", labels(app)),
            "spec",
            object(
                "runStrategy",
                "Always",
                "template",
                object("metadata", object("labels", labels(app)), "spec", guest)));
    return withService(machine, app, List.of());
  }

  private static Map<String, Object> virtio(String disk) {
    return object("name", disk, "disk", object("bus", "virtio"));
  }

  private static String claimName(Workload app, String data) {
    return Names.label(app.name() + "-" + data);
  }

  private static Map<String, Object> claimed(String volume, String claim) {
    return object("name", volume, "persistentVolumeClaim", object("claimName", claim));
  }

  private static Map<String, Object> claim(Workload app, String name) {
    return object(
        "apiVersion",
        "v1",
        "kind",
        "PersistentVolumeClaim",
        "metadata",
        object("name", name, "labels", labels(app)),
        "spec",
        object(
            "accessModes",
            List.of("ReadWriteOnce"),
            "resources",
            object("requests", object("storage", CLAIM_SIZE))));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spec(Map<String, Object> resource) {
    return (Map<String, Object>) resource.get("spec");
  }

  private static String withService(
      Map<String, Object> workload, Workload app, List<Map<String, Object>> others) {
    List<Map<String, Object>> all = new ArrayList<>(List.of(workload));
    all.addAll(others);
    if (app.ports().isEmpty()) {
      return Yaml.write(all);
    }
    Map<String, Object> service =
        object(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "metadata",
            object("name", app.name(), "labels", labels(app)),
            "spec",
            object("selector", labels(app), "ports", ports(app, "port")));
    all.add(1, service);
    return Yaml.write(all);
  }

  private static Map<String, Object> firmware(Boot boot) {
    return switch (boot) {
      case Boot.Disk _ -> object("bootloader", object("efi", object("secureBoot", false)));
      case Boot.Kernel kernel ->
          object(
              "kernelBoot",
              object(
                  "kernelArgs",
                  kernel.commandLine(),
                  "container",
                  object(
                      "image", kernel.image(),
                      "kernelPath", kernel.kernelPath(),
                      "initrdPath", kernel.initrdPath())));
    };
  }

  private static Map<String, Object> labels(Workload app) {
    return object("app.kubernetes.io/name", app.name());
  }

  private static List<Object> ports(Workload app, String numberField) {
    List<Object> ports = new ArrayList<>();
    for (int port : app.ports()) {
      ports.add(object("name", "tcp-" + port, numberField, port, "protocol", "TCP"));
    }
    return ports;
  }

  private static Map<String, Object> resources(Workload app) {
    Map<String, Object> amounts = object("cpu", app.cpuMillis() + "m", "memory", memory(app));
    return object("requests", amounts, "limits", amounts);
  }

  private static String memory(Workload app) {
    return app.memoryMebibytes() + "Mi";
  }

  private static Map<String, Object> readiness(Workload app) {
    String path = app.healthPath();
    return path == null
        ? connection(app)
        : object("httpGet", object("path", path, "port", app.ports().first()));
  }

  /** Whether the app accepts connections, which doesn't depend on what it talks to itself. */
  private static Map<String, Object> connection(Workload app) {
    return object("tcpSocket", object("port", app.ports().first()));
  }

  private static Map<String, Object> probe(Map<String, Object> action, Object... timing) {
    action.putAll(object(timing));
    return action;
  }

  /** Kubernetes makes a variable's value of $(NAME) in these texts, and $ of $$. */
  private static String literal(String text) {
    return text.replace("$", "$$");
  }

  /** An object of these names and values, in this order. */
  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
