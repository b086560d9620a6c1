// SPDX-License-Identifier: Apache-2.0
// Document: a TOML text as a plain tree with the place of every key and value. Bounded, so that a
// hostile file costs no more than its bytes.
#pragma once

#include "core/project/read.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

struct Member;

struct Value {
    // Other: what railhub.toml has no use for (times, numbers with a fraction).
    enum class Kind : std::uint8_t { Text, Number, Flag, Date, Array, Table, Other };
    Kind kind = Kind::Other;
    report::Location at;
    std::string text = {};
    std::int64_t number = 0;
    bool flag = false;
    Date date = {};
    std::vector<Value> items = {};
    std::vector<Member> members = {}; // in the order of the file

    // nullptr when there is none.
    [[nodiscard]] const Value* find(std::string_view key) const;
};

struct Member {
    std::string key;
    report::Location at;
    Value value;
};

struct Document {
    Value root; // a table
    std::vector<Mistake> mistakes;
};

std::string_view kind_word(Value::Kind kind); // "a text", "a list"

// Code "project.syntax", or "project.too-large" past kMaxProjectFile and 32 levels.
Document parse_document(std::string_view text, const std::string& name);

} // namespace railhub::project
