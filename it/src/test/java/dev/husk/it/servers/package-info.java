/** Servers from Maven Central, started as their documentation shows it, for a real client. */
package dev.husk.it.servers;
