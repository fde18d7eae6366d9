#!/bin/sh
# Builds the recorder's library: build.sh SOURCE OUTPUT. Where that cannot be done it says so and
# ends well: the distribution then lacks `quarry record`, and nothing else.
set -u
source=$1
output=$2

skip() {
  echo "quarry record is left out: $1"
  exit 0
}

[ "$(uname -s)" = Linux ] || skip 'it works on Linux only'
for compiler in ${CC:-} cc gcc clang; do
  command -v "$compiler" >/dev/null 2>&1 && break
  compiler=
done
[ -n "$compiler" ] || skip 'no C compiler is found (Debian: apt install gcc libc6-dev)'
mkdir -p "$(dirname "$output")"
"$compiler" -std=gnu11 -O2 -fPIC -shared -fvisibility=hidden -fno-builtin -Wall -Wextra -o "$output" "$source" -ldl -lpthread ||
  skip "$compiler cannot compile it (Debian: apt install gcc libc6-dev)"
