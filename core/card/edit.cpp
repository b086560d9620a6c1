// SPDX-License-Identifier: Apache-2.0
// Works on the lines of the block, then reads the outcome back: what does not say what was asked
// for is an error, never a damaged card.
#include "core/card/edit.h"

#include "core/card/card.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::card {

namespace {

constexpr std::string_view kBlockFence = "---";

// Texts that mean the same without quotes. Numbers and words of YAML are not among them.
bool is_plain(std::string_view value) {
    const auto is_letter = [](char ch) {
        return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
    };
    const auto fits = [&](char ch) {
        return is_letter(ch) || (ch >= '0' && ch <= '9') ||
               std::string_view("-._+/").find(ch) != std::string_view::npos;
    };
    constexpr std::array<std::string_view, 8> kWords = {
        "true", "false", "null", "yes", "no", "on", "off", "y"};
    return !value.empty() && is_letter(value.front()) &&
           std::all_of(value.begin(), value.end(), fits) &&
           std::none_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
               return util::equal_ignore_case(word, value);
           });
}

std::string scalar_text(const std::string& value) {
    if (is_plain(value)) {
        return value;
    }
    std::string out = "\"";
    for (const char ch : value) {
        if (ch == '"' || ch == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(ch) < 0x20 ? ' ' : ch;
    }
    return out + "\"";
}

std::string field_text(const FieldEdit& edit, std::string_view line_end) {
    if (edit.values.empty()) {
        return {};
    }
    std::string out = edit.name + ":";
    if (!edit.is_list) {
        return out + " " + scalar_text(edit.values.front()) + std::string(line_end);
    }
    out += line_end;
    for (const std::string& value : edit.values) {
        out += "- " + scalar_text(value) + std::string(line_end);
    }
    return out;
}

bool begins_field(std::string_view line, std::string_view name) {
    if (line.starts_with('"') || line.starts_with('\'')) {
        line.remove_prefix(1);
    }
    if (!line.starts_with(name)) {
        return false;
    }
    line.remove_prefix(name.size());
    if (line.starts_with('"') || line.starts_with('\'')) {
        line.remove_prefix(1);
    }
    return util::trim(line).starts_with(':');
}

// A line that belongs to the field above it: indented, an item of its list, or empty.
bool continues_field(std::string_view line) {
    return line.empty() || line.front() == ' ' || line.front() == '\t' || line == "\r" ||
           line.starts_with("- ") || line == "-" || line == "-\r";
}

// Begin and end of a field in the block; both the block's end when it has none.
struct FieldPlace {
    std::size_t begin = 0;
    std::size_t end = 0;
};

FieldPlace find_field(std::string_view block, std::string_view name) {
    FieldPlace place{block.size(), block.size()};
    bool inside = false;
    std::size_t last_text = 0;
    for (std::size_t at = 0; at < block.size();) {
        const std::size_t end = std::min(block.find('\n', at), block.size() - 1) + 1;
        const std::string_view line = block.substr(at, end - at - (block[end - 1] == '\n' ? 1 : 0));
        if (inside && !continues_field(line)) {
            break;
        }
        if (!inside && begins_field(line, name)) {
            inside = true;
            place.begin = at;
        }
        last_text = util::trim(line).empty() ? last_text : end;
        at = end;
    }
    place.end = inside ? last_text : block.size();
    return place;
}

struct BlockPlace {
    std::size_t begin = 0; // first byte after the opening fence
    std::size_t end = 0;   // first byte of the closing fence
};

BlockPlace find_edit_block(std::string_view readme, std::size_t body_offset) {
    const std::size_t open = readme.find(kBlockFence);
    const std::size_t begin = readme.find('\n', open) + 1;
    const std::size_t last = readme.substr(0, body_offset).find_last_not_of("\r\n");
    const std::size_t before = readme.rfind('\n', last);
    return {begin, before + 1};
}

bool says(const util::Json& metadata, const FieldEdit& edit) {
    const util::Json* value = metadata.find(edit.name);
    if (edit.values.empty()) {
        return value == nullptr;
    }
    return value != nullptr && value->is_array() == edit.is_list &&
           text_list(metadata, edit.name) == edit.values;
}

} // namespace

util::Result<std::string> with_fields(std::string_view readme, std::span<const FieldEdit> edits) {
    RAILHUB_TRY(const FrontMatter front, parse_front_matter(readme));
    const std::string line_end = readme.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
    std::string out(readme);
    if (front.body_offset == 0) {
        const std::string fence = std::string(kBlockFence) + line_end;
        out = fence + fence + (readme.empty() ? "" : line_end) + out;
    }
    RAILHUB_TRY(const FrontMatter opened, parse_front_matter(out));
    BlockPlace block = find_edit_block(out, opened.body_offset);
    for (const FieldEdit& edit : edits) {
        const std::string_view text =
            std::string_view(out).substr(block.begin, block.end - block.begin);
        const FieldPlace place = find_field(text, edit.name);
        const std::string field = field_text(edit, line_end);
        out.replace(block.begin + place.begin, place.end - place.begin, field);
        block.end = block.end - (place.end - place.begin) + field.size();
    }
    const auto edited = parse_front_matter(out);
    const bool is_right =
        edited.ok() && std::all_of(edits.begin(), edits.end(), [&](const FieldEdit& edit) {
            return says(edited->data, edit);
        });
    if (!is_right) {
        return util::fail(
            util::Code::InvalidInput,
            "the metadata of the card is written in a way that cannot be edited line by line",
            "set the fields by hand, one a line"
        );
    }
    return out;
}

} // namespace railhub::card
