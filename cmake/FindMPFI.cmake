# MPFI ships no CMake package; defines MPFI::mpfi, with MPFR and GMP behind it.
find_path(MPFI_INCLUDE_DIR mpfi.h)
find_path(MPFR_INCLUDE_DIR mpfr.h)
find_path(GMP_INCLUDE_DIR gmp.h)
find_library(MPFI_LIBRARY mpfi)
find_library(MPFR_LIBRARY mpfr)
find_library(GMP_LIBRARY gmp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MPFI REQUIRED_VARS MPFI_LIBRARY MPFR_LIBRARY GMP_LIBRARY
                                                     MPFI_INCLUDE_DIR MPFR_INCLUDE_DIR GMP_INCLUDE_DIR)
if(MPFI_FOUND AND NOT TARGET MPFI::mpfi)
  add_library(MPFI::mpfi UNKNOWN IMPORTED)
  set_target_properties(MPFI::mpfi PROPERTIES
    IMPORTED_LOCATION ${MPFI_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${MPFI_INCLUDE_DIR};${MPFR_INCLUDE_DIR};${GMP_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${MPFR_LIBRARY};${GMP_LIBRARY}")
endif()
mark_as_advanced(MPFI_INCLUDE_DIR MPFR_INCLUDE_DIR GMP_INCLUDE_DIR MPFI_LIBRARY MPFR_LIBRARY GMP_LIBRARY)
