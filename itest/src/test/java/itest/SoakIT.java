package itest;

import static org.junit.Assert.assertEquals;

import java.util.function.ToIntFunction;
import javax.inject.Inject;
import org.junit.Test;
import org.ops4j.pax.exam.util.Filter;

/** The documented command, for a short while. */
public class SoakIT extends InFelix {
  @Inject
  @Filter("(quarry.main=true)")
  @SuppressWarnings("rawtypes") // a service has no type arguments
  private ToIntFunction main;

  @Test
  public void shouldSurviveRandomExchanges() {
    assertEquals(0, run("soak --seconds 10 --seed 1"));
  }

  @Test
  public void shouldSurviveAChainOfExchanges() {
    assertEquals(0, run("soak --seed 2 --chain heap dl slab 50"));
  }

  @Test
  public void shouldFailWhenTheSoakIsNotWhatItTakes() {
    assertEquals(1, run("soak --seconds 0"));
    assertEquals(1, run("soak --chain heap dl"));
  }

  @SuppressWarnings("unchecked") // the service takes the command line
  private int run(String commands) {
    return main.applyAsInt(new String[] {"exec", commands});
  }
}
