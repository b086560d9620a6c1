// SPDX-License-Identifier: Apache-2.0
// Every file in transcripts/ is played against a fresh hub.
#include "core/util/text.h"
#include "tests/interop/transcript.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/server/live_hub.h"

#include <algorithm>
#include <filesystem>

namespace railhub::tests {

namespace {

std::vector<std::string> transcript_files() {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(data_path("interop/transcripts"))) {
        files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void play(const LiveHub& hub, const Exchange& exchange, Variables& variables) {
    Ask ask;
    for (const auto& [name, header] : exchange.headers) {
        ask.headers.emplace_back(name, with_variables(header, variables));
    }
    ask.body = with_variables(exchange.body, variables);
    const Answer answer = hub.ask(exchange.method, with_variables(exchange.target, variables), ask);
    INFO(answer.head << answer.body.substr(0, 2000));
    CHECK(std::to_string(answer.status) == exchange.status);
    for (const auto& [name, wanted] : exchange.wanted_headers) {
        INFO("header " << name << ": " << answer.header(name) << ", wanted " << wanted);
        CHECK(text_matches(wanted, answer.header(name), variables));
    }
    for (const std::string& name : exchange.unwanted_headers) {
        INFO("header " << name);
        CHECK(answer.header(name).empty());
    }
    if (!exchange.wanted_json.empty()) {
        const auto wanted = util::parse_json(exchange.wanted_json);
        REQUIRE_OK(wanted);
        const std::string why = json_mismatch(*wanted, LiveHub::json(answer), variables);
        INFO(why);
        CHECK(why.empty());
    }
    if (exchange.wanted_text) {
        CHECK(answer.body == with_variables(*exchange.wanted_text, variables));
    }
}

} // namespace

TEST_CASE("transcripts of clients") {
    for (const std::string& file : transcript_files()) {
        LiveHub hub;
        Variables variables = {{"ALICE", hub.alice}, {"MALLORY", hub.mallory}, {"URL", hub.url()}};
        for (const Exchange& exchange : parse_transcript(read_data(file))) {
            INFO(std::filesystem::path(file).filename().string() << ":" << exchange.line);
            play(hub, exchange, variables);
        }
    }
}

} // namespace railhub::tests
