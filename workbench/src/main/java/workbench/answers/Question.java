package workbench.answers;

import java.io.IOException;

/** A question with the experiment that answers it. */
interface Question {
  /** {@return the name on the command line, of its template and of its plots} */
  String key();

  /**
   * Makes the experiment.
   *
   * @param lab what to experiment with
   * @return figures, tables and plots under the names that the template uses
   * @throws IOException if a sample cannot be read
   */
  Findings ask(Lab lab) throws IOException;
}
