// SPDX-License-Identifier: Apache-2.0
// Asks placement, ignore rules and the store about each file.
#include "core/app/preupload.h"

namespace railhub::app {

namespace {

constexpr std::uint64_t kMaxIgnoreFile = std::uint64_t{1} << 20;

util::Result<repo::Attributes> attributes_in_force(
    repo::Repository& repository,
    const std::optional<types::Oid>& commit,
    const std::optional<std::string>& given
) {
    repo::Attributes attributes;
    if (given) {
        attributes.add("", *given);
        return attributes;
    }
    return commit ? repo::attributes_of(repository, *commit)
                  : util::Result<repo::Attributes>(std::move(attributes));
}

util::Result<repo::IgnoreRules> ignores_in_force(
    repo::Repository& repository,
    const std::optional<types::Oid>& commit,
    const std::optional<std::string>& given
) {
    repo::IgnoreRules rules;
    if (given) {
        rules.add("", *given);
        return rules;
    }
    if (commit) {
        RAILHUB_TRY(const auto text, repository.text(*commit, ".gitignore", kMaxIgnoreFile));
        rules.add("", text.value_or(""));
    }
    return rules;
}

util::Result<std::string> oid_there(
    repo::Repository& repository,
    const types::Oid& commit,
    const PlannedFile& file,
    repo::UploadMode mode
) {
    RAILHUB_TRY(const auto entry, repository.entry(commit, file.path));
    const bool is_file = entry && (entry->kind == repo::EntryKind::File ||
                                   entry->kind == repo::EntryKind::Executable);
    if (!is_file || entry->lfs.has_value() != (mode == repo::UploadMode::Lfs)) {
        return std::string();
    }
    return entry->lfs ? entry->lfs->sha256.hex() : entry->oid.hex();
}

} // namespace

util::Result<UploadPlan> plan_upload(
    repo::Repository& repository,
    const std::optional<types::Oid>& commit,
    const std::vector<PlannedFile>& files,
    const std::optional<std::string>& attributes,
    const std::optional<std::string>& ignores
) {
    RAILHUB_TRY(const auto rules, attributes_in_force(repository, commit, attributes));
    RAILHUB_TRY(const auto ignored, ignores_in_force(repository, commit, ignores));
    UploadPlan plan;
    for (const PlannedFile& file : files) {
        UploadPlan::Item item;
        item.mode = repo::upload_mode(rules, file.path.text(), file.size, file.sample);
        item.is_ignored = ignored.ignores(file.path.text());
        if (commit) {
            RAILHUB_TRY(item.oid, oid_there(repository, *commit, file, item.mode));
        }
        plan.items.push_back(std::move(item));
    }
    return plan;
}

} // namespace railhub::app
