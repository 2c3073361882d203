/**
 * Tests that see the whole house: programs, servers and soaks that run in child JVMs on the stock
 * JVM and with the agent, and the floors of the architecture.
 */
package dev.husk.it;
