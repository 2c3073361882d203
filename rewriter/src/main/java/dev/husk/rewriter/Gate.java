package dev.husk.rewriter;

/**
 * A private static method that a linked class calls in the place of its sites, and that the linker
 * adds to it: where the switch of the seam's group is set it calls the seam, else it does what
 * stood there.
 *
 * @param name the method's name
 * @param descriptor the method's descriptor: it takes what the site has on the stack and returns
 *     what the seam returns
 * @param seam the seam
 * @param kind what stood there, as the kind of a method handle (JVMS 5.4.3.5): 1 {@code getfield},
 *     2 {@code getstatic}, 5 {@code invokevirtual}, 6 {@code invokestatic}, 7 {@code
 *     invokespecial}, 8 {@code new} and its constructor call, 9 {@code invokeinterface}
 * @param owner the class that the original reference names, an internal name
 * @param member the name of the original member
 * @param memberDescriptor the descriptor of the original member
 * @param ownerIsInterface whether the original reference is one to a method of an interface
 */
public record Gate(
    String name,
    String descriptor,
    Seam seam,
    int kind,
    String owner,
    String member,
    String memberDescriptor,
    boolean ownerIsInterface) {}
