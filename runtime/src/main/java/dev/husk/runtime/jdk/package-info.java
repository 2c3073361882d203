/** Access to what the JDK keeps to itself. */
package dev.husk.runtime.jdk;
