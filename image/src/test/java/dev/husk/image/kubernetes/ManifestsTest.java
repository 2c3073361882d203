package dev.husk.image.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ManifestsTest {

  private static final Workload SHOP =
      new Workload("Shop", "amd64", List.of(8080, 9090), "/health", 512, 1500, false, Map.of());

  @Test
  void deploymentWithItsService() {
    Workload app =
        new Workload(
            "My Shop!",
            "arm64",
            new TreeSet<>(List.of(8080)),
            "/health?deep=no",
            256,
            500,
            true,
            List.of("--greeting", "yes", "$(HOME) costs $$"),
            new TreeMap<>(),
            new TreeMap<>(Map.of("MODE", "1e3", "TEXT", "a: b\nc")));
    assertEquals(
        """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: my-shop
          labels:
            app.kubernetes.io/name: my-shop
        spec:
          replicas: 1
          selector:
            matchLabels:
              app.kubernetes.io/name: my-shop
          template:
            metadata:
              labels:
                app.kubernetes.io/name: my-shop
            spec:
              nodeSelector:
                kubernetes.io/arch: arm64
              terminationGracePeriodSeconds: 30
              securityContext:
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: my-shop
                  image: "team/shop:1.2"
                  args:
                    - "--greeting"
                    - "yes"
                    - "$$(HOME) costs $$$$"
                  env:
                    - name: MODE
                      value: "1e3"
                    - name: TEXT
                      value: "a: b\\nc"
                  ports:
                    - name: tcp-8080
                      containerPort: 8080
                      protocol: TCP
                  startupProbe:
                    httpGet:
                      path: "/health?deep=no"
                      port: 8080
                    periodSeconds: 1
                    failureThreshold: 120
                  readinessProbe:
                    httpGet:
                      path: "/health?deep=no"
                      port: 8080
                    periodSeconds: 5
                  livenessProbe:
                    tcpSocket:
                      port: 8080
                    periodSeconds: 10
                  resources:
                    requests:
                      cpu: "500m"
                      memory: "256Mi"
                    limits:
                      cpu: "500m"
                      memory: "256Mi"
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - ALL
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: my-shop
          labels:
            app.kubernetes.io/name: my-shop
        spec:
          selector:
            app.kubernetes.io/name: my-shop
          ports:
            - name: tcp-8080
              port: 8080
              protocol: TCP
        """,
        Manifests.deployment(app, "team/shop:1.2"));
  }

  @Test
  void virtualMachineFromADisk() {
    String service =
        """
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: shop
          labels:
            app.kubernetes.io/name: shop
        spec:
          selector:
            app.kubernetes.io/name: shop
          ports:
            - name: tcp-8080
              port: 8080
              protocol: TCP
            - name: tcp-9090
              port: 9090
              protocol: TCP
        """;
    assertEquals(
        """
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: shop
          labels:
            app.kubernetes.io/name: shop
        spec:
          runStrategy: Always
          template:
            metadata:
              labels:
                app.kubernetes.io/name: shop
            spec:
              architecture: amd64
              terminationGracePeriodSeconds: 30
              domain:
                cpu:
                  cores: 2
                memory:
                  guest: "512Mi"
                resources:
                  requests:
                    cpu: "1500m"
                    memory: "512Mi"
                  limits:
                    cpu: "1500m"
                    memory: "512Mi"
                firmware:
                  bootloader:
                    efi:
                      secureBoot: false
                devices:
                  rng: {}
                  autoattachGraphicsDevice: false
                  interfaces:
                    - name: default
                      model: virtio
                      masquerade: {}
                      ports:
                        - name: tcp-8080
                          port: 8080
                          protocol: TCP
                        - name: tcp-9090
                          port: 9090
                          protocol: TCP
                  disks:
                    - name: app
                      disk:
                        bus: virtio
              networks:
                - name: default
                  pod: {}
              volumes:
                - name: app
                  containerDisk:
                    image: "shop-disk:1.2"
              readinessProbe:
                httpGet:
                  path: "/health"
                  port: 8080
                periodSeconds: 5
              livenessProbe:
                tcpSocket:
                  port: 8080
                periodSeconds: 10
                initialDelaySeconds: 120
        """
            + service,
        Manifests.virtualMachine(SHOP, new Boot.Disk("shop-disk:1.2")));
  }

  @Test
  void virtualMachineFromAKernel() throws Exception {
    String yaml =
        Manifests.virtualMachine(
            SHOP,
            new Boot.Kernel("shop-boot:1", "/boot/vmlinuz", "/boot/initrd", "console=ttyS0 quiet"));
    Object machine = PythonYaml.read(yaml).getFirst();
    assertEquals(
        Map.of(
            "kernelBoot",
            Map.of(
                "kernelArgs",
                "console=ttyS0 quiet",
                "container",
                Map.of(
                    "image", "shop-boot:1",
                    "kernelPath", "/boot/vmlinuz",
                    "initrdPath", "/boot/initrd"))),
        at(machine, "spec", "template", "spec", "domain", "firmware"));
    assertFalse(yaml.contains("disk"), yaml);
  }

  /** A container's claim can be made with it; a machine's has to hold a file system already. */
  @Test
  void dataIsClaimed() {
    Workload app =
        new Workload(
            "job", "amd64", List.of(), null, 128, 1000, false, Map.of("My_data", "/app/data"));
    String deployment = Manifests.deployment(app, "job:1");
    assertTrue(
        deployment.contains(
            """
                      volumeMounts:
                        - name: my-data
                          mountPath: "/app/data"
                  volumes:
                    - name: my-data
                      persistentVolumeClaim:
                        claimName: job-my-data
              strategy:
                type: Recreate
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: job-my-data
              labels:
                app.kubernetes.io/name: job
            spec:
              accessModes:
                - ReadWriteOnce
              resources:
                requests:
                  storage: "1Gi"
            """),
        deployment);
    String machine = Manifests.virtualMachine(app, new Boot.Disk("job-disk:1"));
    assertTrue(
        machine.contains(
            """
                      disks:
                        - name: app
                          disk:
                            bus: virtio
                        - name: disk-my-data
                          disk:
                            bus: virtio
            """),
        machine);
    assertTrue(
        machine.contains(
            """
                    - name: disk-my-data
                      persistentVolumeClaim:
                        claimName: job-disk-my-data
            """),
        machine);
    assertFalse(machine.contains("PersistentVolumeClaim"), machine);
  }

  /** A program that doesn't listen: nothing to probe, nothing to reach. */
  @Test
  void appWithoutPortsHasNoProbesAndNoService() throws Exception {
    Workload app = new Workload("job", "amd64", List.of(), null, 128, 1000, false, Map.of());
    for (String yaml :
        List.of(
            Manifests.deployment(app, "job"),
            Manifests.virtualMachine(app, new Boot.Disk("job")))) {
      assertEquals(1, PythonYaml.read(yaml).size());
      assertFalse(yaml.contains("Probe") || yaml.contains("ports"), yaml);
    }
  }

  @Test
  void appWithoutAHealthPathIsReadyWhenItAcceptsConnections() {
    Workload app = new Workload("app", "amd64", List.of(25), null, 128, 1000, false, Map.of());
    String yaml = Manifests.deployment(app, "app");
    assertTrue(yaml.contains("readinessProbe:\n            tcpSocket:\n              port: 25\n"));
    assertFalse(yaml.contains("httpGet"), yaml);
  }

  @Test
  void namesAreMadeValid() {
    String[][] cases = {
      {"shop", "shop"},
      {"My Shop!", "my-shop"},
      {"-a--b_c.d-", "a-b-c-d"},
      {"Crème", "creme"},
      {"1password", "app-1password"},
      {"日本", "app"},
      {"", "app"},
      {"a".repeat(100), "a".repeat(63)},
      {"a".repeat(62) + "-b", "a".repeat(62)},
    };
    for (String[] names : cases) {
      assertEquals(names[1], Names.label(names[0]));
      assertTrue(Names.label(names[0]).matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
    }
  }

  @Test
  void whatNoClusterCouldRunIsRefused() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new Workload("a", "amd64", List.of(), "/health", 128, 1000, false, Map.of()),
            () -> new Workload("a", "amd64", List.of(80), "health", 128, 1000, false, Map.of()),
            () -> new Workload("a", "amd64", List.of(80), null, 0, 1000, false, Map.of()),
            () -> new Workload("a", "amd64", List.of(80), null, 128, 0, false, Map.of()),
            () -> new Workload("a", "amd64", List.of(70_000), null, 128, 1, false, Map.of()))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
  }

  private static Object at(Object value, String... path) {
    Object found = value;
    for (String name : path) {
      found = ((Map<?, ?>) found).get(name);
    }
    return found;
  }
}
