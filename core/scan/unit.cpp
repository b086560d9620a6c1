// SPDX-License-Identifier: Apache-2.0
#include "core/scan/unit.h"

#include "core/scan/javascript_parser.h"
#include "core/scan/python_parser.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

struct FolderPart {
    std::string_view name;
    Part part;
};

constexpr std::array<FolderPart, 15> kFolderParts = {{
    {"test", Part::Test},
    {"tests", Part::Test},
    {"testing", Part::Test},
    {"__tests__", Part::Test},
    {"spec", Part::Test},
    {"example", Part::Example},
    {"examples", Part::Example},
    {"samples", Part::Example},
    {"demo", Part::Example},
    {"demos", Part::Example},
    {"tutorials", Part::Example},
    {"notebooks", Part::Example},
    {"cookbook", Part::Example},
    {"doc", Part::Documentation},
    {"docs", Part::Documentation},
}};

bool is_test_file(std::string_view name) {
    return name.starts_with("test_") || name == "conftest.py" ||
           name.find("_test.") != std::string_view::npos ||
           name.find(".test.") != std::string_view::npos ||
           name.find(".spec.") != std::string_view::npos;
}

} // namespace

LineIndex::LineIndex(std::string_view text) {
    starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string_view::npos;
         at = text.find('\n', at + 1)) {
        starts_.push_back(static_cast<std::uint32_t>(at + 1));
    }
}

LineIndex::Position LineIndex::at(std::size_t offset) const {
    const auto above = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto line = static_cast<std::uint32_t>(above - starts_.begin());
    return {line, static_cast<std::uint32_t>(offset - *(above - 1)) + 1};
}

Place Unit::place(std::size_t offset) const {
    const auto position = lines.at(offset);
    Place out{.file = path, .line = position.line, .column = position.column};
    if (!cells.empty()) {
        auto cell = std::upper_bound(
            cells.begin(),
            cells.end(),
            offset,
            [](std::size_t wanted, const Cell& one) { return wanted < one.begin; }
        );
        cell -= cell == cells.begin() ? 0 : 1;
        out.cell = cell->number;
        out.line = position.line - lines.at(cell->begin).line + 1;
    }
    return out;
}

std::unique_ptr<Unit>
make_unit(std::string path, Language language, std::string text, std::vector<Cell> cells) {
    auto unit = std::make_unique<Unit>();
    unit->part = part_of(path);
    unit->path = std::move(path);
    unit->language = language;
    unit->text = std::move(text);
    unit->cells = std::move(cells);
    unit->lines = LineIndex(unit->text);
    unit->syntax =
        language == Language::Python ? parse_python(unit->text) : parse_javascript(unit->text);
    return unit;
}

Part part_of(std::string_view path) {
    const auto parts = util::split(path, '/');
    if (is_test_file(parts.back())) {
        return Part::Test;
    }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        const std::string name = util::lower(parts[i]);
        for (const FolderPart& row : kFolderParts) {
            if (name == row.name) {
                return row.part;
            }
        }
    }
    return Part::Product;
}

} // namespace railhub::scan
