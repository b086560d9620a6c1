// SPDX-License-Identifier: Apache-2.0
// Few paths and small contents, so that changes, reverts, copies and clashes of files with folders
// all happen.
#include "tests/unit/repo/random_history.h"

#include <array>

namespace railhub::repo::tests {

namespace {

constexpr std::array<const char*, 14> kPaths = {
    "a",
    "a-b",
    "a/x",
    "a/y",
    "b",
    "d/e/f",
    "d/e/g",
    "d/e",
    "d/h",
    "README.md",
    "z",
    "d-0",
    "a.txt",
    "m/n/o/p"};
constexpr std::array<const char*, 3> kBranches = {"main", "dev", "topic/one"};

bool clashes(const std::string& a, const std::string& b) {
    return a.starts_with(b + "/") || b.starts_with(a + "/");
}

constexpr int kTexts = 4;

std::string text_number(int number) {
    return "content " + std::to_string(number) + "\n";
}

} // namespace

void RandomHistory::store_large_files(RepoWorld& world) {
    for (int i = 0; i < kTexts; ++i) {
        const auto writer = value(world.blobs.begin(world.ctx(), 0));
        value(writer->write(util::as_bytes(text_number(i))));
        value(writer->commit(std::nullopt));
    }
}

RandomHistory::RandomHistory(std::string git_folder, unsigned seed)
    : git_(std::move(git_folder)), random_(seed) {
    run("git init -q --bare " + shell_quoted(git_));
}

int RandomHistory::pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
}

void RandomHistory::change(State& state) {
    const std::string path_text = kPaths.at(static_cast<std::size_t>(pick(kPaths.size())));
    if (pick(4) == 0) {
        state.erase(path_text);
        return;
    }
    std::erase_if(state, [&](const auto& item) { return clashes(item.first, path_text); });
    const char* const mode = pick(8) == 0 ? "100755" : "100644";
    std::string content = text_number(pick(kTexts));
    if (pick(6) == 0) {
        content = types::encode_lfs_pointer({util::sha256(util::as_bytes(content)), 1234});
    }
    state[path_text] = mode + (" " + content);
}

RandomHistory::State RandomHistory::merge(const State& left, const State& right) {
    State merged;
    for (const char* const path_text : kPaths) {
        const State& side = pick(2) == 0 ? left : right;
        const auto found = side.find(path_text);
        const bool fits = std::none_of(merged.begin(), merged.end(), [&](const auto& item) {
            return clashes(item.first, path_text);
        });
        if (found != side.end() && fits) {
            merged.insert(*found);
        }
    }
    return merged;
}

std::string RandomHistory::commit_text(int parent, int second, const State& state) {
    const std::string mark = std::to_string(states_.size());
    std::string text = "commit refs/scratch/" + mark + "\nmark :" + mark + "\n";
    // Sometimes in the same second, sometimes with a clock that went back.
    seconds_ += pick(10) == 0 ? -5 : pick(3);
    text += "committer A <a@example.org> " + std::to_string(seconds_) + " +0000\n";
    const std::string message = "commit " + mark + "\n";
    text += "data " + std::to_string(message.size()) + "\n" + message;
    text += parent > 0 ? "from :" + std::to_string(parent) + "\n" : "";
    text += second > 0 ? "merge :" + std::to_string(second) + "\n" : "";
    text += "deleteall\n";
    for (const auto& [path_text, item] : state) {
        const std::string content = item.substr(7);
        text += "M " + item.substr(0, 6) + " inline " + path_text + "\n";
        text += "data " + std::to_string(content.size()) + "\n" + content + "\n";
    }
    return text + "\n";
}

void RandomHistory::grow(int commits) {
    std::string stream = "feature import-marks-if-exists=marks\nfeature export-marks=marks\n";
    for (int i = 0; i < commits; ++i) {
        const int count = static_cast<int>(states_.size());
        // Mostly on top of what was made last.
        int parent = count == 0 || pick(40) == 0 ? 0 : count;
        if (count > 0 && pick(3) == 0) {
            parent = 1 + pick(count);
        }
        int second = count > 1 && pick(4) == 0 ? 1 + pick(count) : 0;
        second = second == parent || parent == 0 ? 0 : second;
        const auto state_of = [this](int mark) {
            return mark == 0 ? State() : states_.at(static_cast<std::size_t>(mark - 1));
        };
        State state = second > 0 ? merge(state_of(parent), state_of(second)) : state_of(parent);
        for (int changes = second > 0 ? pick(2) : 1 + pick(3); changes > 0; --changes) {
            change(state);
        }
        states_.push_back(state);
        stream += commit_text(parent, second, state);
    }
    const int count = static_cast<int>(states_.size());
    for (const char* const branch : kBranches) {
        if (pick(4) != 0) {
            const int mark = pick(3) == 0 ? 1 + pick(count) : count - pick(std::min(3, count));
            stream += "reset refs/heads/" + std::string(branch) +
                      "\nfrom :" + std::to_string(mark) + "\n\n";
        }
    }
    const std::string tag = std::to_string(count);
    stream += "tag v" + tag + "\nfrom :" + std::to_string(1 + pick(count)) +
              "\ntagger A <a@example.org> 1700000000 +0000\ndata 4\ntag\n\n";
    write_text(git_ + "/stream", stream);
    run("cd " + shell_quoted(git_) +
        " && git fast-import --quiet --force --allow-unsafe-features < stream && "
        "git for-each-ref --format='delete %(refname)' refs/scratch | git update-ref --stdin");
}

} // namespace railhub::repo::tests
