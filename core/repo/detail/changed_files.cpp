// SPDX-License-Identifier: Apache-2.0
// A diff of a tree with the work tree, by libgit2.
#include "core/repo/changed_files.h"

#include "core/repo/detail/git.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace railhub::repo {

namespace {

using detail::git_failure;
using GitObject = util::Handle<git_object, git_object_free>;
using GitTree = util::Handle<git_tree, git_tree_free>;
using GitDiff = util::Handle<git_diff, git_diff_free>;
using GitIndex = util::Handle<git_index, git_index_free>;

// "a/b/" for <work tree>/a/b, "" for the work tree itself.
util::Result<std::string> prefix_of(const std::string& folder, const std::string& work_tree) {
    const std::unique_ptr<char, decltype(&std::free)> real(
        ::realpath(folder.c_str(), nullptr), &std::free
    );
    if (real == nullptr) {
        return util::fail(util::Code::NotFound, "no folder '" + folder + "'");
    }
    const std::string path = std::string(real.get()) + "/";
    if (!path.starts_with(work_tree)) {
        return util::fail(
            util::Code::NotFound, "'" + folder + "' is not below its work tree '" + work_tree + "'"
        );
    }
    return path.substr(work_tree.size());
}

util::Result<detail::GitRepository> open_work_tree(const std::string& folder) {
    detail::start_libgit2();
    // Nothing of the repository is run, and in containers it often belongs to somebody else.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    detail::GitRepository repository;
    const int opened = git_repository_open_ext(util::Out(repository), folder.c_str(), 0, nullptr);
    if (opened != 0 || git_repository_workdir(repository.get()) == nullptr) {
        return util::fail(
            util::Code::NotFound,
            "'" + folder + "' is in no git work tree",
            "leave '--changed-since' out, or run it in a clone"
        );
    }
    return repository;
}

// Temporaries of Out fill their handles at the end of a statement: one call a statement.
util::Result<GitObject>
peeled(git_repository& repository, const std::string& revision, git_object_t kind) {
    GitObject object;
    int done = git_revparse_single(util::Out(object), &repository, revision.c_str());
    GitObject found;
    if (done == 0) {
        done = git_object_peel(util::Out(found), object.get(), kind);
    }
    if (done != 0) {
        return util::fail(
            util::Code::NotFound,
            "no revision '" + revision + "' in the git repository",
            "fetch it first; clones in CI are often shallow"
        );
    }
    return found;
}

// The tree at the commit where HEAD and `revision` parted.
util::Result<GitTree> base_tree(git_repository& repository, const std::string& revision) {
    RAILHUB_TRY(const GitObject commit, peeled(repository, revision, GIT_OBJECT_COMMIT));
    git_oid base = *git_object_id(commit.get());
    git_oid head{};
    git_oid fork{};
    if (git_reference_name_to_id(&head, &repository, "HEAD") == 0 &&
        git_merge_base(&fork, &repository, &base, &head) == 0) {
        base = fork;
    }
    RAILHUB_TRY(
        const GitObject object, peeled(repository, detail::from_git(base).hex(), GIT_OBJECT_TREE)
    );
    GitTree tree;
    if (git_tree_lookup(util::Out(tree), &repository, git_object_id(object.get())) != 0) {
        return git_failure(util::Code::Corrupt, "cannot read the tree of '" + revision + "'");
    }
    return tree;
}

} // namespace

util::Result<std::set<std::string>>
changed_files(const std::string& folder, const std::string& revision) {
    RAILHUB_TRY(const detail::GitRepository repository, open_work_tree(folder));
    RAILHUB_TRY(
        const std::string prefix, prefix_of(folder, git_repository_workdir(repository.get()))
    );
    RAILHUB_TRY(const GitTree tree, base_tree(*repository, revision));
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
                    GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_INCLUDE_TYPECHANGE;
    std::string pathspec = prefix;
    char* specs[] = {pathspec.data()};
    if (!prefix.empty()) {
        options.pathspec = {specs, 1};
    }
    GitDiff diff;
    if (git_diff_tree_to_workdir_with_index(
            util::Out(diff), repository.get(), tree.get(), &options
        ) != 0) {
        return git_failure(util::Code::Io, "cannot compare the work tree with '" + revision + "'");
    }
    std::set<std::string> paths;
    for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
        const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
        for (const char* path : {delta->old_file.path, delta->new_file.path}) {
            const std::string_view name = path != nullptr ? path : "";
            if (name.starts_with(prefix)) {
                paths.emplace(name.substr(prefix.size()));
            }
        }
    }
    return paths;
}

util::Result<std::vector<std::string>> tracked_files(const std::string& folder) {
    RAILHUB_TRY(const detail::GitRepository repository, open_work_tree(folder));
    RAILHUB_TRY(
        const std::string prefix, prefix_of(folder, git_repository_workdir(repository.get()))
    );
    GitIndex index;
    if (git_repository_index(util::Out(index), repository.get()) != 0) {
        return git_failure(util::Code::Io, "cannot read the index of '" + folder + "'");
    }
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
        const std::string_view path = git_index_get_byindex(index.get(), i)->path;
        if (path.starts_with(prefix)) {
            paths.emplace_back(path.substr(prefix.size()));
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

} // namespace railhub::repo
