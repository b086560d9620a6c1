// SPDX-License-Identifier: Apache-2.0
// Notebooks (nbformat 3 and 4): the code of all cells as one text, commands
// apart.
#pragma once

#include "core/scan/unit.h"
#include "core/util/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

struct NotebookCommand {
    std::string text;
    std::uint32_t cell = 1;
    std::uint32_t line = 1; // of the cell
};

struct Notebook {
    std::string code; // cells end with a newline; lines that are no Python are empty
    std::vector<Cell> cells = {};
    std::vector<NotebookCommand> commands = {};
};

// InvalidInput for what is no notebook. One of another language has no code.
util::Result<Notebook> read_notebook(std::string_view text);

} // namespace railhub::scan
