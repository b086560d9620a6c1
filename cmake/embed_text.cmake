# SPDX-License-Identifier: Apache-2.0
# Script: writes OUTPUT, a C++ file that defines a table of text files by stem.
# cmake -DOUTPUT=pages.cpp -DHEADER=cli/help.h -DNAMESPACE=railhub::cli -DFUNCTION=page_text -DFILES=a.md,b.md -P embed_text.cmake
string(REPLACE "," ";" FILES "${FILES}")
set(rows "")
foreach(file IN LISTS FILES)
    get_filename_component(stem "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND rows "    {\"${stem}\", R\"page(${text})page\"},\n")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[// Generated from text files; do not edit.
#include "@HEADER@"

namespace @NAMESPACE@ {

namespace {

struct EmbeddedPage {
    std::string_view name;
    std::string_view text;
};

constexpr EmbeddedPage kEmbeddedPages[] = {
@rows@};

} // namespace

std::string_view @FUNCTION@(std::string_view name) {
    for (const auto& page : kEmbeddedPages) {
        if (page.name == name) {
            return page.text;
        }
    }
    return {};
}

} // namespace @NAMESPACE@
]] @ONLY)
