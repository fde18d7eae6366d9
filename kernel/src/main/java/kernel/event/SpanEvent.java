package kernel.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Unsigned;

/** The heap imported memory from the tiers below, or gave memory back. */
@Name("quarry.Span")
@Label("Span")
@Description("The heap imported a span from the tiers below, or gave memory back to them")
@Category({"Quarry", "Heap"})
public final class SpanEvent extends Event {
  @Label("Operation")
  @Description("allocate, extend, reserve, populate, release or depopulate")
  String operation = "";

  @Label("Address")
  @Unsigned
  long address;

  @Label("Size")
  @DataAmount
  long size;

  @Label("Done")
  @Description("False if addresses or frames were exhausted")
  boolean done;

  private SpanEvent() {}

  /** {@return an event that has begun} */
  public static SpanEvent begun() {
    SpanEvent event = new SpanEvent();
    event.begin();
    return event;
  }

  /** Ends the event and records it, if a recording wants it. */
  public void record(String what, long where, long bytes, boolean success) {
    if (shouldCommit()) {
      operation = what;
      address = where;
      size = bytes;
      done = success;
      commit();
    }
  }
}
