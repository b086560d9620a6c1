// SPDX-License-Identifier: Apache-2.0
// Reads pairs one by one, and matrices as rows of letters: one row an outbound license, one column
// an inbound one.
#include "core/license/compatibility.h"

#include <array>
#include <vector>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

struct FitWord {
    Fit fit;
    std::string_view word;
    char letter;
};

constexpr std::array kFits = {
    FitWord{Fit::Yes, "yes", 'Y'},
    FitWord{Fit::No, "no", 'N'},
    FitWord{Fit::Check, "check", 'C'},
};

constexpr char kNoOpinion = '.';

std::optional<Fit> fit_of_letter(char letter) {
    for (const FitWord& row : kFits) {
        if (row.letter == letter) {
            return row.fit;
        }
    }
    return std::nullopt;
}

std::optional<Fit> fit_of_word(std::string_view word) {
    for (const FitWord& row : kFits) {
        if (row.word == word) {
            return row.fit;
        }
    }
    return std::nullopt;
}

Result<> read_pair(const Json& json, CompatibilitySource& source) {
    const std::optional<Fit> fit = fit_of_word(json.text("fit"));
    if (!fit || json.text("inbound").empty() || json.text("outbound").empty()) {
        return fail(Code::InvalidInput, "a pair without 'inbound', 'outbound' or a known 'fit'");
    }
    source.pairs.insert_or_assign(
        {json.text("inbound"), json.text("outbound")},
        PairAnswer{*fit, json.text("section"), json.text("note")}
    );
    return {};
}

Result<>
read_row(const Json& json, const std::vector<std::string>& columns, CompatibilitySource& source) {
    const std::string outbound = json.text("outbound");
    const std::string letters = json.text("inbound");
    if (letters.size() != columns.size()) {
        return fail(
            Code::InvalidInput, "row '" + outbound + "' does not have one letter for each column"
        );
    }
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::optional<Fit> fit = fit_of_letter(letters[i]);
        if (fit) {
            source.pairs.insert_or_assign({columns[i], outbound}, PairAnswer{*fit, {}, {}});
        } else if (letters[i] != kNoOpinion) {
            return fail(Code::InvalidInput, "row '" + outbound + "' has an unknown letter");
        }
    }
    return {};
}

const util::JsonArray& rows_of(const Json& json, std::string_view key) {
    static const util::JsonArray kNone;
    const Json* found = json.find(key);
    return found != nullptr && found->is_array() ? *found->as_array() : kNone;
}

} // namespace

std::string_view fit_word(Fit fit) {
    return kFits.at(static_cast<std::size_t>(fit)).word;
}

const PairAnswer*
CompatibilitySource::answer(const std::string& inbound, const std::string& outbound) const {
    const auto found = pairs.find({inbound, outbound});
    return found == pairs.end() ? nullptr : &found->second;
}

util::Result<CompatibilitySource> parse_compatibility(const util::Json& json) {
    if (json.text("format") != "compatibility/1") {
        return fail(
            Code::InvalidInput, "'format' is '" + json.text("format") + "'", "use 'compatibility/1'"
        );
    }
    CompatibilitySource source;
    source.id = json.text("id");
    source.name = json.text("name");
    source.terms = json.text("terms");
    source.attribution = json.text("attribution");
    if (source.id.empty() || source.attribution.empty()) {
        return fail(Code::InvalidInput, "a compatibility source has no id or no attribution");
    }
    for (const Json& pair : rows_of(json, "pairs")) {
        RAILHUB_TRY(read_pair(pair, source));
    }
    std::vector<std::string> columns;
    for (const Json& column : rows_of(json, "columns")) {
        columns.push_back(column.is_string() ? *column.as_string() : std::string());
    }
    for (const Json& row : rows_of(json, "rows")) {
        RAILHUB_TRY(read_row(row, columns, source));
    }
    return source;
}

} // namespace railhub::license
