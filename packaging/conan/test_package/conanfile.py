# SPDX-License-Identifier: Apache-2.0
"""Two of the examples, as a consumer of the package builds them."""
import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout


class AshlarTest(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps", "CMakeToolchain"
    test_type = "explicit"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure(variables={"EXAMPLES": os.path.join(self.recipe_folder, "..", "..", "..", "examples")})
        cmake.build()

    def test(self):
        if can_run(self):
            self.run("echo mortar | " + os.path.join(self.cpp.build.bindir, "hash_only"), env="conanrun")
