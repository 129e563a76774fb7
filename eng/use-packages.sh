#!/usr/bin/env bash
# Packs the packages, looks into them, and builds and runs, outside of the repository, a project that knows only the packages: the program of the README.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$(mktemp -d)}
mkdir -p "$folder/feed" "$folder/app"

dotnet pack -c Release -o "$folder/feed" -v quiet
for package in Streamline.Core Streamline.Tools Streamline.Testing; do
  ls "$folder/feed/$package".*.nupkg "$folder/feed/$package".*.snupkg >/dev/null
  content=$folder/content/$package
  mkdir -p "$content"
  unzip -qo "$folder/feed/$package".*.nupkg -d "$content"
  [ -s "$content/icon.png" ] || { echo "$package has no icon."; exit 1; }
  if grep -nE '\]\([^)#:]+\)' "$content/README.md"; then
    echo "The README of $package has relative links, which do not work on the package's page."
    exit 1
  fi
  if grep -qaF "$PWD" "$content"/lib/net10.0/*.dll; then
    echo "$package contains paths of this machine."
    exit 1
  fi
done

grep -q 'name="T:Streamline.StreamState"' "$folder/content/Streamline.Core/lib/net10.0/Streamline.Core.xml"
if grep -n 'name="T:Streamline.HttpStreamClient"' "$folder/content/Streamline.Core/lib/net10.0/Streamline.Core.xml"; then
  echo "The XML documentation has internal members."
  exit 1
fi

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

# The tool, installed as a user installs it.
dotnet tool install Streamline.Cli --tool-path "$folder/tool" --version "$version" --add-source "$folder/feed" >/dev/null
[ "$(printf '[1, 2' | "$folder/tool/streamline" repair)" = '[1, 2]' ]
grep -q 'class' <<<"$("$folder/tool/streamline" ask --provider demo --highlight --color always "Hello" </dev/null)"

# The template, installed as a user installs it, in a place of its own.
hive=$folder/hive
dotnet new install "$folder/feed/Streamline.Templates.$version.nupkg" --debug:custom-hive "$hive" >/dev/null
dotnet new streamline-chat -o "$folder/MyChat" --skipRestore --debug:custom-hive "$hive" >/dev/null
answer=$(echo Hello | env -u ANTHROPIC_API_KEY -u OPENAI_API_KEY dotnet run --project "$folder/MyChat" -p:RestorePackagesPath="$folder/restored" -p:RestoreAdditionalProjectSources="$folder/feed" -p:TreatWarningsAsErrors=true)
printf '%s\n' "$answer"
grep -q '\[get_time: [0-9][0-9]:[0-9][0-9]\]' <<<"$answer"
grep -q 'You said: Hello' <<<"$answer"
printf ' \t\nHello\n' | dotnet run --no-build --project "$folder/MyChat" # a blank line ends the chat, and is no failure
