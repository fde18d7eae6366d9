package workbench.age;

/**
 * How a machine is to age.
 *
 * @param days simulated days, 1 to 3650
 * @param seed decides all that is random
 * @param fill use of memory at the busiest hour, 30 to 97 percent of RAM
 * @param churn frames asked for each day, 1 to 1000 percent of RAM
 */
public record AgeSpec(int days, long seed, int fill, int churn) {
  private static final int MOST_DAYS = 3650;
  private static final int LEAST_FILL = 30;
  private static final int MOST_FILL = 97;
  private static final int MOST_CHURN = 1000;

  /** Checks the ranges. */
  public AgeSpec {
    require(days, 1, MOST_DAYS, "--days");
    require(fill, LEAST_FILL, MOST_FILL, "--fill");
    require(churn, 1, MOST_CHURN, "--churn");
  }

  private static void require(int value, int least, int most, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d: takes %d to %d".formatted(name, value, least, most));
    }
  }
}
