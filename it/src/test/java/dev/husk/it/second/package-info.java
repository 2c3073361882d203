/** An agent as applications bring it, beside Husk's. */
package dev.husk.it.second;
