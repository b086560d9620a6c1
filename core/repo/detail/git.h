// SPDX-License-Identifier: Apache-2.0
// libgit2 as this module uses it: handles, ids, errors, process-wide settings. Included by the .cpp
// files of this folder only.
#pragma once

#include "core/repo/detail/object.h"
#include "core/util/handle.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include <string_view>

namespace railhub::repo::detail {

using GitOdb = util::Handle<git_odb, git_odb_free>;
using GitOdbObject = util::Handle<git_odb_object, git_odb_object_free>;
using GitRepository = util::Handle<git_repository, git_repository_free>;
using GitIndexer = util::Handle<git_indexer, git_indexer_free>;
using GitPackBuilder = util::Handle<git_packbuilder, git_packbuilder_free>;

// Once per process, from any thread: starts libgit2, apart from all configuration files, with small
// caches and strict checks.
void start_libgit2();

inline git_oid to_git(const types::Oid& oid) {
    git_oid out;
    std::memcpy(out.id, oid.bytes.data(), sizeof out.id);
    return out;
}

inline types::Oid from_git(const git_oid& oid) {
    return types::Oid::from(util::ByteView(oid.id, sizeof oid.id));
}

constexpr git_object_t to_git(ObjectType type) {
    return static_cast<git_object_t>(type); // the same numbers
}

// What libgit2 said last on this thread: "<action>: <its words>".
util::Error git_failure(util::Code code, std::string_view action);

} // namespace railhub::repo::detail
