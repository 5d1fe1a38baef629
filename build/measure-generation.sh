#!/usr/bin/env bash
# What generation adds to a build of the library: `build/measure-generation.sh [RUNS]`.
# Prints the medians, over rounds of builds that alternate, one line each:
#   ratio generation.no-change   a build with nothing to do, against the same build with generation switched off (<= 1.05)
#   seconds generation.full      what a build takes longer when it generates all of the client (<= 1.5)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-15}
stamp=src/OrqGenerated/obj/nswag/OrqGenerated.g.cs.stamp
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

build() {
  if ! dotnet build src/OrqGenerated --no-restore "$@" > "$logs/build.log" 2>&1; then
    cat "$logs/build.log" >&2
    exit 1
  fi
}

# Appends the microseconds of a build to a file.
measure() {
  local times=$1 start=${EPOCHREALTIME/[.,]/}
  shift
  build "$@"
  echo $((${EPOCHREALTIME/[.,]/} - start)) >> "$logs/$times"
}

median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

dotnet restore src/OrqGenerated > /dev/null
build
build -p:NSwagGenerate=false
for ((run = 0; run < runs; run++)); do
  measure off -p:NSwagGenerate=false
  measure on
  rm "$stamp"
  measure full
done

paste "$logs/off" "$logs/on" | awk '{ printf "%.3f\n", $2 / $1 }' | median | sed 's/^/ratio generation.no-change /'
paste "$logs/on" "$logs/full" | awk '{ printf "%.2f\n", ($2 - $1) / 1e6 }' | median | sed 's/^/seconds generation.full /'
