package verify;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tck.Outcome;
import tck.Outcome.Verdict;
import verify.Verification.Verified;

/** A verification in the form of JUnit's XML reports, which build servers read. */
public final class VerificationXml {
  private static final double NANOS = 1e9;

  private VerificationXml() {}

  /** {@return a document with a test suite per provider and a test case per check} */
  public static String text(Verification verification) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuites");
      for (Verified each : verification.providers()) {
        suite(xml, each, verification);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text cannot fail to be written to", e);
    }
    return text.toString();
  }

  private static void suite(XMLStreamWriter xml, Verified verified, Verification whole)
      throws XMLStreamException {
    List<Outcome> outcomes = verified.outcomes();
    String name = verified.tier() + "." + verified.name();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", name);
    xml.writeAttribute("tests", String.valueOf(outcomes.size()));
    xml.writeAttribute("failures", count(outcomes, Verdict.FAILED));
    xml.writeAttribute("errors", count(outcomes, Verdict.HUNG));
    xml.writeAttribute("skipped", count(outcomes, Verdict.SKIPPED));
    xml.writeAttribute("time", seconds(outcomes.stream().mapToLong(Outcome::nanos).sum()));
    xml.writeStartElement("properties");
    property(xml, "bundle", whole.bundle() + " " + whole.version());
    property(xml, "model", verified.model());
    property(xml, "seed", String.valueOf(whole.seed()));
    xml.writeEndElement();
    for (Outcome each : outcomes) {
      testCase(xml, name, each);
    }
    xml.writeEndElement();
  }

  private static String count(List<Outcome> outcomes, Verdict verdict) {
    return String.valueOf(outcomes.stream().filter(each -> each.verdict() == verdict).count());
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS);
  }

  private static void property(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeEmptyElement("property");
    xml.writeAttribute("name", name);
    xml.writeAttribute("value", legal(value));
  }

  private static void testCase(XMLStreamWriter xml, String suite, Outcome outcome)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", suite);
    xml.writeAttribute("name", outcome.check());
    xml.writeAttribute("time", seconds(outcome.nanos()));
    switch (outcome.verdict()) {
      case PASSED -> {}
      case SKIPPED -> {
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", legal(outcome.seen()));
      }
      case FAILED -> problem(xml, "failure", outcome);
      case HUNG -> problem(xml, "error", outcome);
    }
    xml.writeEndElement();
  }

  private static void problem(XMLStreamWriter xml, String element, Outcome outcome)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("type", outcome.clause().orElse(outcome.verdict().label()));
    xml.writeAttribute("message", legal(outcome.seen().lines().findFirst().orElse("")));
    xml.writeCharacters(legal(outcome.text() + "\n" + outcome.trace()));
    xml.writeEndElement();
  }

  // What a provider says may hold characters that XML cannot.
  private static String legal(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints().map(each -> isLegal(each) ? each : '?').forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isLegal(int character) {
    return character == '\n'
        || character == '\t'
        || character == '\r'
        || (character >= ' ' && character < Character.MIN_SURROGATE)
        || (character > Character.MAX_SURROGATE && character < 0xFFFE)
        || character > 0xFFFF;
  }
}
