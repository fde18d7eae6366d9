package heap.zone;

/** Keeps what two CPUs write on different cache lines: 64 bytes before the fields of each. */
@SuppressWarnings("unused") // they are there to take room
class ZoneCachePadding {
  long padding0;
  long padding1;
  long padding2;
  long padding3;
  long padding4;
  long padding5;
  long padding6;
  long padding7;
}
