// SPDX-License-Identifier: Apache-2.0
// A whole hub on loopback in this process: database, store and HTTP server in a folder of its own,
// with users alice and mallory.
#pragma once

#include "core/app/hub.h"
#include "core/util/json.h"
#include "server/running_hub.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/http/live_server.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace railhub::tests {

struct Ask {
    std::string token = {};
    std::string body = {};
    std::string type = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
};

// A commit body: a header with this summary, then the lines.
std::string commit_body(const std::string& summary, const std::vector<std::string>& lines);
std::string file_line(const std::string& path, const std::string& content);
std::string lfs_line(const std::string& path, const std::string& content);

class LiveHub {
  public:
    LiveHub() : LiveHub(server::ServerConfig{}) {}

    explicit LiveHub(server::ServerConfig config);

    [[nodiscard]] Answer
    ask(const std::string& method, const std::string& target, const Ask& ask = {}) const;
    // The body of an answer as JSON; fails the test when it is none.
    static util::Json json(const Answer& answer);

    // "owner/name"; fails the test when it cannot be made.
    void
    make_repo(const std::string& name, bool is_private = false, const std::string& type = "model");
    Answer commit(const std::string& repo, const std::vector<std::string>& lines);
    // Sends the bytes through LFS, without a commit.
    void upload(const std::string& repo, const std::string& content);
    std::string head(const std::string& repo);

    [[nodiscard]] std::string url() const { return running_->url(); }

    app::Deps& deps() { return hub_->deps(); }

    util::Context context() { return context_.context(); }

    // Stops and starts on the same folder.
    void restart();

    std::string alice; // tokens
    std::string mallory;
    std::string reader; // alice's, role read

  private:
    void start();

    TempDir folder_;
    TestContext context_;
    server::ServerConfig config_;
    std::unique_ptr<app::Hub> hub_;
    std::unique_ptr<server::RunningHub> running_;
};

// Path and query of an absolute URL.
std::string target_of(const std::string& url);

} // namespace railhub::tests
