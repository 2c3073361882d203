package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which processors run guests. */
final class KvmTest {
  @ParameterizedTest
  @CsvSource({
    "fpu vme vmx aes,true",
    "fpu svm,true",
    "fpu hypervisor avx512_vmx,false",
    "'',false"
  })
  void aProcessorHasAFlagForIt(String flags, boolean virtualizes) {
    String cpuinfo =
        "processor\t: 0\nmodel name\t: vmx and svm\nflags\t\t: " + flags + "\nbugs\t: svm\n";
    assertEquals(virtualizes, Kvm.virtualizes(cpuinfo));
  }
}
