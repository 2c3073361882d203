package dev.husk.ab.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param pid its number
 * @param state {@code R} running, {@code S} sleeping, {@code Z} ended but not waited for, and so on
 * @param parent the number of its parent
 * @param session the number of its session
 * @param cpuTicks user and system time of all its threads, those that have ended included
 * @param childTicks the same of its children that have ended
 * @param startTicks when it was started, since the machine was
 */
public record ProcessStat(
    long pid,
    char state,
    long parent,
    long session,
    long cpuTicks,
    long childTicks,
    long startTicks) {
  /** USER_HZ, which Linux keeps at 100 towards programs on every architecture that runs a JDK. */
  public static final double TICKS_PER_SECOND = 100;

  /**
   * Reads it.
   *
   * @throws NoSuchFileException when there is no such process any more
   */
  public static ProcessStat of(long pid) throws IOException {
    // A program's name may be bytes of any kind.
    return parse(Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1));
  }

  /** Reads the text of {@code /proc/PID/stat}. */
  static ProcessStat parse(String stat) {
    // The second field is the program's name in parentheses and may itself hold blanks and
    // parentheses: the fields are counted from the last one. The first behind it is field 3.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new ProcessStat(
        Long.parseLong(stat.substring(0, stat.indexOf(' '))),
        fields[0].charAt(0),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[3]),
        Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
        Long.parseLong(fields[13]) + Long.parseLong(fields[14]),
        Long.parseLong(fields[19]));
  }

  /** Whether it still runs: not ended, waited for or not. */
  public boolean isAlive() {
    return state != 'Z' && state != 'X';
  }
}
