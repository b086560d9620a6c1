// SPDX-License-Identifier: Apache-2.0
// Which path goes to git and which to the blob store (hub-api section 7.3), by .gitattributes, size
// and a sample of the content.
#pragma once

#include "core/repo/repository.h"

#include <map>
#include <string>
#include <string_view>

namespace railhub::repo {

inline constexpr std::uint64_t kLfsThreshold = std::uint64_t{10} << 20; // 10 MiB

// Parsed attribute files, nested ones included. Immutable.
class Attributes {
  public:
    Attributes() = default;

    // `folder` is where the file lies ("" = root). Later files of deeper folders win.
    void add(std::string_view folder, std::string_view text);

    enum class Lfs : std::uint8_t { Unspecified, Yes, No };
    [[nodiscard]] Lfs lfs(std::string_view path) const;

  private:
    // "name", "-name", "!name", "name=value".
    struct Assignment {
        std::string name;
        enum class State : std::uint8_t { Set, Unset, Unspecified, Value } state = State::Set;
        std::string value = {};
    };

    struct Rule {
        std::string folder;
        std::string pattern;
        std::vector<Assignment> assignments;
    };

    class Lookup;

    static Assignment parse_assignment(std::string_view word);
    void add_line(std::string_view folder, std::string_view line);

    std::vector<Rule> rules_; // shallow folders first
    std::map<std::string, std::vector<Assignment>, std::less<>> macros_;
};

// gitignore semantics over one or more files.
class IgnoreRules {
  public:
    void add(std::string_view folder, std::string_view text);
    [[nodiscard]] bool ignores(std::string_view path) const;

  private:
    struct Rule {
        std::string folder;
        std::string pattern;
        bool is_negated = false;
        bool is_for_folders = false;
    };

    enum class Verdict : std::uint8_t { None, Ignored, Kept };
    [[nodiscard]] Verdict judge(std::string_view path, EntryKind kind) const;

    std::vector<Rule> rules_; // shallow folders first
};

enum class UploadMode : std::uint8_t { Regular, Lfs };

UploadMode upload_mode(
    const Attributes& attributes, std::string_view path, std::uint64_t size, util::ByteView sample
);
// NUL or invalid UTF-8 (a sequence cut at the end is tolerated).
bool looks_binary(util::ByteView sample);
// The .gitattributes of a new repo of this kind.
std::string default_gitattributes(types::RepoKind kind);
// The attribute files of a commit that can say something about these paths (in their folders and
// above); all of them.
util::Result<Attributes> attributes_for(
    Repository& repository, const types::Oid& commit, const std::vector<std::string>& paths
);
util::Result<Attributes> attributes_of(Repository& repository, const types::Oid& commit);
// The .gitignore files of a commit, chosen likewise.
util::Result<IgnoreRules> ignore_rules_for(
    Repository& repository, const types::Oid& commit, const std::vector<std::string>& paths
);

} // namespace railhub::repo
