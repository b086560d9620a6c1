# SPDX-License-Identifier: Apache-2.0
# railhub_embed(<name> HEADER <h> NAMESPACE <ns> GLOB <pattern>...): a library railhub::<name> with the
# files of the current folder that match, as ns::files(). New files are picked up at the next build.
add_executable(railhub_embed_tool "${CMAKE_CURRENT_LIST_DIR}/embed.cpp")
target_compile_features(railhub_embed_tool PRIVATE cxx_std_20)

function(railhub_embed name)
    cmake_parse_arguments(ARG "" "HEADER;NAMESPACE" "GLOB" ${ARGN})
    list(TRANSFORM ARG_GLOB PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" ${ARG_GLOB})
    list(SORT files)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
    set(list_file "${CMAKE_CURRENT_BINARY_DIR}/${name}.files")
    list(JOIN files "\n" lines)
    file(CONFIGURE OUTPUT "${list_file}" CONTENT "${lines}\n" @ONLY)
    list(TRANSFORM files PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE paths)
    add_custom_command(OUTPUT "${output}"
        COMMAND railhub_embed_tool "${CMAKE_CURRENT_SOURCE_DIR}" "${list_file}" "${output}"
                "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_HEADER}" "${ARG_NAMESPACE}"
        DEPENDS ${paths} "${list_file}"
        COMMENT "Embedding ${name}" VERBATIM)
    add_library(railhub_${name} STATIC "${output}")
    add_library(railhub::${name} ALIAS railhub_${name})
    target_sources(railhub_${name} PUBLIC FILE_SET headers TYPE HEADERS
        BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_HEADER}")
    target_include_directories(railhub_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
endfunction()
