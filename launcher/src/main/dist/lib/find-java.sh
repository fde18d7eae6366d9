# shellcheck shell=sh
# Finds a Java that is new enough; to be sourced. After find_java succeeded, $java_home is its
# directory; after it failed, explain_java says what was looked at and what to install.

WANTED=25
looked=

# Prints the feature number of the Java in directory $1: from its release file, else by asking it.
feature() {
  version=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release" 2>/dev/null)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
  fi
  echo "${version:-0}"
}

# Notes that $1 (say: what it is) was looked at, and succeeds if the Java in directory $2 will do.
look() {
  found=
  if [ -z "$2" ]; then
    what="not set"
  elif [ ! -x "$2/bin/java" ]; then
    what="no bin/java in $2"
  else
    found=$(feature "$2")
    what="Java $found in $2"
  fi
  looked="$looked
  $1: $what"
  [ "${found:-0}" -ge "$WANTED" ] && java_home=$2
}

# Prints the home of the java command in PATH, through symbolic links and version managers' shims.
path_home() {
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

look_in_path() {
  if command -v java >/dev/null 2>&1; then
    look PATH "$(path_home)"
  else
    looked="$looked
  PATH: no java"
    return 1
  fi
}

look_in_usual_places() {
  for place in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/*java* /opt/jdk/* \
    /opt/java/* "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
    "${HOME:-/}"/.asdf/installs/java/* "${HOME:-/}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -x "$place/bin/java" ] && look "usual place" "$place"; then
      return 0
    fi
  done
  return 1
}

find_java() {
  look QUARRY_JAVA_HOME "${QUARRY_JAVA_HOME:-}" || look JAVA_HOME "${JAVA_HOME:-}" ||
    look_in_path || look_in_usual_places
}

explain_java() {
  cat >&2 <<TEXT
quarry: no Java $WANTED or newer was found. Looked at:$looked
  and in /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, ~/.asdf, mise, /Library/Java, Homebrew.
Install a JDK $WANTED (Debian: openjdk-$WANTED-jdk; Fedora: java-$WANTED-openjdk-devel; or one from
https://adoptium.net). If it is in none of these places, let QUARRY_JAVA_HOME name its directory.
TEXT
}
