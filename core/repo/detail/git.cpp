// SPDX-License-Identifier: Apache-2.0
// Process-wide settings of libgit2, and its errors.
#include "core/repo/detail/git.h"

#include "core/util/text.h"

#include <array>
#include <mutex>

namespace railhub::repo::detail {

namespace {

// Objects are read once per request; what the library keeps is for repeated small trees.
constexpr ssize_t kCacheBytes = ssize_t{16} << 20;

constexpr std::array kConfigLevels = {
    GIT_CONFIG_LEVEL_PROGRAMDATA,
    GIT_CONFIG_LEVEL_SYSTEM,
    GIT_CONFIG_LEVEL_XDG,
    GIT_CONFIG_LEVEL_GLOBAL,
};

// git_libgit2_opts takes anything; these take what each option wants.
void set_flag(git_libgit2_opt_t option, int value) {
    RAILHUB_ASSERT(git_libgit2_opts(option, value) == 0);
}

void set_cache_bytes(ssize_t bytes) {
    RAILHUB_ASSERT(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes) == 0);
}

void set_config_folder(git_config_level_t level, const char* path) {
    RAILHUB_ASSERT(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, static_cast<int>(level), path) == 0);
}

void start_once() {
    RAILHUB_ASSERT(git_libgit2_init() > 0);
    set_flag(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
    set_flag(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
    set_flag(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1);
    set_cache_bytes(kCacheBytes);
    for (const git_config_level_t level : kConfigLevels) {
        set_config_folder(level, ""); // the server's user may have a git of their own
    }
}

} // namespace

void start_libgit2() {
    static std::once_flag once;
    std::call_once(once, start_once);
}

util::Error git_failure(util::Code code, std::string_view action) {
    const git_error* const last = git_error_last();
    std::string message(action);
    if (last != nullptr && last->message != nullptr) {
        message += ": " + std::string(last->message);
    }
    return util::fail(code, std::move(message));
}

} // namespace railhub::repo::detail
