/**
 * Programs that say what they see of threads, locks and sockets.
 *
 * <p>Each is a plain {@code main} class that knows nothing of Husk: the tests in {@code
 * dev.husk.it} run it on the stock JVM and with the agent and compare what it printed. So a program
 * prints only what must be the same in every run: no times, no ids, no order that the scheduler
 * decides.
 */
package dev.husk.it.scenarios;
