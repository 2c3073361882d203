/** What platform threads of Husk's carry for rooms that don't know each other. */
package dev.husk.runtime.thread;
