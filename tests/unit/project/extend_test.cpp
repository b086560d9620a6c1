// SPDX-License-Identifier: Apache-2.0
// Files that rest on others: order, cycles, depth, and policies on a hub.
#include "core/project/extend.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <map>

namespace railhub::project {

namespace {

class KnownPolicies final : public PolicySource {
  public:
    util::Result<std::string> policy(
        const util::Context& /*ctx*/,
        const std::string& repo,
        const std::string& revision,
        const std::string& path
    ) override {
        const auto found = texts.find(repo + "@" + revision + ":" + path);
        if (found == texts.end()) {
            return util::fail(util::Code::NotFound, "no policy");
        }
        return found->second;
    }

    std::map<std::string, std::string> texts;
};

struct Folder {
    tests::TempDir dir;
    tests::TestContext test;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    KnownPolicies hub;

    void write(const std::string& name, const std::string& text) {
        REQUIRE_OK(util::write_atomic(*fs, dir.file(name), util::as_bytes(text)));
    }

    util::Result<Reading> read(PolicySource* source = nullptr) {
        return read_project_file(test.context(), *fs, dir.path(), "railhub.toml", source);
    }

    Project project(PolicySource* source = nullptr) {
        Reading reading = tests::value(read(source));
        REQUIRE(reading.mistakes.empty());
        return std::move(reading.project);
    }
};

std::string message_of(const util::Result<Reading>& result) {
    REQUIRE_OK(result);
    REQUIRE_FALSE(result->mistakes.empty());
    return to_error("railhub.toml", result->mistakes).message;
}

} // namespace

TEST_CASE("the nearer file wins, lists add up") {
    Folder folder;
    folder.write(
        "railhub.toml",
        "extends = \"base.toml\"\n[project]\nname = \"near\"\n[policy]\nfail-on = \"conflict\"\n"
        "deny = [\"gpl-3.0\"]\n"
    );
    folder.write(
        "base.toml",
        "[project]\nname = \"far\"\nlicense = \"mit\"\n[use]\ndelivery = \"hosted\"\n[policy]\n"
        "fail-on = \"needs-human\"\ndeny = [\"agpl-3.0\"]\n"
    );
    const Project project = folder.project();
    CHECK(project.name.text == "near");
    CHECK(project.license.text == "mit");
    CHECK(project.license.at.path == "base.toml");
    CHECK(project.use.delivery == compliance::Use::Delivery::Serve);
    REQUIRE(project.policy.deny.size() == 2);
    CHECK(project.policy.deny[0].text == "agpl-3.0");
    REQUIRE(project.policy.switches.size() == 2);
    CHECK(project.policy.switches[1].value == util::Json("conflict"));
    CHECK(project.extended == std::vector<std::string>{"base.toml"});
}

TEST_CASE("policies of a hub are read at their revision") {
    Folder folder;
    folder.write("railhub.toml", "extends = \"hub datasets/acme/policies@v3\"\n");
    folder.hub.texts["datasets/acme/policies@v3:railhub.toml"] = "[policy]\nallow = [\"mit\"]\n";
    CHECK(folder.project(&folder.hub).policy.allow.at(0).text == "mit");
    REQUIRE_ERROR(folder.read(), util::Code::Unavailable);
    folder.hub.texts["datasets/acme/policies@v3:railhub.toml"] = "extends = \"local.toml\"\n";
    REQUIRE_ERROR(folder.read(&folder.hub), util::Code::InvalidInput);
    folder.write("railhub.toml", "extends = \"hub acme/policies@v3:strict.toml\"\n");
    folder.hub.texts["acme/policies@v3:strict.toml"] = "[policy]\nalow = [\"mit\"]\n";
    CHECK(
        message_of(folder.read(&folder.hub))
            .find("hub acme/policies@v3:strict.toml:2:1: project.unknown-key") != std::string::npos
    );
}

TEST_CASE("cycles and long chains end, and mistakes of all files are said at once") {
    Folder folder;
    folder.write("railhub.toml", "extends = \"./a.toml\"\nx = 1\n");
    folder.write("a.toml", "extends = \"railhub.toml\"\ny = 1\n");
    const std::string cycle = message_of(folder.read());
    CHECK(cycle.find("has 3 mistakes") != std::string::npos);
    CHECK(
        cycle.find("a.toml:1:11: project.extends: 'railhub.toml' extends itself") !=
        std::string::npos
    );
    for (int i = 0; i < 12; ++i) {
        folder.write(
            i == 0 ? "railhub.toml" : std::to_string(i) + ".toml",
            "extends = \"" + std::to_string(i + 1) + ".toml\"\n"
        );
    }
    CHECK(message_of(folder.read()).find("more than 8 files") != std::string::npos);
    folder.write("railhub.toml", "extends = \"none.toml\"\n");
    REQUIRE_ERROR(folder.read(), util::Code::NotFound);
}

} // namespace railhub::project
