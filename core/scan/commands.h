// SPDX-License-Identifier: Apache-2.0
// Commands: models and datasets named by shell scripts, Dockerfiles, process
// lists and argument lists.
#pragma once

#include "core/scan/collect.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

struct CommandWord {
    std::string text;
    Place place;
    bool is_end = false; // the command ends before this one, which says nothing itself
};

using PlaceOf = std::function<Place(std::size_t offset)>;

// As a shell would: quotes, escapes, comments, ends of commands;
// ${NAME:-default} gives the default and $NAME stays. Values that $(...) would
// give stay as written.
std::vector<CommandWord> split_command(std::string_view text, const PlaceOf& place_of);
// The same where all stands at one place.
std::vector<CommandWord> split_command(std::string_view text, const Place& place);

// Uses in the words of one or more commands. Assignments (NAME=value) hold for
// what follows.
void read_command_words(
    const Tables& tables, const std::vector<CommandWord>& words, Part part, Collector& collector
);

// A variable of the environment that names a model or a dataset.
void read_variable(
    const Tables& tables,
    std::string_view name,
    std::string_view value,
    const Place& place,
    Part part,
    Collector& collector
);

// spaCy's pipelines among requirements: wheels by their address, and names.
void read_requirements(
    std::string_view text, const PlaceOf& place_of, Part part, Collector& collector
);

// FROM and ADAPTER of an Ollama Modelfile.
void read_modelfile(
    std::string_view text, const PlaceOf& place_of, Part part, Collector& collector
);

} // namespace railhub::scan
