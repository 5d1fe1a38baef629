#!/usr/bin/env bash
# Generates a client from every operation of a published document and compiles it, warnings as errors:
#   build/whole.sh <upstream.yaml|json>
# Nothing of the repository changes; what was made is in artifacts/whole.
set -euo pipefail
document=$(realpath "${1:?usage: build/whole.sh <upstream.yaml|json>}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

whole=$PWD/artifacts/whole
mkdir -p "$whole"
dotnet run --project build/refresh -- "$document" --all --output "$whole/document.yaml" > "$whole/report.md"
dotnet build src/OrqGenerated --nologo -f net10.0 \
    -p:NSwagDocument="$whole/document.yaml" \
    -p:BaseIntermediateOutputPath="$whole/obj/" \
    -p:BaseOutputPath="$whole/bin/"
