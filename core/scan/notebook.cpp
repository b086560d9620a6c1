// SPDX-License-Identifier: Apache-2.0
#include "core/scan/notebook.h"

#include "core/util/json.h"
#include "core/util/text.h"

#include <string>

namespace railhub::scan {

namespace {

using util::Json;

// "source": one text or a list of lines.
std::string source_of(const Json& cell) {
    const Json* source = cell.find("source");
    source = source == nullptr ? cell.find("input") : source;
    if (source == nullptr) {
        return {};
    }
    if (const std::string* text = source->as_string(); text != nullptr) {
        return *text;
    }
    std::string out;
    if (const auto* lines = source->as_array(); lines != nullptr) {
        for (const Json& line : *lines) {
            out += line.as_string() == nullptr ? std::string() : *line.as_string();
        }
    }
    return out;
}

bool is_python(const Json& notebook) {
    const Json* metadata = notebook.find("metadata");
    if (metadata == nullptr) {
        return true;
    }
    const Json* spec = metadata->find("kernelspec");
    const Json* info = metadata->find("language_info");
    const std::string language = spec != nullptr && !spec->text("language").empty()
                                     ? spec->text("language")
                                 : info != nullptr ? info->text("name")
                                                   : "python";
    return util::lower(language).find("python") != std::string::npos;
}

// A cell that is a script as a whole, a line for the shell, or Python.
void add_cell(const std::string& source, std::uint32_t number, Notebook& into) {
    into.cells.push_back({number, into.code.size()});
    const bool is_shell = source.starts_with("%%bash") || source.starts_with("%%sh") ||
                          source.starts_with("%%script");
    const bool is_other = source.starts_with("%%") && !source.starts_with("%%time") &&
                          !source.starts_with("%%capture");
    std::uint32_t line_number = 0;
    for (const std::string_view line : util::split(source, '\n')) {
        ++line_number;
        const std::string_view trimmed = util::trim(line);
        const bool is_command = trimmed.starts_with('!') || trimmed.starts_with('%');
        if (is_shell && line_number > 1) {
            into.commands.push_back({std::string(line), number, line_number});
        } else if (is_command && !is_other) {
            into.commands.push_back({std::string(trimmed.substr(1)), number, line_number});
        } else if (!is_other && !is_command) {
            into.code += line;
        }
        into.code += '\n';
    }
}

void add_cells(const Json& holder, std::uint32_t& number, Notebook& into) {
    const Json* cells = holder.find("cells");
    if (cells == nullptr || !cells->is_array()) {
        return;
    }
    for (const Json& cell : *cells->as_array()) {
        ++number;
        if (cell.text("cell_type") == "code") {
            add_cell(source_of(cell), number, into);
        }
    }
}

} // namespace

util::Result<Notebook> read_notebook(std::string_view text) {
    RAILHUB_TRY(const Json json, util::parse_json(text));
    Notebook out;
    if (!json.is_object() || !is_python(json)) {
        return out;
    }
    std::uint32_t number = 0;
    add_cells(json, number, out);
    const Json* sheets = json.find("worksheets"); // nbformat 3
    if (sheets != nullptr && sheets->is_array()) {
        for (const Json& sheet : *sheets->as_array()) {
            add_cells(sheet, number, out);
        }
    }
    return out;
}

} // namespace railhub::scan
