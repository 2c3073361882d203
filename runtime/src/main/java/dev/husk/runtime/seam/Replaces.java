package dev.husk.runtime.seam;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a <em>seam</em>: the call sites that this annotation names call the method instead
 * of what they called before. The method is {@code public static} in a public class.
 *
 * <p>Exactly one of {@link #method}, {@link #field} and {@link #construct} is given:
 *
 * <ul>
 *   <li><b>a call</b> of a static method becomes a call of the seam with the same parameters; a
 *       call of an instance method passes the receiver as the seam's first parameter. A {@code
 *       super.m()} call is a call like any other: the seam of an overridable method must know that
 *       calling {@code receiver.m()} dispatches anew;
 *   <li><b>a field read</b>: {@code getstatic} becomes a call without a parameter, {@code getfield}
 *       one with the object as its parameter. Writes are left as they are;
 *   <li><b>a construction</b>: {@code new type(args)} becomes a call of the seam, a factory with
 *       the constructor's parameters. {@code super(…)} and {@code this(…)} are left as they are.
 * </ul>
 *
 * <p>Method handle constants ({@code Thread::currentThread}) are calls too.
 *
 * <p>The annotation is read at build time, from the class file; nothing reads it in a running JVM.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Replaces {

  /**
   * The class that declares the replaced member, by its binary name: {@code "java.lang.Thread"},
   * {@code "java.lang.Thread$ThreadIdentifiers"}.
   */
  String type();

  /** The name of the replaced method; {@code ""} where a field or a construction is replaced. */
  String method() default "";

  /** The name of the field whose reads are replaced; {@code ""} where it isn't a field. */
  String field() default "";

  /** Whether {@code new type(…)} is replaced. */
  boolean construct() default false;

  /**
   * The exact JVM descriptor of the replaced method, constructor or field. {@code ""} derives it
   * from the seam: a static member has the seam's own descriptor, an instance member the seam's
   * without the first parameter, which then is {@link #type}; a constructor has the seam's
   * parameters, and the seam returns {@link #type}.
   *
   * <p>To be given where the seam can't name the types of the member, because they are not
   * accessible to it: there it takes {@code Object}. What the seam returns must be assignable to
   * what the member returns; nothing checks that.
   */
  String descriptor() default "";

  /**
   * Where sites are rewritten. Each entry is one of
   *
   * <ul>
   *   <li>{@code "java.lang.Thread"}: a class, without its nested classes;
   *   <li>{@code "java.lang.Thread#join"}: the methods of one name of a class;
   *   <li>{@code "java.util.concurrent.**"}: a package and those below it;
   *   <li>{@code "APP"}: each class outside {@code java.base} that isn't Husk's.
   * </ul>
   *
   * Where two seams replace the same member at the same site, the narrower entry wins.
   */
  String[] in();

  /** Taken out of {@link #in}; the same forms. */
  String[] except() default {};

  /** The group that this seam belongs to. */
  Group group();

  /**
   * Whether the group may go in where an entry of {@link #in} that names a class or a method has no
   * site in the running JDK.
   */
  boolean optional() default false;
}
