// SPDX-License-Identifier: Apache-2.0
// What info pages and lists say about a repo, field by field (hub-api section 5).
#pragma once

#include "core/app/summary.h"
#include "core/repo/repository.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::server::api {

// The files of the repo, asked for only when a field needs them.
using FileList = std::function<util::Result<std::vector<repo::TreeEntry>>()>;
// The same list, made once.
FileList remembered(FileList list);

struct InfoSource {
    const repo::RepoRecord& record;
    const app::Summary& summary;
    std::string sha; // commit in question, or empty
    std::int64_t changed_ms = 0;
    FileList files;
    enum class Blobs : std::uint8_t { Omit, Include } blobs = Blobs::Omit; // details of siblings
};

// Names that `expand` may have for this kind, in alphabetical order.
std::vector<std::string_view> expandable_fields(types::RepoKind kind);
// InvalidInput `"expand" must be one of [...]` for others.
util::Result<> check_expand(types::RepoKind kind, std::span<const std::string> names);

// _id, id and these fields; fields without value are left out.
util::Result<util::Json>
info_json(const InfoSource& source, std::span<const std::string_view> fields);

// Fields of a plain info request, of a list item, and what `full` adds to that.
std::span<const std::string_view> info_fields(types::RepoKind kind);
std::span<const std::string_view> list_fields(types::RepoKind kind);
std::span<const std::string_view> full_list_fields(types::RepoKind kind);

} // namespace railhub::server::api
