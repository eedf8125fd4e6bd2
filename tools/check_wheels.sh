#!/bin/sh
# Ask uv whether every pin of the given locks has a wheel for every platform and Python that we promise. Nothing is installed.
set -eu
export MACOSX_DEPLOYMENT_TARGET=15.0

target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
missing=0
for platform in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin x86_64-apple-darwin x86_64-pc-windows-msvc; do
    for python in 3.11 3.12 3.13 3.14; do
        for lock in "$@"; do
            if uv --no-config pip install --quiet --dry-run --target "$target" --only-binary :all: --require-hashes \
                --python-platform "$platform" --python-version "$python" --requirement "$lock"; then
                printf 'wheels for all of %s: %s, Python %s\n' "$lock" "$platform" "$python"
            else
                printf 'MISSING in %s: %s, Python %s\n' "$lock" "$platform" "$python" >&2
                missing=1
            fi
        done
    done
done
exit "$missing"
