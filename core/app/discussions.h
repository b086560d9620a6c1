// SPDX-License-Identifier: Apache-2.0
// Pull requests as far as commits open them: a number, a ref, who and why.
#pragma once

#include "core/access/permissions.h"
#include "core/db/database.h"

#include <optional>
#include <string>

namespace railhub::app {

struct PullRequest {
    std::int64_t number = 0;
    std::int64_t author = 0; // account id
    std::string status;      // "draft", "open", "closed", "merged"
    std::string title;
    std::string description;
    std::int64_t created_ms = 0;
};

std::string pull_request_ref(std::int64_t number); // "refs/pr/7"
// nullopt when the ref is not one of a pull request.
std::optional<std::int64_t> pull_request_number(std::string_view ref);

// The next number of the repo is taken; returns it.
util::Result<std::int64_t>
open_pull_request(db::Transaction& tx, std::int64_t repo_row, const PullRequest& request);
util::Result<std::optional<PullRequest>>
find_pull_request(db::Transaction& tx, std::int64_t repo_row, std::int64_t number);

util::Result<> set_status(
    db::Transaction& tx, std::int64_t repo_row, std::int64_t number, std::string_view status
);

// Those who read a repo may propose a change if they are logged in with a token that writes.
bool may_propose(const access::Identity& who, access::Permission permission);

} // namespace railhub::app
