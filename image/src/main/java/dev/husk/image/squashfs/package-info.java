/**
 * Squashfs 4.0, the read-only file system that the kernel reads block by block: an image's root
 * file system, of which only what an app touches comes into memory.
 *
 * <p>{@link dev.husk.image.squashfs.SquashfsWriter} makes one of a {@link
 * dev.husk.image.tree.FileTree}, and {@link dev.husk.image.squashfs.SquashfsReader} makes a tree of
 * one, whoever wrote it. {@link dev.husk.image.squashfs.Squashfs} is what has been written.
 *
 * <p>The file system begins with a {@code Superblock}; then come the blocks of files ({@code
 * DataWriter}, {@code Fragments}), the inodes and the directories ({@code TreeWriter}, {@code
 * InodeWriter}, {@code DirectoryListing}) and small tables ({@code LookupTable}), all but the
 * blocks of files in metadata blocks ({@code MetadataWriter}, {@code MetadataReader}). The format
 * is that of the kernel's Documentation/filesystems/squashfs.rst ("squashfs.rst" below) and
 * fs/squashfs/squashfs_fs.h, which has the fields.
 */
@NullMarked
package dev.husk.image.squashfs;

import org.jspecify.annotations.NullMarked;
