# SPDX-License-Identifier: Apache-2.0
"""A project that uses Ashlar as a Meson subproject, and an installed release of the library: one for each compiler,
shared by all tests of the installed library.

If a build is already such a release, its compiler does not make another. The installation then comes from that build, and
the subproject is Meson's default build, unoptimised and with assertions: alignment and stack frames are then as the code
says, without an optimiser that hides mistakes. Any other compiler builds the release as the subproject.
"""
import fcntl
import json
import os
import shutil
from cases import Skip, command
from compilers import werror

# Those that people have, and the C compilers beside them.
COMPILERS = {"g++": "gcc", "clang++": "clang"}

MESON_BUILD = """
project('consumer', 'cpp', default_options: ['cpp_std=c++20', 'warning_level=2', 'buildtype=release', 'b_ndebug=if-release'])
ashlar = dependency('ashlar', fallback: ['ashlar', 'ashlar_dep'])
foreach name : [{names}]
  executable(name, '{examples}' / name + '.cpp', dependencies: [ashlar, dependency('threads')])
endforeach
"""


class Consumer:
    def __init__(self, source, build, cxx, release=""):
        """build: the folder tests/ of a build. release: its compiler, if it is a release."""
        self.source = os.path.abspath(source)
        self.release = os.path.dirname(os.path.abspath(build)) if release == cxx else None
        self.cxx, self.cc = cxx, cxx.replace("clang++", "clang").replace("g++", "gcc")
        self.folder = os.path.join(os.path.abspath(build), "consumer-" + cxx)
        self.prefix = os.path.join(self.folder, "prefix")
        self.libdir = os.path.join(self.prefix, "lib")
        self.built = os.path.join(self.folder, "build")

    def examples(self):
        folder = os.path.join(self.source, "examples")
        return sorted(n[:-4] for n in os.listdir(folder) if n.endswith(".cpp")) if os.path.isdir(folder) else []

    def make(self):
        """Configures, builds and installs. Parts that are up to date stay."""
        if not shutil.which(self.cxx):
            raise Skip(f"no {self.cxx}")
        os.makedirs(os.path.join(self.folder, "subprojects"), exist_ok=True)
        with open(os.path.join(self.folder, "lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            link = os.path.join(self.folder, "subprojects", "ashlar")
            if not os.path.lexists(link):
                os.symlink(self.source, link)
            text = MESON_BUILD.format(names=", ".join(f"'{n}'" for n in self.examples()),
                                      examples=os.path.join(self.source, "examples"))
            written = os.path.join(self.folder, "meson.build")
            if not os.path.exists(written) or open(written, encoding="utf-8").read() != text:
                with open(written, "w", encoding="utf-8") as out:
                    out.write(text)
            if not os.path.exists(os.path.join(self.built, "build.ninja")):
                shutil.rmtree(self.built, ignore_errors=True)
                command(["meson", "setup", self.built, self.folder, f"--prefix={self.prefix}", "--libdir=lib",
                         "-Dashlar:werror=" + werror(self.cxx)] +
                        (["--buildtype=debug"] if self.release else []),
                        env=dict(os.environ, CC=self.cc, CXX=self.cxx))
            command(["ninja", "-C", self.built], timeout=1500)
            install = ["meson", "install", "--no-rebuild", "--quiet", "-C"]
            if self.release:
                command(install + [self.release, "--destdir", os.path.join(self.folder, "root")])
                options = {option["name"]: option["value"]
                           for option in json.loads(command(["meson", "introspect", "--buildoptions", self.release]))}
                self.prefix = os.path.join(self.folder, "root") + options["prefix"]
                self.libdir = os.path.join(self.prefix, options["libdir"])
            else:
                command(install + [self.built])
        return self

    def pkg_config(self, *arguments):
        env = dict(os.environ, PKG_CONFIG_PATH=os.path.join(self.libdir, "pkgconfig"))
        return command(["pkg-config", "--define-variable=prefix=" + self.prefix, *arguments], env=env).split()
