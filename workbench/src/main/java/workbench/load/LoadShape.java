package workbench.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the live set of made-up work moves. */
public enum LoadShape {
  /**
   * A steady live set of which any block may be next, and most blocks are freed by another thread
   * than allocated them: the server of Larson and Krishnan.
   */
  LARSON(1.0, 70, 70, 2, 2, 0),

  /**
   * A live set that swells to its bound and shrinks to almost nothing, time and again: the heap has
   * to grow, and to give back.
   */
  BALLOON(0.02, 90, 5, 5, 2, 33),

  /** Waves, blocks of which most die young, and a fair share of everything else. */
  MIXED(0.125, 70, 20, 9, 6, 66);

  /** The live set at the bottom of a wave, as a fraction of that at its top. */
  final double trough;

  /** Births out of a hundred steps while the live set is below what is aimed for; else deaths. */
  final int growth;

  /** Of a hundred steps that are no births: a block is exchanged for that of another thread. */
  final int exchanged;

  /** Of a hundred steps that are no births: a block is resized. */
  final int resized;

  /** Of a hundred steps that are no births: a block is only looked at. */
  final int looked;

  /** Of a hundred choices of a block: one of the youngest is taken, else any. */
  final int young;

  LoadShape(double trough, int growth, int exchanged, int resized, int looked, int young) {
    this.trough = trough;
    this.growth = growth;
    this.exchanged = exchanged;
    this.resized = resized;
    this.looked = looked;
    this.young = young;
  }

  /** {@return what commands call it} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the shape with a label, if there is one}
   *
   * @param label what commands call it
   */
  public static Optional<LoadShape> named(String label) {
    return Arrays.stream(values()).filter(shape -> shape.label().equals(label)).findFirst();
  }
}
