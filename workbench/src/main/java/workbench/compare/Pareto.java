package workbench.compare;

/** The Pareto front: what nothing else beats in one respect without being worse in another. */
public final class Pareto {
  private Pareto() {}

  /**
   * {@return for each point whether it is on the front; equal points are on it together}
   *
   * @param points coordinates, of which less is better, the same number for each
   */
  public static boolean[] front(double[][] points) {
    boolean[] front = new boolean[points.length];
    for (int i = 0; i < points.length; i++) {
      front[i] = isOnFront(points[i], points);
    }
    return front;
  }

  private static boolean isOnFront(double[] point, double[][] points) {
    for (double[] other : points) {
      if (dominates(other, point)) {
        return false;
      }
    }
    return true;
  }

  private static boolean dominates(double[] one, double[] other) {
    boolean better = false;
    for (int i = 0; i < one.length; i++) {
      if (one[i] > other[i]) {
        return false;
      }
      better |= one[i] < other[i];
    }
    return better;
  }
}
