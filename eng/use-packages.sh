#!/usr/bin/env bash
# Packs the packages and builds and runs, outside of the repository, a project that knows only the packages.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$(mktemp -d)}
mkdir -p "$folder/feed" "$folder/app"

dotnet pack -c Release -o "$folder/feed" -v quiet
for package in Streamline.Core Streamline.Tools Streamline.Testing; do
  ls "$folder/feed/$package".*.nupkg "$folder/feed/$package".*.snupkg >/dev/null
done

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
cp samples/QuickStart/Program.cs "$folder/app/Program.cs"
cat >"$folder/app/QuickStart.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestorePackagesPath>$folder/restored</RestorePackagesPath>
    <RestoreAdditionalProjectSources>$folder/feed</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Streamline.Tools" Version="$version" />
    <PackageReference Include="Streamline.Testing" Version="$version" />
  </ItemGroup>
</Project>
XML
env -u ANTHROPIC_API_KEY -u OPENAI_API_KEY dotnet run --project "$folder/app" </dev/null
echo
