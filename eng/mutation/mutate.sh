#!/usr/bin/env bash
# Mutation testing: changes the code in one place at a time and looks whether a test notices.
#   eng/mutation/mutate.sh tools                          # all of Streamline.Tools
#   eng/mutation/mutate.sh middleware '**/Retry/*.cs'     # one folder of src/Streamline.Core/Resilience
# It builds changed assemblies into bin/, so run it in a clone. The report is artifacts/mutation/<target>/reports/mutation-report.json.
set -euo pipefail
cd "$(dirname "$0")"

target=${1:?Expected: tools or middleware.}
case $target in
  tools) files='**/*.cs' ;;
  middleware) files='**/Resilience/**/*.cs' ;;
  *) echo "Expected: tools or middleware; found: $target." >&2; exit 2 ;;
esac

export RunAnalyzers=false # the builds are faster without
dotnet tool restore
dotnet stryker --config-file "$target.json" --mutate "${2:-$files}" --output "../../artifacts/mutation/$target"
