#!/usr/bin/env bash
# Generates a client of every operation of a document and compiles it with warnings as errors:
#   build/whole.sh <upstream.yaml|json> [folder]
# Writes only to the folder (default: artifacts/whole). Exits with 2 if the document is refused; standard error says
# why.
set -euo pipefail
document=$(realpath "${1:?usage: build/whole.sh <upstream.yaml|json> [folder]}")
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "${2:-$repository/artifacts/whole}"
folder=$(realpath "${2:-$repository/artifacts/whole}")

cd "$repository"
printf 'info: {title: Whole document, version: "1"}\noperations: {"*": }\n' > "$folder/document.refresh.yaml"
rm -f "$folder/document.yaml"
dotnet run --project build/refresh -- "$document" --config "$folder/document.refresh.yaml"
dotnet build src/OrqGenerated --nologo -f net10.0 \
    -p:NSwagDocument="$folder/document.yaml" \
    -p:BaseIntermediateOutputPath="$folder/obj/" \
    -p:BaseOutputPath="$folder/bin/"
