/**
 * Questions that people ask of memory managers, each answered by an experiment on the shipped
 * samples: {@link workbench.answers.Answers} runs them and writes {@code docs/answers.md}.
 *
 * <p>All figures are counted, so that the same version writes the same figures on every host. The
 * prose is a template for each question, a resource beside this package; no figure stands in it,
 * only names that the experiment fills in, and what the prose concludes is stated as an expectation
 * that fails the command when the figures no longer bear it out.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.answers;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
