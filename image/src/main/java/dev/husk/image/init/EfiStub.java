package dev.husk.image.init;

import static dev.husk.image.asm.Memory.byteAt;
import static dev.husk.image.asm.Memory.dwordAt;
import static dev.husk.image.asm.Memory.qwordAt;
import static dev.husk.image.asm.Memory.wordAt;
import static dev.husk.image.asm.Register.AX;
import static dev.husk.image.asm.Register.CX;
import static dev.husk.image.asm.Register.EAX;
import static dev.husk.image.asm.Register.ECX;
import static dev.husk.image.asm.Register.EDI;
import static dev.husk.image.asm.Register.EDX;
import static dev.husk.image.asm.Register.ESI;
import static dev.husk.image.asm.Register.R10;
import static dev.husk.image.asm.Register.R12;
import static dev.husk.image.asm.Register.R13;
import static dev.husk.image.asm.Register.R14;
import static dev.husk.image.asm.Register.R8;
import static dev.husk.image.asm.Register.R8D;
import static dev.husk.image.asm.Register.R9;
import static dev.husk.image.asm.Register.RAX;
import static dev.husk.image.asm.Register.RBP;
import static dev.husk.image.asm.Register.RBX;
import static dev.husk.image.asm.Register.RCX;
import static dev.husk.image.asm.Register.RDI;
import static dev.husk.image.asm.Register.RDX;
import static dev.husk.image.asm.Register.RSI;
import static dev.husk.image.asm.Register.RSP;

import dev.husk.image.asm.Assembler;
import dev.husk.image.asm.Program;
import dev.husk.image.asm.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The code of a unified kernel image on x86-64: an EFI application that starts the kernel in the
 * section {@code .linux} of its own file, with the initramfs in {@code .initrd} and the command
 * line in {@code .cmdline} (ASCII; its virtual size is its length). It runs at any address, writes
 * to its stack alone, and needs no relocation. What fails is a line "husk: STEP: STATUS" on the
 * firmware's console, and the status is handed back to the firmware.
 *
 * <p>Offsets and calling convention are of the UEFI specification 2.10: sections 2.3.4
 * (convention), 4.3 and 4.4 (tables), 9.1 (loaded image), 10.3 (device paths), 13.2 (Load File 2).
 * How the kernel asks for its initramfs is in Documentation/arch/x86/boot.rst and {@code
 * linux/efi.h}.
 *
 * <p>Registers that keep their meaning, in a call as well: rbx, the handle of this image; rbp, the
 * system table; r12, the boot services; r13, the base of this image; r14, the name of the step.
 */
public final class EfiStub {

  /** Where the code starts, as an offset in {@link #code}. */
  public static final int ENTRY = 0;

  private static final long ERROR = 1L << 63;
  private static final long UNSUPPORTED = ERROR | 3;
  private static final long BUFFER_TOO_SMALL = ERROR | 5;
  private static final long NOT_FOUND = ERROR | 14;

  // EFI_SYSTEM_TABLE
  private static final int CONSOLE_OUT = 64;
  private static final int BOOT_SERVICES = 96;
  // EFI_BOOT_SERVICES
  private static final int ALLOCATE_POOL = 64;
  private static final int FREE_POOL = 72;
  private static final int HANDLE_PROTOCOL = 152;
  private static final int LOAD_IMAGE = 200;
  private static final int START_IMAGE = 208;
  private static final int UNLOAD_IMAGE = 224;
  private static final int INSTALL_PROTOCOLS = 328;
  private static final int UNINSTALL_PROTOCOLS = 336;
  private static final int LOADER_DATA = 2; // EfiLoaderData
  // EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL
  private static final int OUTPUT_STRING = 8;
  // EFI_LOADED_IMAGE_PROTOCOL
  private static final int LOAD_OPTIONS_SIZE = 48;
  private static final int LOAD_OPTIONS = 56;
  private static final int IMAGE_BASE = 64;

  // PE (Microsoft's PE Format): MS-DOS stub, COFF header, section header
  private static final int PE_OFFSET = 0x3c;
  private static final int SECTION_COUNT = 6;
  private static final int OPTIONAL_HEADER_SIZE = 20;
  private static final int OPTIONAL_HEADER = 24;
  private static final int SECTION_HEADER_BYTES = 40;
  private static final int SECTION_SIZE = 8;
  private static final int SECTION_ADDRESS = 12;

  // The stack frame. A callee may use the first 32 bytes; arguments from the fifth on follow.
  private static final int ARGUMENT_5 = 32;
  private static final int ARGUMENT_6 = 40;
  private static final int LOADED = 48; // a loaded image protocol
  private static final int KERNEL = 56; // the kernel's handle while it is loaded and not started
  private static final int OPTIONS = 64; // the command line in UTF-16
  private static final int INITRD = 72; // the handle that offers the initramfs
  private static final int LOAD_FILE2 = 80; // EFI_LOAD_FILE2_PROTOCOL: one address; and, ours:
  private static final int INITRD_ADDRESS = 8;
  private static final int INITRD_SIZE = 16;
  private static final int KERNEL_PATH = 104; // a device path: memory, end
  private static final int DIGITS = 136; // sixteen of UTF-16, and an end of line
  private static final int FRAME = 176;
  private static final int DIGITS_BYTES = 32;

  private static final List<Register> SAVED = List.of(RBX, RBP, RSI, RDI, R12, R13, R14);

  private final Assembler asm = new Assembler();

  private EfiStub() {}

  /** The program, with its listing. Only its bytes matter; it has no address of its own. */
  public static Program program() {
    EfiStub stub = new EfiStub();
    stub.begin();
    stub.offerInitrd();
    stub.loadKernel();
    stub.passCommandLine();
    stub.start();
    stub.fail();
    stub.routines();
    stub.constants();
    return stub.asm.assemble(0);
  }

  /** The bytes. */
  public static byte[] code() {
    return program().bytes();
  }

  /** Called with this image's handle in rcx and the system table in rdx. */
  private void begin() {
    asm.label("entry");
    SAVED.forEach(asm::push);
    asm.sub(RSP, FRAME).note("16-byte aligned, with seven registers and the return address");
    asm.mov(RBX, RCX);
    asm.mov(RBP, RDX);
    asm.mov(R12, qwordAt(RDX, BOOT_SERVICES));
    asm.mov(qwordAt(RSP, KERNEL), 0);
    asm.mov(qwordAt(RSP, OPTIONS), 0);
    asm.mov(qwordAt(RSP, INITRD), 0).note("a new handle is wanted");

    step("find_myself");
    asm.mov(RCX, RBX);
    asm.call("loaded_image");
    asm.mov(R13, qwordAt(RAX, IMAGE_BASE));
  }

  /** Installs the protocol through which the kernel asks for its initramfs. */
  private void offerInitrd() {
    step("find_initrd");
    section(".initrd");
    asm.lea(RAX, "load_file");
    asm.mov(qwordAt(RSP, LOAD_FILE2), RAX);
    asm.mov(qwordAt(RSP, LOAD_FILE2 + INITRD_ADDRESS), RSI);
    asm.mov(qwordAt(RSP, LOAD_FILE2 + INITRD_SIZE), RDI);

    step("offer_initrd");
    asm.lea(RCX, qwordAt(RSP, INITRD));
    initrdProtocols();
    asm.call(qwordAt(R12, INSTALL_PROTOCOLS));
    failOnError();
  }

  private void initrdProtocols() {
    asm.lea(RDX, "device_path_guid");
    asm.lea(R8, "initrd_path");
    asm.lea(R9, "load_file2_guid");
    asm.lea(RAX, qwordAt(RSP, LOAD_FILE2));
    asm.mov(qwordAt(RSP, ARGUMENT_5), RAX);
    asm.mov(qwordAt(RSP, ARGUMENT_6), 0).note("no more of them");
  }

  private void loadKernel() {
    step("find_kernel");
    section(".linux");

    step("load_kernel");
    // A device path of memory (10.3.2.3): firmware that verifies images wants one.
    asm.mov(dwordAt(RSP, KERNEL_PATH), 24 << 16 | 3 << 8 | 1).note("hardware, memory mapped");
    asm.mov(dwordAt(RSP, KERNEL_PATH + 4), LOADER_DATA);
    asm.mov(qwordAt(RSP, KERNEL_PATH + 8), RSI);
    asm.lea(RAX, byteAt(RSI, -1));
    asm.add(RAX, RDI);
    asm.mov(qwordAt(RSP, KERNEL_PATH + 16), RAX).note("the last byte");
    asm.mov(dwordAt(RSP, KERNEL_PATH + 24), 4 << 16 | 0xff << 8 | 0x7f).note("end");
    asm.xor(ECX, ECX).note("not by the boot manager");
    asm.mov(RDX, RBX);
    asm.lea(R8, qwordAt(RSP, KERNEL_PATH));
    asm.mov(R9, RSI);
    asm.mov(qwordAt(RSP, ARGUMENT_5), RDI);
    asm.lea(RAX, qwordAt(RSP, KERNEL));
    asm.mov(qwordAt(RSP, ARGUMENT_6), RAX);
    asm.call(qwordAt(R12, LOAD_IMAGE));
    failOnError();
  }

  /** Hands the kernel its command line, made UTF-16, as the load options. */
  private void passCommandLine() {
    step("find_command_line");
    section(".cmdline");

    step("pass_command_line");
    asm.mov(ECX, LOADER_DATA);
    asm.lea(RDX, byteAt(RDI, 1));
    asm.add(RDX, RDX);
    asm.lea(R8, qwordAt(RSP, OPTIONS));
    asm.call(qwordAt(R12, ALLOCATE_POOL));
    failOnError();
    asm.mov(RCX, qwordAt(RSP, KERNEL));
    asm.call("loaded_image");
    asm.lea(RCX, byteAt(RDI, 1));
    asm.add(RCX, RCX);
    asm.mov(dwordAt(RAX, LOAD_OPTIONS_SIZE), ECX);
    asm.mov(RDX, qwordAt(RSP, OPTIONS));
    asm.mov(qwordAt(RAX, LOAD_OPTIONS), RDX);
    asm.add(RDI, RSI).note("behind the last character");
    asm.label("widen");
    asm.cmp(RSI, RDI);
    asm.je("widened");
    asm.movzx(EAX, byteAt(RSI, 0));
    asm.mov(wordAt(RDX, 0), AX);
    asm.inc(RSI);
    asm.add(RDX, 2);
    asm.jmp("widen");
    asm.label("widened");
    asm.mov(wordAt(RDX, 0), 0);
  }

  /** A kernel that starts never returns. */
  private void start() {
    step("start_kernel");
    asm.mov(RCX, qwordAt(RSP, KERNEL));
    asm.mov(qwordAt(RSP, KERNEL), 0).note("the firmware unloads what has returned");
    asm.xor(EDX, EDX).note("no exit data wanted");
    asm.xor(R8D, R8D);
    asm.call(qwordAt(R12, START_IMAGE));
  }

  /** Prints the step and the status in rax, takes back what was made, and returns the status. */
  private void fail() {
    asm.label("failed");
    asm.mov(RDI, RAX);

    // Sixteen digits, the last first.
    asm.lea(RSI, wordAt(RSP, DIGITS + DIGITS_BYTES));
    asm.mov(dwordAt(RSI, 0), '\n' << 16 | '\r');
    asm.mov(wordAt(RSI, 4), 0);
    asm.lea(RDX, wordAt(RSP, DIGITS));
    asm.label("digit");
    asm.mov(ECX, EAX);
    asm.and(ECX, 15);
    asm.add(ECX, '0');
    asm.cmp(ECX, '9' + 1);
    asm.jb("digit_ready");
    asm.add(ECX, 'a' - '9' - 1);
    asm.label("digit_ready");
    asm.sub(RSI, 2);
    asm.mov(wordAt(RSI, 0), CX);
    asm.shr(RAX, 4);
    asm.cmp(RSI, RDX);
    asm.jne("digit");

    asm.mov(RDX, R14);
    print();
    asm.mov(RDX, RSI);
    print();

    asm.mov(RCX, qwordAt(RSP, KERNEL));
    asm.test(RCX, RCX);
    asm.je("kernel_gone");
    asm.call(qwordAt(R12, UNLOAD_IMAGE));
    asm.label("kernel_gone");
    asm.mov(RCX, qwordAt(RSP, OPTIONS));
    asm.test(RCX, RCX);
    asm.je("options_gone");
    asm.call(qwordAt(R12, FREE_POOL));
    asm.label("options_gone");
    asm.mov(RCX, qwordAt(RSP, INITRD));
    asm.test(RCX, RCX);
    asm.je("initrd_gone").note("else the firmware would keep addresses of our stack");
    initrdProtocols();
    asm.call(qwordAt(R12, UNINSTALL_PROTOCOLS));
    asm.label("initrd_gone");

    asm.mov(RAX, RDI);
    asm.add(RSP, FRAME);
    SAVED.reversed().forEach(asm::pop);
    asm.ret();
  }

  private void print() {
    asm.mov(RCX, qwordAt(RBP, CONSOLE_OUT));
    asm.call(qwordAt(RCX, OUTPUT_STRING));
  }

  private void routines() {
    // loaded_image: the loaded image protocol of the handle rcx into rax; or fails
    asm.label("loaded_image");
    asm.lea(RDX, "loaded_image_guid");
    asm.lea(R8, qwordAt(RSP, Long.BYTES + LOADED)).note("beyond our return address");
    asm.sub(RSP, ARGUMENT_5 + Long.BYTES);
    asm.call(qwordAt(R12, HANDLE_PROTOCOL));
    asm.add(RSP, ARGUMENT_5 + Long.BYTES);
    asm.mov(RDX, RAX);
    asm.mov(RAX, qwordAt(RSP, Long.BYTES + LOADED));
    asm.test(RDX, RDX);
    asm.js("failed_inside");
    asm.ret();
    asm.label("failed_inside");
    asm.mov(RAX, RDX);
    asm.pop(RDX).note("the return address");
    asm.jmp("failed");

    // find_section: of the name rax, the address into rsi and the size into rdi; or fails
    asm.label("find_section");
    asm.mov(ECX, dwordAt(R13, PE_OFFSET));
    asm.add(RCX, R13);
    asm.movzx(EDX, wordAt(RCX, SECTION_COUNT));
    asm.movzx(ESI, wordAt(RCX, OPTIONAL_HEADER_SIZE));
    asm.lea(RCX, byteAt(RCX, OPTIONAL_HEADER));
    asm.add(RCX, RSI).note("the first section's header");
    asm.label("section_next");
    asm.test(EDX, EDX);
    asm.je("no_section");
    asm.cmp(qwordAt(RCX, 0), RAX);
    asm.je("section_found");
    asm.add(RCX, SECTION_HEADER_BYTES);
    asm.dec(EDX);
    asm.jmp("section_next");
    asm.label("section_found");
    asm.mov(ESI, dwordAt(RCX, SECTION_ADDRESS));
    asm.add(RSI, R13);
    asm.mov(EDI, dwordAt(RCX, SECTION_SIZE));
    asm.ret();
    asm.label("no_section");
    asm.mov(RDX, NOT_FOUND);
    asm.jmp("failed_inside");

    // EFI_LOAD_FILE2_PROTOCOL.LoadFile (13.2.2): the firmware calls it for the kernel, with the
    // protocol in rcx, a path, a flag in r8b, the address of the buffer's size in r9, the buffer
    asm.label("load_file");
    asm.test(R8D, 0xff);
    asm.jne("of_boot_manager");
    asm.mov(RAX, qwordAt(RCX, INITRD_SIZE));
    asm.mov(R10, qwordAt(RSP, Long.BYTES + ARGUMENT_5));
    asm.test(R10, R10);
    asm.je("too_small").note("asks for the size alone");
    asm.cmp(qwordAt(R9, 0), RAX);
    asm.jb("too_small");
    asm.mov(qwordAt(R9, 0), RAX);
    asm.push(RSI);
    asm.push(RDI);
    asm.mov(RSI, qwordAt(RCX, INITRD_ADDRESS));
    asm.mov(RDI, R10);
    asm.mov(RCX, RAX);
    asm.repMovsb();
    asm.pop(RDI);
    asm.pop(RSI);
    asm.xor(EAX, EAX);
    asm.ret();
    asm.label("too_small");
    asm.mov(qwordAt(R9, 0), RAX);
    asm.mov(RAX, BUFFER_TOO_SMALL);
    asm.ret();
    asm.label("of_boot_manager");
    asm.mov(RAX, UNSUPPORTED);
    asm.ret();
  }

  private void constants() {
    asm.align(Long.BYTES);
    guid("loaded_image_guid", "5b1b31a1-9562-11d2-8e3f-00a0c969723b");
    guid("device_path_guid", "09576e91-6d3f-11d2-8e39-00a0c969723b");
    guid("load_file2_guid", "4006c0c1-fcb3-403e-996d-4a6c8724e06d");
    asm.label("initrd_path");
    asm.data(new byte[] {4, 3, 20, 0}).note("media, vendor, 20 bytes");
    asm.data(guid("5568e427-68fc-4f3d-ac74-ca555231cc68")).note("LINUX_EFI_INITRD_MEDIA_GUID");
    asm.data(new byte[] {0x7f, (byte) 0xff, 4, 0}).note("end, 4 bytes");
    asm.label("find_myself").utf16("husk: find the loaded image: ");
    asm.label("find_initrd").utf16("husk: find .initrd: ");
    asm.label("offer_initrd").utf16("husk: offer the initramfs: ");
    asm.label("find_kernel").utf16("husk: find .linux: ");
    asm.label("load_kernel").utf16("husk: load the kernel: ");
    asm.label("find_command_line").utf16("husk: find .cmdline: ");
    asm.label("pass_command_line").utf16("husk: pass the command line: ");
    asm.label("start_kernel").utf16("husk: start the kernel: ");
  }

  private void step(String name) {
    asm.lea(R14, name);
  }

  private void failOnError() {
    asm.test(RAX, RAX);
    asm.js("failed");
  }

  private void section(String name) {
    byte[] eight = new byte[Long.BYTES];
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(letters, 0, eight, 0, letters.length);
    asm.mov(RAX, ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong()).note(name);
    asm.call("find_section");
  }

  private void guid(String label, String guid) {
    asm.label(label).data(guid(guid)).note(guid);
  }

  /** As it lies in memory (appendix A): the first three fields in little endian. */
  private static byte[] guid(String text) {
    UUID guid = UUID.fromString(text);
    long high = guid.getMostSignificantBits();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) (high >> 32))
        .putShort((short) (high >> 16))
        .putShort((short) high)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(guid.getLeastSignificantBits())
        .array();
  }
}
