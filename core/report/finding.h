// SPDX-License-Identifier: Apache-2.0
// Finding: one thing a check saw. Data, never an Error: the check itself went well (style 2.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::report {

// Note: for information. Warning: a person has to decide. Error: terms conflict, or input is wrong.
enum class Severity : std::uint8_t { Note, Warning, Error };

std::string_view severity_word(Severity severity); // "note", "warning", "error"

// A place in a file; line and column (in bytes) count from 1, 0 = the whole file.
struct Location {
    std::string path;
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    bool operator==(const Location&) const = default;
};

// Where a license says so.
struct Citation {
    std::string license;
    std::string section;

    bool operator==(const Citation&) const = default;
};

// One artifact on the way from the one that was checked (first) to the cause (last).
struct ChainLink {
    std::string artifact; // "org/name" or "this folder"
    std::string license;  // what its card declares; empty when nothing does
    std::string
        relation; // how the link before was made from this one: "finetune"; empty for the first

    bool operator==(const ChainLink&) const = default;
};

// A use restriction that should travel and does not.
struct MissingRestriction {
    std::string id;      // taxonomy id: "medical.advice"
    std::string variant; // how wide the upstream clause is; may be empty
    // Absent: nothing carried has this id. Narrower: something has, but forbids less.
    enum class Gap : std::uint8_t { Absent, Narrower } gap = Gap::Absent;

    bool operator==(const MissingRestriction&) const = default;
};

// The missing restrictions of one upstream clause, e.g. "A.12".
struct MissingClause {
    std::string section;
    std::vector<MissingRestriction> restrictions;

    bool operator==(const MissingClause&) const = default;
};

struct Finding {
    std::string rule; // id in the rules table ("R3") or a card check ("card.license")
    Severity severity = Severity::Note;
    std::string subject; // artifact or card field that it is about
    std::string message; // what is wrong, lower case, no full stop
    std::string fix;     // the first thing to do about it, or empty
    std::optional<Location> location = {};
    std::vector<ChainLink> chain = {};
    std::vector<Citation> citations = {};
    std::vector<MissingClause> missing = {};
    std::string waiver = {}; // text to paste into a policy file to accept this finding, or empty

    bool operator==(const Finding&) const = default;
};

} // namespace railhub::report
