#!/usr/bin/env bash
# Mutation testing: changes the code in one place at a time and looks whether a test notices.
#   eng/mutation/mutate.sh tools         # Streamline.Tools
#   eng/mutation/mutate.sh middleware    # Resilience, Text/Guard and Text/Smoothing of Streamline.Core
# Stryker makes the mutants; MutantRunner tests them within one process, which takes a twentieth of the time. Run it in a clone, since it builds changed assemblies into bin/.
# What came of it is in artifacts/mutation/<target>: summary.md, and tests/mutants-results.tsv. A run that was stopped is continued by MutantRunner; see its Program.cs.
set -euo pipefail
cd "$(dirname "$0")"

target=${1:?Expected: tools or middleware.}
case $target in
  tools)
    project=Streamline.Tools mutate=('**/*.cs') files='' ;;
  middleware)
    project=Streamline.Core mutate=('**/Resilience/**/*.cs' '**/Text/Guard/**/*.cs' '**/Text/Smoothing/**/*.cs') files='/Resilience/|/Text/Guard/|/Text/Smoothing/' ;;
  *) echo "Expected: tools or middleware; found: $target." >&2; exit 2 ;;
esac

# Random, stress and memory tests are left out: what counts is that a test with a fixed input notices.
excluded='Stress|PropertyTests|DefaultPipelineTests|BoundedMemoryTests|ManyStreams|ManyCutsTests|EveryCutTests|RateLimitQuotaTests|NeedNoDeepStack|SampleTests'
output=../../artifacts/mutation/$target
tests=../../tests/$project.Tests/bin/Debug/net10.0
rm -rf "$output"
mkdir -p "$output"

export RunAnalyzers=false # the builds are faster without
dotnet tool restore
dotnet stryker --config-file "$target.json" "${mutate[@]/#/--mutate=}" --output "$output" > "$output/stryker.log" 2>&1 &
stryker=$!

# While Stryker runs its one test, the assembly that holds all mutants is in place. Afterwards the report says what they are.
until grep -q 'Capture mutant coverage' "$output/stryker.log"; do
  kill -0 $stryker || { cat "$output/stryker.log"; exit 1; }
  sleep 1
done
cp -r "$tests" "$output/tests"
wait $stryker

dotnet run -c Release --project MutantRunner -- "$output/tests" "$project" "$output/reports/mutation-report.json" "$files" "$excluded" | tee "$output/summary.md"
