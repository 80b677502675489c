# SPDX-License-Identifier: Apache-2.0
"""Conan 2 recipe of the libraries, from the checkout around it: conan create packaging/conan"""
import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
import re

# What each library depends on.
COMPONENTS = {"crypto": [], "asn1": [], "x509": ["asn1", "crypto"], "tls": ["x509"], "posix": ["tls"]}


class AshlarConan(ConanFile):
    name = "ashlar"
    license = "Apache-2.0"
    description = "TLS from bare arithmetic up, in C++20, with no other crypto code under it"
    topics = ("tls", "x509", "cryptography")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"fPIC": [True, False], "x86_kernels": [True, False]}
    default_options = {"fPIC": True, "x86_kernels": True}

    def set_version(self):
        top = os.path.join(self.recipe_folder, "..", "..")
        self.version = re.search(r"VERSION ([0-9.]+) LANGUAGES", load(self, os.path.join(top, "CMakeLists.txt"))).group(1)

    def export_sources(self):
        top = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "packaging/cmake/*",
                        *(f"{module}/*.{ending}" for module in ("base", "crypto", "asn1", "x509", "tls", "posix")
                          for ending in ("cpp", "hpp", "h", "inc"))):
            copy(self, pattern, top, self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("Ashlar was built on Linux alone")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ASHLAR_INSTALL"] = True
        toolchain.cache_variables["ASHLAR_X86_KERNELS"] = bool(self.options.x86_kernels)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "ashlar")
        for name, requires in COMPONENTS.items():
            component = self.cpp_info.components[name]
            component.set_property("cmake_target_name", f"ashlar::{name}")
            component.libs = [] if name == "posix" else [f"ashlar-{name}"]
            component.requires = requires
