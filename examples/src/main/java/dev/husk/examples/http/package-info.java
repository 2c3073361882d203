/** A plain blocking HTTP/1.1 server, one thread per connection. */
@NullMarked
package dev.husk.examples.http;

import org.jspecify.annotations.NullMarked;
