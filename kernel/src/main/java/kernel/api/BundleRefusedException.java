package kernel.api;

import allocator.api.AllocatorException;
import java.util.List;
import java.util.stream.Collectors;

/** A bundle that cannot serve; the message has one line for each finding. */
public class BundleRefusedException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  private final transient List<BundleFinding> findings;

  /**
   * Makes the exception.
   *
   * @param findings what is wrong, at least one
   */
  public BundleRefusedException(List<BundleFinding> findings) {
    super(findings.stream().map(BundleFinding::text).collect(Collectors.joining("\n")));
    this.findings = List.copyOf(findings);
  }

  /** {@return what is wrong} */
  public List<BundleFinding> findings() {
    return findings;
  }
}
