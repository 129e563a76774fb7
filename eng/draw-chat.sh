#!/usr/bin/env bash
# Draws the picture of samples/Chat, docs/images/chat.svg: a run with the scripted provider on a clock that the program moves, so that the picture is the same each time.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet run --project eng/ChatPicture -- docs/images/chat.svg
