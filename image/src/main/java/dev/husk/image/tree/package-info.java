/**
 * What an image holds, as a tree of files: the linker fills it, the formats write it.
 *
 * <p>{@link dev.husk.image.tree.FileTree} is the whole; a {@link dev.husk.image.tree.Node} is one
 * entry, and {@link dev.husk.image.tree.Content} where a file's bytes come from. Paths have no
 * slash at their begin or end. All entries belong to root, and all but the app's own files have one
 * time, so that the same app makes the same image, bit for bit.
 */
@NullMarked
package dev.husk.image.tree;

import org.jspecify.annotations.NullMarked;
