// SPDX-License-Identifier: Apache-2.0
// RandomHistory: commits and merges over a few paths, made by `git fast-import`; the same for the
// same seed.
#pragma once

#include "core/types/lfs_pointer.h"
#include "tests/unit/repo/repo_world.h"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace railhub::repo::tests {

// One thread.
class RandomHistory {
  public:
    RandomHistory(std::string git_folder, unsigned seed);

    // Adds commits (some of them merges), then lets branches and tags point anywhere.
    void grow(int commits);

    // What its pointers point to.
    static void store_large_files(RepoWorld& world);

    [[nodiscard]] const std::string& git_folder() const { return git_; }

  private:
    using State = std::map<std::string, std::string>; // path -> mode and content

    int pick(int below);
    void change(State& state);
    State merge(const State& left, const State& right);
    std::string commit_text(int parent, int second, const State& state);

    std::string git_;
    std::mt19937 random_;
    std::vector<State> states_; // by mark - 1
    std::map<std::string, int> branches_;
    int seconds_ = 1'700'000'000;
};

} // namespace railhub::repo::tests
