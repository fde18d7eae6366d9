package tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the clauses of the contract out of the {@code @implSpec} tags of the API bundles' sources;
 * run as a program in the folder of the module it writes {@code contract.txt}.
 */
final class ClauseSources {
  static final Path WRITTEN = Path.of("src/main/resources/tck/contract.txt");
  private static final List<String> APIS =
      List.of("allocator.api", "physmem.api", "vmem.api", "heap.api");
  private static final Pattern DOCUMENTED =
      Pattern.compile(
          "/\\*\\*(.*?)\\*/\\s*((?:@\\w+(?:\\([^)]*\\))?\\s*)*)([^;{]*)", Pattern.DOTALL);
  private static final Pattern SPEC =
      Pattern.compile("@implSpec(.*?)(?=\\n\\s*@(?:param|return|throws|see)|$)", Pattern.DOTALL);
  private static final Pattern CLAUSE =
      Pattern.compile(
          "\\[([a-z]+\\.\\d+)\\]\\s*(.*?)(?=\\s*\\[[a-z]+\\.\\d+\\]|$)", Pattern.DOTALL);
  private static final Pattern METHOD = Pattern.compile("(\\w+)\\(");

  private ClauseSources() {}

  public static void main(String[] arguments) throws IOException {
    Files.createDirectories(WRITTEN.getParent());
    Files.writeString(WRITTEN, text(read(Path.of(".."))));
  }

  /** {@return the file's text for these clauses} */
  static String text(List<Clause> clauses) {
    StringBuilder text = new StringBuilder();
    for (Clause each : clauses) {
      text.append(each.id()).append('\t').append(each.place()).append('\t').append(each.text());
      text.append('\n');
    }
    return text.toString();
  }

  /** {@return the clauses of all APIs below a folder, by chapter and number} */
  static List<Clause> read(Path root) throws IOException {
    List<Clause> clauses = new ArrayList<>();
    for (String api : APIS) {
      Path sources = root.resolve(api).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
          read(file, clauses);
        }
      }
    }
    clauses.sort(
        Comparator.comparing((Clause each) -> !each.chapter().equals("allocator"))
            .thenComparing(Clause::chapter)
            .thenComparingInt(each -> number(each.id())));
    return clauses;
  }

  static int number(String id) {
    return Integer.parseInt(id.substring(id.indexOf('.') + 1));
  }

  private static void read(Path file, List<Clause> clauses) throws IOException {
    String type = file.getFileName().toString().replace(".java", "");
    Matcher documented = DOCUMENTED.matcher(Files.readString(file));
    while (documented.find()) {
      String comment = documented.group(1).replaceAll("\n\\s*\\* ?", "\n").strip();
      Matcher method = METHOD.matcher(documented.group(3));
      String place =
          documented.group(3).contains(" interface ") || !method.find()
              ? type
              : type + "." + method.group(1);
      Matcher spec = SPEC.matcher(comment);
      while (spec.find()) {
        Matcher clause = CLAUSE.matcher(spec.group(1).strip());
        while (clause.find()) {
          clauses.add(new Clause(clause.group(1), place, plain(clause.group(2))));
        }
      }
    }
  }

  private static String plain(String javadoc) {
    return javadoc
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ([^}]*)\\}", "$1")
        .replaceAll("\\{@link #([^} ]*)\\}", "$1")
        .replaceAll("\\{@link ([^} ]*)\\}", "$1")
        .replace('#', '.')
        .strip();
  }
}
