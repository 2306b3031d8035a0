#!/bin/sh
# Runs before `npm test`, `npm run demo`, `npm run bench` and `npm run check`: the pinned Node must start.
#
# Node 26 comes with `npm ci` (platform packages in optionalDependencies) and is first on PATH in npm
# scripts. It links libatomic.so.1, which a slim Debian does not have; as root we install that one
# library (9 kB), otherwise we say how to.
set -u
wanted=24

if ! version=$(node -p 'process.versions.node' 2>&1); then
  case "$version" in
    *libatomic*)
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Node 26 needs the system library libatomic1, which is missing here: installing it with apt-get." >&2
        { apt-get update -qq && apt-get install -y -qq libatomic1; } >/dev/null || {
          echo "apt-get could not install libatomic1. Install it by hand, then run this again." >&2
          exit 1
        }
        exec sh "$0"
      fi
      echo "Node 26 needs the system library libatomic1, which is missing here." >&2
      echo "Install it (Debian, Ubuntu: sudo apt-get install libatomic1), then run this again." >&2
      ;;
    *) echo "node does not start: $version" >&2 ;;
  esac
  exit 1
fi

if [ "${version%%.*}" -lt "$wanted" ]; then
  echo "Node $wanted or newer is needed, this is $version." >&2
  echo "Run \"npm ci\" without --omit=optional: it brings Node 26 for Linux, macOS and Windows x64." >&2
  exit 1
fi
