package app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** An app with method references. */
public class Handles {

  /** A lambda that can be serialized. */
  public interface SerializableSupplier extends Supplier<Target>, Serializable {}

  public static String staticReference() {
    Supplier<Target> s = Target::current;
    return s.get().toString();
  }

  public static int boundReference() {
    IntUnaryOperator o = new Target(7)::go;
    return o.applyAsInt(1);
  }

  public static int unboundReference() {
    Function<Target, Integer> f = t -> t.go(1);
    return f.apply(new Target(7));
  }

  public static int constructorReference() {
    IntFunction<Target> f = Target::new;
    return f.apply(4).value;
  }

  public static String serializable() throws Exception {
    SerializableSupplier s = Target::current;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(s);
    ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          protected Class<?> resolveClass(java.io.ObjectStreamClass c)
              throws ClassNotFoundException {
            return Class.forName(c.getName(), false, Handles.class.getClassLoader());
          }
        };
    return ((SerializableSupplier) in.readObject()).get().toString();
  }
}
