package hardware.sim.map;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * E820 maps as FreeBSD prints them in a verbose boot: {@code SMAP type=01 base=0000000000000000
 * len=000000000009fc00}.
 */
final class BsdSmap implements LineFormat {
  private static final Pattern LIKE = Pattern.compile("\\bSMAP type=.*");
  private static final Pattern LINE =
      Pattern.compile(
          "\\bSMAP type=([0-9a-fA-F]{1,7})\\s+base="
              + Hex.NUMBER
              + "\\s+len="
              + Hex.NUMBER
              + "\\b.*");

  @Override
  public String title() {
    return "SMAP (FreeBSD)";
  }

  @Override
  public Rank rank() {
    return Rank.E820;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).find()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.find()) {
      return new LineReading.Broken("type, base and len expected");
    }
    int type = Integer.parseInt(m.group(1), 16);
    return LineReading.firmware(
        Extent.sized(Hex.parse(m.group(2)), Hex.parse(m.group(3))),
        new TypeNames.Named(TypeNames.e820(type), "type " + type));
  }
}
