# SPDX-License-Identifier: Apache-2.0
# Build rules of the house: warnings, sanitizers, modules, tests and fuzz targets.

find_program(RAILHUB_CCACHE ccache)
if(RAILHUB_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER "${RAILHUB_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${RAILHUB_CCACHE}")
endif()
find_program(RAILHUB_MOLD mold)
if(RAILHUB_MOLD AND NOT RAILHUB_FUZZ)
    add_link_options(-fuse-ld=mold)
endif()
if(RAILHUB_UNITY)
    set(CMAKE_UNITY_BUILD ON)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
endif()

add_library(railhub_options INTERFACE)
target_include_directories(railhub_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(railhub_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wswitch-enum)
if(RAILHUB_WERROR)
    target_compile_options(railhub_options INTERFACE -Werror)
endif()
if(RAILHUB_SANITIZE)
    add_compile_options(-fsanitize=${RAILHUB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${RAILHUB_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # With sanitizers GCC 12 reports this inside std::function and std::regex, wrongly.
        target_compile_options(railhub_options INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
if(RAILHUB_FUZZ)
    # Coverage for every object; the fuzzing driver is linked into fuzz targets only.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# railhub_module(<name> [FOLDER dir] HEADERS ... SOURCES ... DEPENDS ... [PRIVATE_DEPENDS ...])
# A static library railhub_<name> with alias railhub::<name>; headers are a file set, so that the
# dev preset can compile each of them alone.
function(railhub_module name)
    cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    set(target railhub_${name})
    if(ARG_SOURCES)
        add_library(${target} STATIC ${ARG_SOURCES})
        set(scope PUBLIC)
        target_link_libraries(${target} PRIVATE ${ARG_PRIVATE_DEPENDS})
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(railhub::${name} ALIAS ${target})
    target_sources(${target} ${scope} FILE_SET headers TYPE HEADERS
        BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${ARG_HEADERS})
    target_link_libraries(${target} ${scope} railhub_options ${ARG_DEPENDS})
endfunction()

# railhub_test(<name> SOURCES ... DEPENDS ... [LABELS ...]): one Catch2 program, one ctest entry.
function(railhub_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE railhub_test_support ${ARG_DEPENDS})
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_LABELS)
        set(ARG_LABELS fast)
    endif()
    # Those words are printed only when somebody asked for new golden files (tests/support/golden.h).
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}"
        SKIP_REGULAR_EXPRESSION "golden file rewritten")
endfunction()

# railhub_fuzz(<name> DEPENDS ...): tests/fuzz/<name>.cpp with corpus tests/fuzz/corpus/<name>/.
# Without libFuzzer the corpus is replayed as an ordinary test.
function(railhub_fuzz name)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    set(target fuzz_${name})
    if(RAILHUB_FUZZ)
        add_executable(${target} ${name}.cpp)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${target} ${name}.cpp)
        target_link_libraries(${target} PRIVATE railhub_fuzz_replay)
        add_test(NAME ${target} COMMAND ${target} "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
        set_tests_properties(${target} PROPERTIES LABELS fast)
    endif()
    target_link_libraries(${target} PRIVATE railhub_options ${ARG_DEPENDS})
endfunction()
