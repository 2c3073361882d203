/**
 * What tests rewrite: {@code Target} stands for the JDK, {@code Served} for Husk, the rest is an
 * app.
 */
package app;
