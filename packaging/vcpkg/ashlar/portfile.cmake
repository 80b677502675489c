# SPDX-License-Identifier: Apache-2.0
# An overlay port of the checkout that it stands in: vcpkg install ashlar --overlay-ports=packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# One build: a debug build of the primitives is of use to nobody, and the headers and libraries do not depend on it.
set(VCPKG_BUILD_TYPE release)
# ashlarConfig.cmake finds its libraries from where it lies.
set(VCPKG_POLICY_SKIP_MISPLACED_CMAKE_FILES_CHECK enabled)
set(VCPKG_POLICY_SKIP_LIB_CMAKE_MERGE_CHECK enabled)
vcpkg_check_linkage(ONLY_STATIC_LIBRARY)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS -DASHLAR_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
