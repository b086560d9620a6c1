# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT: a C++ table of the migration files in FOLDER. Run by the build:
#   cmake -D FOLDER=... -D OUTPUT=... -P embed_migrations.cmake
file(GLOB files "${FOLDER}/*.sql")
list(SORT files)
set(rows "")
set(expected 1)
foreach(file IN LISTS files)
    get_filename_component(base "${file}" NAME_WE)
    if(NOT base MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
        message(FATAL_ERROR "'${file}' is not named NNNN_name.sql")
    endif()
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "^0+" "" version "${CMAKE_MATCH_1}")
    if(NOT version EQUAL expected)
        message(FATAL_ERROR "'${file}' should have number ${expected}")
    endif()
    math(EXPR expected "${expected} + 1")
    file(READ "${file}" text)
    string(APPEND rows "    {${version}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from core/db/migrations by embed_migrations.cmake.
#include \"core/db/migrate.h\"

namespace railhub::db {

namespace {

constexpr Migration kBuiltinMigrations[] = {
${rows}};

} // namespace

std::span<const Migration> builtin_migrations() { return kBuiltinMigrations; }

} // namespace railhub::db
")
