package dev.husk.image.disk;

import java.util.UUID;

/**
 * A partition of a disk.
 *
 * @param type what it is for
 * @param id which it is, of all in the world
 * @param name of up to 36 characters
 * @param first sector
 * @param last sector, which belongs to it
 */
record GptPartition(UUID type, UUID id, String name, long first, long last) {}
