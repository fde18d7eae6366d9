package workbench.synthetic;

import java.util.List;
import java.util.stream.Collectors;

/** All generators. */
public final class Generators {
  private static final List<Generator<?>> ALL =
      List.of(
          new Larson(),
          new XmallocTest(),
          new Sh6bench(),
          new CacheScratch(),
          new Mstress(),
          new Bulk(),
          new Repeat(),
          new RandomFrames(),
          new VmallocTest(new FixSize()),
          new VmallocTest(new FullFit()),
          new VmallocTest(new LongBusyList()),
          new VmallocTest(new RandomSize()),
          new VmallocTest(new FixAlign()));

  private Generators() {}

  /** {@return all of them, tier by tier} */
  public static List<Generator<?>> all() {
    return ALL;
  }

  /**
   * {@return the generator of a name}
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public static Generator<?> named(String name) {
    return ALL.stream()
        .filter(each -> each.name().equals(name))
        .findAny()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s is no generator; there are: %s"
                    .formatted(
                        name,
                        ALL.stream().map(Generator::name).collect(Collectors.joining(", ")))));
  }
}
