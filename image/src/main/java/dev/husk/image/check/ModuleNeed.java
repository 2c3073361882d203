package dev.husk.image.check;

/**
 * A module of the JDK that an app needs.
 *
 * @param certain whether code names it; else it is likely, since something is looked up at run time
 * @param because who needs it, for people
 */
public record ModuleNeed(String module, boolean certain, String because) {}
