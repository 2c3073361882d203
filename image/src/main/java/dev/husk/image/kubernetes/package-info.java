/**
 * Manifests that run a packed app in a cluster: as a container by {@link
 * dev.husk.image.kubernetes.Manifests#deployment a Deployment}, or as a virtual machine of {@link
 * dev.husk.image.kubernetes.Manifests#virtualMachine KubeVirt}.
 */
@NullMarked
package dev.husk.image.kubernetes;

import org.jspecify.annotations.NullMarked;
