// SPDX-License-Identifier: Apache-2.0
// Unit: one parsed source file, or one notebook (its code cells as one text),
// with the way back from an offset to a place a person can open.
#pragma once

#include "core/scan/syntax.h"
#include "core/scan/use.h"

#include <memory>
#include <string>
#include <vector>

namespace railhub::scan {

enum class Language : std::uint8_t { Python, JavaScript };

// Where each line begins; offsets to lines and columns.
class LineIndex {
  public:
    explicit LineIndex(std::string_view text);

    struct Position {
        std::uint32_t line = 1;
        std::uint32_t column = 1;
    };

    [[nodiscard]] Position at(std::size_t offset) const;

  private:
    std::vector<std::uint32_t> starts_;
};

// A cell of a notebook: its code begins at `begin` of the unit's text.
struct Cell {
    std::uint32_t number = 1;
    std::size_t begin = 0;
};

// Immutable once made; never moved, because the syntax looks into the text.
struct Unit {
    std::string path;
    Language language = Language::Python;
    std::string text;
    std::vector<Cell> cells = {};
    Syntax syntax = {};
    LineIndex lines{""};
    Part part = Part::Product;

    [[nodiscard]] Place place(std::size_t offset) const;
};

// Parses `text`; `cells` for a notebook.
std::unique_ptr<Unit>
make_unit(std::string path, Language language, std::string text, std::vector<Cell> cells = {});

// Product, test, example or documentation, by the names of the folders and the
// file.
Part part_of(std::string_view path);

} // namespace railhub::scan
