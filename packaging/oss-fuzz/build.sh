#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets of the libraries (or those named) as OSS-Fuzz wants them: compiler, flags and engine come from
# the environment (CC, CXX, CXXFLAGS, LIB_FUZZING_ENGINE), programs, seeds, dictionaries and options go to $OUT.
source=$SRC/ashlar build=$WORK/ashlar
cd "$source"

# Flags of the environment are the whole truth: Meson adds no sanitizer of its own. fuzz_engine also switches the
# standard library's checks on.
[ -e "$build/build.ninja" ] ||
  meson setup "$build" -Dfuzz=true "-Dfuzz_engine=$LIB_FUZZING_ENGINE" -Dtests=disabled -Dbench=disabled -Dcli=disabled \
    -Dexamples=false -Db_lundef=false -Doptimization=1 -Ddebug=true

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  mapfile -t names < <(ninja -C "$build" -t targets all | sed -n 's|^fuzz/fuzz-\([a-z0-9_]*\): .*|\1|p' | sort)
fi
ninja -C "$build" "${names[@]/#/fuzz/fuzz-}"

for name in "${names[@]}"; do
  cp "$build/fuzz/fuzz-$name" "$build/fuzz/fuzz-$name.options" "$OUT/"
  rm -f "$OUT/fuzz-${name}_seed_corpus.zip"
  python3 - "$OUT/fuzz-${name}_seed_corpus.zip" "$source/fuzz/corpus/$name" <<'EOF'
import pathlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for seed in sorted(pathlib.Path(sys.argv[2]).iterdir()):
        archive.write(seed, seed.name)
EOF
done
cp "$source"/fuzz/dict/*.dict "$OUT/"
