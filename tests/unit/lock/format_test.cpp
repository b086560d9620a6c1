// SPDX-License-Identifier: Apache-2.0
// railhub.lock, written and read; what contradicts itself is refused with the artifact's name.
#include "core/util/json.h"
#include "tests/unit/lock/sample.h"

namespace railhub::lock {

namespace {

// The sample with one text replaced by another.
std::string changed(std::string_view from, std::string_view to) {
    std::string text = write_lock(sample_lock());
    const std::size_t at = text.find(from);
    INFO(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
    const auto lock = parse_lock(text);
    REQUIRE_ERROR(lock, util::Code::InvalidInput);
    return lock.error().message;
}

} // namespace

TEST_CASE("a lock is read as it was written, whatever the order it was made in") {
    const Lock lock = sample_lock();
    const std::string text = write_lock(lock);
    const auto read = parse_lock(text);
    REQUIRE_OK(read);
    CHECK(*read == lock);
    Lock turned = lock;
    std::swap(turned.artifacts.front(), turned.artifacts.back());
    std::swap(turned.artifacts.front().asked.front(), turned.artifacts.front().asked.back());
    CHECK(write_lock(turned) == text);
    CHECK(text.ends_with("}\n"));
}

TEST_CASE("names lead to artifacts, also those of a rename") {
    const Lock lock = sample_lock();
    const Artifact* base = find(lock, types::RepoKind::Model, {"old/base", ""});
    REQUIRE(base != nullptr);
    CHECK(base->id == "org/base");
    CHECK(find(lock, types::RepoKind::Model, {"org/base", "v1"}) == base);
    CHECK(find(lock, types::RepoKind::Model, {"org/base", ""}) == nullptr);
    CHECK(find(lock, types::RepoKind::Model, {"org/data", ""}) == nullptr);
    CHECK(find(lock, types::RepoKind::Dataset, {"org/data", ""}) != nullptr);
}

TEST_CASE("a lock that contradicts itself is refused, and says where") {
    CHECK_THAT(
        refusal(changed("\"license\": \"llama2\"", "\"license\": \"mit\"")),
        ContainsSubstring("'org/base' contradicts itself: license is 'mit'")
    );
    CHECK_THAT(
        refusal(changed("\"license_sha256\": \"aaaa", "\"license_sha256\": \"cccc")),
        ContainsSubstring("license_sha256")
    );
    CHECK_THAT(
        refusal(changed("\"card_sha256\": \"bbbb", "\"card_sha256\": \"cccc")),
        ContainsSubstring("card_sha256")
    );
    CHECK_THAT(
        refusal(changed("\"state\": \"resolved\"", "\"state\": \"absent\"")),
        ContainsSubstring("it is absent and has facts")
    );
    CHECK_THAT(
        refusal(changed("\"state\": \"absent\"", "\"state\": \"lost\"")),
        ContainsSubstring("unknown state 'lost'")
    );
    CHECK_THAT(
        refusal(changed(
            "\"id\": \"org/gone\",\n          \"revision\": null",
            "\"id\": \"org/base\",\n          \"revision\": \"v1\""
        )),
        ContainsSubstring("'org/base@v1' stands for two artifacts")
    );
    Lock twice = sample_lock();
    twice.artifacts.push_back(twice.artifacts.front());
    twice.artifacts.back().asked = {{"another/name", ""}};
    CHECK_THAT(refusal(write_lock(twice)), ContainsSubstring("'org/base' is there twice"));
}

TEST_CASE("what is no lock is refused with the way out") {
    for (const char* text :
         {"",
          "{",
          "[]",
          "null",
          "{\"format\": \"railhub-lock/1\"}",
          "{\"format\": \"railhub-lock/1\", \"artifacts\": {}}",
          "{\"format\": \"railhub-lock/1\", \"artifacts\": [7]}",
          "{\"format\": \"railhub-lock/1\", \"artifacts\": [{\"id\": \"a/b\", \"kind\": "
          "\"x\"}]}"}) {
        INFO(text);
        const auto lock = parse_lock(text);
        REQUIRE_ERROR(lock, util::Code::InvalidInput);
        CHECK_FALSE(lock.error().hint.empty());
    }
    const auto newer = parse_lock("{\"format\": \"railhub-lock/2\", \"artifacts\": []}");
    REQUIRE_ERROR(newer, util::Code::InvalidInput);
    CHECK_THAT(newer.error().hint, ContainsSubstring("newer railhub"));
    CHECK_THAT(
        refusal("{\n<<<<<<< ours\n\"a\": 1\n=======\n>>>>>>> theirs\n}"),
        ContainsSubstring("the first in line 2")
    );
    std::string many = "{\"format\": \"railhub-lock/1\", \"artifacts\": [1";
    for (std::size_t i = 0; i < kMaxArtifacts; ++i) {
        many += ",1";
    }
    REQUIRE_ERROR(parse_lock(many + "]}"), util::Code::TooLarge);
}

} // namespace railhub::lock
