// SPDX-License-Identifier: Apache-2.0
// Parsing of repository names on the command line.
#include "cli/repo_spec.h"

#include <algorithm>

namespace railhub::cli {

namespace {

struct Prefix {
    std::string_view text;
    types::RepoKind kind;
};

constexpr Prefix kPrefixes[] = {
    {"datasets/", types::RepoKind::Dataset},
    {"models/", types::RepoKind::Model},
};

} // namespace

util::Result<RepoSpec> parse_repo(std::string_view text, std::string_view type) {
    const std::string_view given = text;
    RepoSpec spec;
    if (const auto at = text.find('@'); at != std::string_view::npos) {
        spec.revision = std::string(text.substr(at + 1));
        text = text.substr(0, at);
    }
    RAILHUB_TRY(types::RepoKind kind, types::parse_kind(type.empty() ? "model" : type));
    for (const auto& prefix : kPrefixes) {
        // "models/x" alone is an owner called models.
        const auto slashes = std::count(text.begin(), text.end(), '/');
        if (text.starts_with(prefix.text) && slashes == 2) {
            kind = prefix.kind;
            text.remove_prefix(prefix.text.size());
        }
    }
    auto id = types::RepoId::parse(kind, text);
    if (!id.ok()) {
        return util::fail(
            util::Code::InvalidInput,
            "'" + std::string(given) + "' names no repository: " + id.error().message,
            "write OWNER/NAME, datasets/OWNER/NAME or OWNER/NAME@REVISION"
        );
    }
    spec.id = std::move(id).value();
    return spec;
}

util::Result<std::string>
choose_revision(const RepoSpec& spec, const Args& args, std::string_view fallback) {
    if (!args.has("revision")) {
        return spec.revision.empty() ? std::string(fallback) : spec.revision;
    }
    const std::string option = args.text("revision");
    if (!spec.revision.empty() && spec.revision != option) {
        return util::fail(
            util::Code::InvalidInput,
            "two revisions are given: '" + spec.revision + "' and '" + option + "'",
            "leave one of them out"
        );
    }
    return option;
}

OptionSpec type_option() {
    return {
        .name = "type",
        .kind = OptionKind::Choice,
        .value = "KIND",
        .help = "Kind of repository, where the name has no prefix",
        .choices = {"model", "dataset"}};
}

OptionSpec revision_option(std::string help) {
    return {.name = "revision", .letter = 'r', .value = "REV", .help = std::move(help)};
}

OperandSpec repo_operand() {
    return {"REPO", Need::Required, "Repository: OWNER/NAME or datasets/OWNER/NAME"};
}

} // namespace railhub::cli
