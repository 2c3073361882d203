/*
 * From the Renaissance benchmark suite, https://github.com/renaissance-benchmarks/renaissance
 * (benchmarks/jdk-streams, revision 76d0733db5a2): the sequential part of
 * MnemonicsCoderWithStream, with the input of its driver.
 *
 * Copyright 2019, Charles University in Prague, Johannes Kepler University Linz, Università della
 * Svizzera italiana, Universidad Privada Boliviana
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software
 * and associated documentation files (the "Software"), to deal in the Software without
 * restriction, including without limitation the rights to use, copy, modify, merge, publish,
 * distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or
 * substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
 * BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
 * NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
 * DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
package dev.husk.bench.renaissance;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code mnemonics}: which words a telephone number may stand for, by streams over maps. The number
 * is that of the suite's test configuration; the long one takes seconds, too coarse for
 * percentiles.
 */
public final class Mnemonics {
  private static final String INPUT = "7225276257722527";

  private static final List<String> WORDS =
      List.of(
          "Scala",
          "rocks",
          "Pack",
          "brocks",
          "GWT",
          "implicit",
          "nice",
          "ScalaGWT",
          "cat",
          "EFPL",
          "Lausanne",
          "sCala",
          "ROcks",
          "pAck",
          "Java",
          "Apple",
          "Google",
          "Rochester",
          "Utah",
          "Rice",
          "wyr",
          "lxm",
          "q",
          "w",
          "e",
          "r",
          "t",
          "y",
          "u",
          "i",
          "o",
          "p",
          "a",
          "s",
          "d",
          "f");

  private final Map<Character, String> mnemonics =
      new HashMap<>(
          Map.of(
              '2', "ABC", '3', "DEF", '4', "GHI", '5', "JKL", '6', "MNO", '7', "PQRS", '8', "TUV",
              '9', "WXYZ"));

  /** From 'A' … 'Z' to '2' … '9'. */
  private final Map<Character, String> charCode =
      mnemonics.entrySet().stream()
          .flatMap(
              e ->
                  e
                      .getValue()
                      .chars()
                      .mapToObj(c -> (char) c)
                      .collect(Collectors.toMap(c -> c, c -> String.valueOf(e.getKey())))
                      .entrySet()
                      .stream())
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  /** Translates the number and returns how many phrases there are for it. */
  public long run() {
    return encode(INPUT, new HashSet<>()).size();
  }

  private String wordCode(String word) {
    return word.chars()
        .mapToObj(c -> charCode.get(Character.toUpperCase((char) c)))
        .collect(Collectors.joining());
  }

  private Map<String, List<String>> wordsForNum(List<String> words) {
    return words.stream().collect(Collectors.groupingBy(this::wordCode));
  }

  private Set<String> encode(String number, Set<String> currentResult) {
    return wordsForNum(WORDS).entrySet().stream()
        .filter(y -> number.endsWith(y.getKey()))
        .flatMap(x -> x.getValue().stream())
        .map(
            x -> {
              Set<String> rest =
                  encode(
                      number.substring(0, number.length() - x.length()),
                      currentResult.stream().map(y -> x + y).collect(Collectors.toSet()));
              if (x.length() == number.length()) {
                return new HashSet<>(Arrays.asList(x));
              }
              return rest.stream().map(y -> y + " " + x).collect(Collectors.toSet());
            })
        .flatMap(Set::stream)
        .collect(Collectors.toSet());
  }
}
