package tck.physmem;

import physmem.api.FrameProvider;
import tck.Script;
import tck.Trial;

/**
 * Makes the calls of a script on a frame engine, with a bit per frame beside it that knows what is
 * live.
 *
 * <pre>
 *  given ram one|ragged|high|numa|given|linux, given cpus N
 *  B = allocate CPU ORDER FLAGS     B = bulk CPU ORDER COUNT      the blocks are B.0, B.1 …
 *  B = fill CPU ORDER FLAGS         as many as there are: B.0, B.1 …
 *  B = at CPU INDEX COUNT           a run that begins at the frame of that index, holes not counted
 *  B = run CPU COUNT ALIGN BOUNDARY LOW HIGH     the limits in MiB
 *  free CPU B     free-part CPU B OFFSET COUNT   bulk-free CPU B B …
 *  thin CPU B KEEP                  frees what fill or bulk named, but every KEEP-th
 *  release CPU B                    frees all that fill or bulk named and is left
 *  free-twice CPU B                 frees it, and once more, which must be refused
 *  misuse CPU B                     free of a frame inside, and with another order
 *  bulk-misuse CPU B B …            bulk free in which one is not live any more
 *  foreign CPU FRAME ORDER          free of what is not live
 *  wrong CPU                        orders and frames that there are not
 *  drain          check          compact ORDER
 *  offline INDEX COUNT              takes frames out of service, and back into it
 *  retire INDEX COUNT               takes frames out of service, and leaves them there
 *  poison INDEX                     a free frame has a fault
 *  adopt FORM     rebuild        rehearse
 *  reduced INDEX COUNT              rebuild by one that finds those frames out of service
 *  unfit                            rebuild of ranges that are not there
 * </pre>
 *
 * <p>For one thread.
 */
final class FramePlayer {
  private final Script script;
  private final FrameSubject subject;
  private final FrameRequests requests;
  private final FrameFrees frees;
  private final FrameService service;
  private final FrameTransfers transfers;
  private final FrameAudit audit;

  FramePlayer(FrameProvider provider, Script script, Trial trial) {
    this.script = script;
    this.subject = new FrameSubject(provider, script, trial);
    this.requests = new FrameRequests(subject);
    this.frees = new FrameFrees(subject);
    this.service = new FrameService(subject);
    this.transfers = new FrameTransfers(subject);
    this.audit = new FrameAudit(subject);
  }

  void run() {
    for (String step : script.steps()) {
      try {
        step(step.split(" "));
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException(step + ": a word is missing or no number", e);
      }
      subject.counted();
    }
    audit.run();
    frees.all();
    audit.run();
    subject.close(subject.engine());
  }

  private void step(String[] words) {
    if (words.length > 2 && words[1].equals("=")) {
      if (!subject.ledger().isTaken(words[0]) && !requests.take(words)) {
        throw unknown(words[2]);
      }
    } else if (!free(words) && !serve(words) && !transfer(words)) {
      throw unknown(words[0]);
    }
  }

  private boolean free(String[] words) {
    switch (words[0]) {
      case "free", "free-part", "free-twice", "misuse" -> frees.onPiece(words);
      case "bulk-free" -> frees.bulk(words, false);
      case "bulk-misuse" -> frees.bulk(words, true);
      case "thin" -> frees.thin(subject.cpu(words[1]), words[2], number(words[3]));
      case "release" -> frees.release(subject.cpu(words[1]), words[2]);
      case "foreign" ->
          frees.foreign(subject.cpu(words[1]), Long.parseLong(words[2]), number(words[3]));
      case "wrong" -> {
        requests.wrong(subject.cpu(words[1]));
        frees.wrong(subject.cpu(words[1]));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean serve(String[] words) {
    switch (words[0]) {
      case "drain" -> subject.engine().drain();
      case "check" -> audit.run();
      case "compact" -> service.compact(subject.order(number(words[1])));
      case "offline" -> service.offline(number(words[1]), number(words[2]), true);
      case "retire" -> service.offline(number(words[1]), number(words[2]), false);
      case "poison" -> service.poison(number(words[1]));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean transfer(String[] words) {
    switch (words[0]) {
      case "adopt" -> transfers.adopt(words[1]);
      case "rebuild" -> transfers.rebuild();
      case "rehearse" -> transfers.rehearse();
      case "reduced" -> transfers.reduced(number(words[1]), number(words[2]));
      case "unfit" -> transfers.unfit();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(
        word
            + ": not a step of a frame engine's script; known are allocate, fill, bulk, at, run,"
            + " free, free-part, bulk-free, thin, release, free-twice, misuse, bulk-misuse,"
            + " foreign, wrong, drain, check, compact, offline, retire, poison, adopt, rebuild,"
            + " rehearse, reduced, unfit");
  }
}
