// SPDX-License-Identifier: Apache-2.0
// Headers, an empty line, the message.
#include "core/repo/detail/commit_text.h"

#include "core/util/text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

constexpr std::size_t kLongestTitle = 300;

// Bytes that are no UTF-8 become U+FFFD one by one.
std::string to_utf8(std::string_view text) {
    if (util::is_valid_utf8(text)) {
        return std::string(text);
    }
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        while (length <= 4 && length <= text.size() && !util::is_valid_utf8(text.substr(0, length))
        ) {
            ++length;
        }
        const bool is_character = length <= 4 && length <= text.size();
        out += is_character ? text.substr(0, length) : std::string_view("\xEF\xBF\xBD");
        text.remove_prefix(is_character ? length : 1);
    }
    return out;
}

// The value of the next header line if it has this key; the line is then taken.
std::optional<std::string_view> take_header(std::string_view& text, std::string_view key) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!text.starts_with(key) || end <= key.size() || text[key.size()] != ' ') {
        return std::nullopt;
    }
    const std::string_view value = text.substr(key.size() + 1, end - key.size() - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    return value;
}

std::string_view message_after(std::string_view headers) {
    if (headers.starts_with('\n')) {
        return headers.substr(1);
    }
    const std::size_t end = headers.find("\n\n");
    return end == headers.npos ? std::string_view() : headers.substr(end + 2);
}

std::int64_t parse_number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

int parse_offset(std::string_view text) {
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) {
        return 0;
    }
    const std::int64_t number = parse_number(text.substr(1));
    const int minutes = static_cast<int>(number / 100 * 60 + number % 100) % (24 * 60);
    return text[0] == '-' ? -minutes : minutes;
}

// "Name <mail> 1700000000 +0100".
Signature parse_signature(std::string_view text) {
    Signature signature;
    const std::size_t open = std::min(text.find('<'), text.size());
    const std::size_t close = std::min(text.find('>', open), text.size());
    signature.name = to_utf8(util::trim(text.substr(0, open)));
    if (open < close) {
        signature.email = to_utf8(text.substr(open + 1, close - open - 1));
    }
    const std::string_view time = util::trim(text.substr(std::min(close + 1, text.size())));
    const std::size_t blank = std::min(time.find(' '), time.size());
    signature.seconds = parse_number(time.substr(0, blank));
    signature.offset_minutes = parse_offset(util::trim(time.substr(blank)));
    return signature;
}

std::string without_crud(std::string_view text) {
    std::string out;
    for (const char c : util::trim(text)) {
        if (c != '<' && c != '>' && c != '\n' && c != '\0') {
            out += c;
        }
    }
    return out;
}

std::string format_signature(const Signature& signature) {
    const std::string name = without_crud(signature.name);
    // git refuses an ident without a name.
    return (name.empty() ? "unknown" : name) + " <" + without_crud(signature.email) + "> " +
           std::to_string(std::max<std::int64_t>(signature.seconds, 0)) + " " +
           format_offset(signature.offset_minutes);
}

std::string without_nul(std::string_view text) {
    std::string out(text);
    std::erase(out, '\0');
    return out;
}

util::Error damaged(std::string_view what, const Oid& oid) {
    return fail(Code::Corrupt, std::string(what) + " '" + oid.hex() + "' is damaged");
}

std::optional<ObjectType> parse_type(std::string_view word) {
    for (const ObjectType type :
         {ObjectType::Commit, ObjectType::Tree, ObjectType::Blob, ObjectType::Tag}) {
        if (type_word(type) == word) {
            return type;
        }
    }
    return std::nullopt;
}

} // namespace

std::string format_offset(int minutes) {
    const int size = std::abs(minutes) % (24 * 60);
    const int digits = size / 60 * 100 + size % 60;
    std::string text = std::to_string(digits);
    text.insert(0, 4 - text.size(), '0');
    return (minutes < 0 ? "-" : "+") + text;
}

std::string short_title(std::string_view message) {
    std::string title = to_utf8(util::trim(message.substr(0, message.find('\n'))));
    if (title.size() > kLongestTitle) {
        std::size_t end = kLongestTitle;
        while ((static_cast<unsigned char>(title[end]) & 0xC0U) == 0x80U) {
            --end; // not inside a character
        }
        title.resize(end);
    }
    return title;
}

util::Result<Commit> parse_commit(const Oid& oid, std::string_view text) {
    Commit commit;
    commit.oid = oid;
    const auto tree = take_header(text, "tree");
    const auto tree_oid = Oid::parse(tree.value_or(""));
    if (!tree_oid.ok()) {
        return damaged("commit", oid);
    }
    commit.tree = tree_oid.value();
    while (const auto parent = take_header(text, "parent")) {
        const auto parent_oid = Oid::parse(*parent);
        if (!parent_oid.ok()) {
            return damaged("commit", oid);
        }
        commit.parents.push_back(parent_oid.value());
    }
    const auto author = take_header(text, "author");
    const auto committer = take_header(text, "committer");
    if (!author || !committer) {
        return damaged("commit", oid);
    }
    commit.author = parse_signature(*author);
    commit.committer = parse_signature(*committer);
    commit.message = to_utf8(message_after(text));
    return commit;
}

std::string format_commit(const Commit& commit) {
    std::string text = "tree " + commit.tree.hex() + "\n";
    for (const Oid& parent : commit.parents) {
        text += "parent " + parent.hex() + "\n";
    }
    text += "author " + format_signature(commit.author) + "\n";
    text += "committer " + format_signature(commit.committer) + "\n\n";
    text += without_nul(commit.message);
    return text;
}

util::Result<Tag> parse_tag(const Oid& oid, std::string_view text) {
    Tag tag;
    const auto target = Oid::parse(take_header(text, "object").value_or(""));
    const auto type = parse_type(take_header(text, "type").value_or(""));
    const auto name = take_header(text, "tag");
    if (!target.ok() || !type || !name) {
        return damaged("tag", oid);
    }
    tag.target = target.value();
    tag.target_type = *type;
    tag.name = to_utf8(*name);
    if (const auto tagger = take_header(text, "tagger")) {
        tag.tagger = parse_signature(*tagger);
    }
    tag.message = to_utf8(message_after(text));
    return tag;
}

std::string format_tag(const Tag& tag) {
    return "object " + tag.target.hex() + "\ntype " + std::string(type_word(tag.target_type)) +
           "\ntag " + tag.name + "\ntagger " + format_signature(tag.tagger) + "\n\n" +
           without_nul(tag.message);
}

} // namespace railhub::repo::detail
