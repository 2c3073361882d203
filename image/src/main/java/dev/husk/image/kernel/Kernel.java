package dev.husk.image.kernel;

/** A kernel and its modules. */
public record Kernel(KernelFile file, KernelModules modules) {}
