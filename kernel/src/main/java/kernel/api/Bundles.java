package kernel.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.Bundle;

/**
 * The service for bundles that did not come with Quarry: brings them in, and says in words for
 * their author what keeps them from offering an allocator.
 *
 * <p>All methods are safe for use by several threads.
 */
@ProviderType
public interface Bundles {
  /**
   * Installs and starts bundles, all before the first is judged, since one may need another. One
   * with the symbolic name of a provider's bundle that is there takes its place.
   *
   * @param jars the files
   * @return the bundles in the same order; each offers an allocator or is a library for another
   * @throws BundleRefusedException if one is of no use; then none of them is left installed
   */
  List<Bundle> install(List<Path> jars);

  /**
   * {@return what keeps a bundle from offering an allocator, nothing if it offers one; also what
   * keeps one of several providers in it from being offered}
   *
   * @param bundle the bundle, in any state
   */
  List<BundleFinding> diagnose(Bundle bundle);

  /**
   * Starts a bundle.
   *
   * @param bundle an installed bundle
   * @throws BundleRefusedException if it does not start
   */
  void start(Bundle bundle);

  /**
   * {@return whether a bundle did not come with Quarry}
   *
   * @param bundle the bundle
   */
  boolean isStranger(Bundle bundle);

  /**
   * {@return why a jar cannot be installed, as far as its file shows}
   *
   * @param jar the file
   */
  Optional<BundleFinding> inspect(Path jar);

  /**
   * {@return what is wrong with a jar, which need not be installed: then only what its file shows}
   *
   * @param jar the file
   */
  List<BundleFinding> diagnose(Path jar);

  /**
   * {@return the findings on all bundles that did not come with Quarry and are made for one of its
   * tiers}
   */
  List<BundleFinding> diagnose();
}
