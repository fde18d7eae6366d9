package launcher;

import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/**
 * The Gogo command {@code exit [STATUS]}: stops the framework from a thread of its own, since the
 * prompt that calls it waits for its own end when its bundle is stopped.
 *
 * <p>Public because Gogo calls commands by reflection.
 */
public final class Exit {
  private final Framework framework;
  private final AtomicInteger status = new AtomicInteger();

  Exit(Framework framework) {
    this.framework = framework;
  }

  /** Ends the session with status 0. */
  public void exit() {
    exit(0);
  }

  /** Ends the session; {@code wanted} becomes the exit status of the process. */
  public void exit(int wanted) {
    status.set(wanted);
    Thread.ofPlatform().name("quarry-exit").start(this::stop);
  }

  /** {@return the status last asked for, 0 if none was} */
  int status() {
    return status.get();
  }

  private void stop() {
    try {
      framework.stop();
    } catch (BundleException e) {
      System.err.println("quarry: the framework does not stop: " + e.getMessage());
      Runtime.getRuntime().halt(Status.BROKEN);
    }
  }
}
