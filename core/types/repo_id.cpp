// SPDX-License-Identifier: Apache-2.0
// Words for kinds, and the rules for names.
#include "core/types/repo_id.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::types {

namespace {

using util::Code;
using util::fail;
using util::Result;

constexpr std::size_t kLongestName = 96;

struct KindWords {
    RepoKind kind;
    std::string_view word;
    std::string_view plural;
    std::string_view web_prefix;
};

constexpr std::array kKinds = {
    KindWords{RepoKind::Model, "model", "models", ""},
    KindWords{RepoKind::Dataset, "dataset", "datasets", "datasets/"},
    KindWords{RepoKind::Space, "space", "spaces", "spaces/"},
};

// First words of paths that are not a namespace (hub-api section 2.4).
constexpr std::array<std::string_view, 26> kReservedNamespaces = {
    "api",      "assets", "blog",    "buckets", "collections",   "datasets", "docs",
    "healthz",  "join",   "kernels", "login",   "logout",        "metrics",  "models",
    "new",      "oauth",  "papers",  "pricing", "organizations", "readyz",   "search",
    "settings", "spaces", "static",  "tasks",   "terms",
};

const KindWords& words_of(RepoKind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name_char(char c) {
    return is_word_char(c) || c == '-' || c == '.';
}

util::Error bad_name(std::string_view what, std::string_view name, std::string_view reason) {
    // A name that is too long or binary would make a message that is both.
    const std::string shown(util::is_valid_utf8(name) ? name.substr(0, kLongestName) : "?");
    return fail(
        Code::InvalidInput,
        "invalid " + std::string(what) + " '" + shown + "': " + std::string(reason),
        "names have 1 to 96 characters of A-Z a-z 0-9 _ . -"
    );
}

Result<> check_characters(std::string_view what, std::string_view name) {
    if (name.empty()) {
        return bad_name(what, name, "it is empty");
    }
    if (name.size() > kLongestName) {
        return bad_name(what, name, "it is longer than 96 characters");
    }
    if (!std::all_of(name.begin(), name.end(), is_name_char)) {
        return bad_name(what, name, "it has a character that names cannot have");
    }
    if (name.find("--") != std::string_view::npos || name.find("..") != std::string_view::npos) {
        return bad_name(what, name, "it has '--' or '..'");
    }
    return {};
}

} // namespace

std::string_view kind_word(RepoKind kind) {
    return words_of(kind).word;
}

std::string_view kind_plural(RepoKind kind) {
    return words_of(kind).plural;
}

std::string_view kind_web_prefix(RepoKind kind) {
    return words_of(kind).web_prefix;
}

Result<RepoKind> parse_kind(std::string_view word) {
    for (const KindWords& row : kKinds) {
        if (row.word == word) {
            return row.kind;
        }
    }
    return fail(
        Code::InvalidInput,
        "unknown kind of repository '" + std::string(word.substr(0, kLongestName)) + "'",
        "kinds are model, dataset and space"
    );
}

Result<RepoKind> parse_kind_plural(std::string_view word) {
    for (const KindWords& row : kKinds) {
        if (row.plural == word) {
            return row.kind;
        }
    }
    return fail(
        Code::InvalidInput,
        "unknown kind of repository '" + std::string(word.substr(0, kLongestName)) + "'",
        "kinds are models, datasets and spaces"
    );
}

Result<> check_repo_name(std::string_view name) {
    constexpr std::string_view kWhat = "repository name";
    RAILHUB_TRY(check_characters(kWhat, name));
    if (!is_word_char(name.front()) || !is_word_char(name.back())) {
        return bad_name(kWhat, name, "it does not begin and end with a letter, digit or '_'");
    }
    const std::string folded = util::lower(name);
    if (folded.ends_with(".git") || folded.ends_with(".ipynb")) {
        return bad_name(kWhat, name, "it ends in '.git' or '.ipynb'");
    }
    return {};
}

Result<> check_namespace(std::string_view name) {
    constexpr std::string_view kWhat = "namespace";
    RAILHUB_TRY(check_characters(kWhat, name));
    if (name == "." || name.front() == '-' || name.back() == '-') {
        return bad_name(kWhat, name, "it is '.', or begins or ends with '-'");
    }
    if (is_reserved_namespace(name)) {
        return bad_name(kWhat, name, "the word is reserved");
    }
    return {};
}

bool is_reserved_namespace(std::string_view name) {
    const std::string folded = util::lower(name);
    return std::find(kReservedNamespaces.begin(), kReservedNamespaces.end(), folded) !=
           kReservedNamespaces.end();
}

std::string RepoId::describe() const {
    return std::string(kind_word(kind)) + " '" + full_name() + "'";
}

Result<RepoId> RepoId::parse(RepoKind kind, std::string_view full_name) {
    const std::size_t slash = full_name.find('/');
    if (slash == std::string_view::npos ||
        full_name.find('/', slash + 1) != std::string_view::npos) {
        return bad_name("repository id", full_name, "it is not of the form namespace/name");
    }
    const std::string_view owner = full_name.substr(0, slash);
    const std::string_view name = full_name.substr(slash + 1);
    RAILHUB_TRY(check_namespace(owner));
    RAILHUB_TRY(check_repo_name(name));
    return RepoId{kind, std::string(owner), std::string(name)};
}

} // namespace railhub::types
