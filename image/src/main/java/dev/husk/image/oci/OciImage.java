package dev.husk.image.oci;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a container image holds.
 *
 * @param config how it runs
 * @param layers its files, the last one on top; what seldom changes comes first
 */
public record OciImage(ImageConfig config, List<Layer> layers) {

  /** Copies the list. */
  public OciImage {
    layers = List.copyOf(layers);
  }

  /**
   * Compresses the layers, those that the cache doesn't have.
   *
   * @throws IOException if a file can't be read or written, or a layer can't hold one
   */
  public PackedImage pack(LayerCache cache) throws IOException {
    List<PackedLayer> packed = new ArrayList<>();
    for (Layer layer : layers) {
      packed.add(cache.pack(layer));
    }
    return new PackedImage(config, packed);
  }
}
