// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/transcript.h"

#include "core/util/text.h"
#include "tests/support/catch.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::tests {

namespace {

// "name: value".
std::pair<std::string, std::string> header_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    REQUIRE(colon != std::string_view::npos);
    return {
        std::string(util::trim(line.substr(0, colon))),
        std::string(util::trim(line.substr(colon + 1)))};
}

class TranscriptParser {
  public:
    std::vector<Exchange> parse(const std::string& text) {
        for (const std::string_view line : util::split(text, '\n')) {
            ++number_;
            INFO("line " << number_ << ": " << line);
            if (line.starts_with(">")) {
                request_line(line.substr(1));
            } else if (line.starts_with("<")) {
                REQUIRE_FALSE(exchanges_.empty());
                is_in_request_ = false;
                reply_line(line.substr(1));
            } else {
                const bool is_comment = line.empty() || line.starts_with("#");
                REQUIRE(is_comment);
            }
        }
        return std::move(exchanges_);
    }

  private:
    void request_line(std::string_view line) {
        if (!is_in_request_) {
            const auto words = util::split(util::trim(line), ' ');
            REQUIRE(words.size() == 2);
            Exchange exchange;
            exchange.line = number_;
            exchange.method = words[0];
            exchange.target = words[1];
            exchanges_.push_back(std::move(exchange));
            is_in_request_ = true;
            is_in_body_ = false;
            return;
        }
        Exchange& exchange = exchanges_.back();
        if (line.starts_with("@")) {
            const auto words = util::split(util::trim(line.substr(1)), ' ');
            REQUIRE(words.size() == 2);
            for (std::uint64_t i = util::parse_decimal(words[0]).value_or(0); i > 0; --i) {
                exchange.body += words[1];
            }
        } else if (is_in_body_) {
            exchange.body += (exchange.body.empty() ? "" : "\n") + std::string(util::trim(line));
        } else if (util::trim(line).empty()) {
            is_in_body_ = true;
        } else {
            exchange.headers.push_back(header_of(line));
        }
    }

    void reply_line(std::string_view line) {
        Exchange& exchange = exchanges_.back();
        if (line.starts_with("=")) {
            exchange.wanted_text = std::string(line.size() > 2 ? line.substr(2) : "");
            return;
        }
        const std::string text(util::trim(line));
        if (exchange.status.empty()) {
            exchange.status = text;
        } else if (text.starts_with("!")) {
            exchange.unwanted_headers.emplace_back(util::trim(std::string_view(text).substr(1)));
        } else if (text.starts_with("{") || text.starts_with("[") || !exchange.wanted_json.empty()) {
            exchange.wanted_json += text;
        } else {
            exchange.wanted_headers.push_back(header_of(text));
        }
    }

    std::vector<Exchange> exchanges_;
    std::size_t number_ = 0;
    bool is_in_request_ = false;
    bool is_in_body_ = false;
};

bool is_name_char(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// The name that begins at `at`.
std::string name_at(const std::string& text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_name_char(text[end])) {
        ++end;
    }
    return text.substr(at, end - at);
}

const std::string& value_of(const Variables& variables, const std::string& name) {
    INFO("variable " << name);
    const auto row = variables.find(name);
    REQUIRE(row != variables.end());
    return row->second;
}

} // namespace

std::vector<Exchange> parse_transcript(const std::string& text) {
    return TranscriptParser().parse(text);
}

std::string with_variables(std::string text, const Variables& variables) {
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
        std::string name = name_at(text, at + 1);
        std::size_t length = name.size() + 1;
        std::string value;
        if (name == "PATH" && text[at + length] == '(') {
            name = name_at(text, at + length + 1);
            length += name.size() + 2;
            value = target_of(value_of(variables, name));
        } else {
            value = value_of(variables, name);
        }
        text.replace(at, length, value);
        at += value.size();
    }
    return text;
}

bool text_matches(const std::string& wanted, const std::string& actual, Variables& variables) {
    if (wanted.starts_with("@")) {
        variables[wanted.substr(1)] = actual;
        return true;
    }
    const std::string pattern = with_variables(wanted, variables);
    return pattern.find('*') == std::string::npos ? pattern == actual
                                                  : util::glob_match(pattern, actual);
}

std::string
json_mismatch(const util::Json& wanted, const util::Json& actual, Variables& variables) {
    if (const std::string* text = wanted.as_string()) {
        const bool fits =
            actual.is_string() ? text_matches(*text, *actual.as_string(), variables) : *text == "*";
        return fits ? "" : "wanted " + *text + ", got " + actual.dump();
    }
    if (const util::JsonObject* members = wanted.as_object()) {
        for (const auto& [key, value] : *members) {
            const util::Json* there = actual.find(key);
            const std::string why =
                there == nullptr ? "missing" : json_mismatch(value, *there, variables);
            if (!why.empty()) {
                return key + ": " + why;
            }
        }
        return actual.is_object() ? "" : "no object";
    }
    if (const util::JsonArray* items = wanted.as_array()) {
        const util::JsonArray* there = actual.as_array();
        if (there == nullptr || there->size() != items->size()) {
            return "wanted " + std::to_string(items->size()) + " items, got " + actual.dump();
        }
        for (std::size_t i = 0; i < items->size(); ++i) {
            const std::string why = json_mismatch((*items)[i], (*there)[i], variables);
            if (!why.empty()) {
                return std::to_string(i) + ": " + why;
            }
        }
        return "";
    }
    return wanted.dump() == actual.dump() ? ""
                                          : "wanted " + wanted.dump() + ", got " + actual.dump();
}

} // namespace railhub::tests
