// SPDX-License-Identifier: Apache-2.0
// railhub.toml -> Project: every mistake has its code, place and hint.
#include "core/project/read.h"
#include "tests/support/catch.h"

namespace railhub::project {

namespace {

Reading read(const std::string& text) {
    return read_project(text, "railhub.toml");
}

// "code line:column message; hint" of each mistake.
std::vector<std::string> said(const std::string& text) {
    std::vector<std::string> lines;
    for (const Mistake& mistake : read(text).mistakes) {
        lines.push_back(
            mistake.code + " " + std::to_string(mistake.at.line) + ":" +
            std::to_string(mistake.at.column) + " " + mistake.message +
            (mistake.hint.empty() ? "" : "; " + mistake.hint)
        );
    }
    return lines;
}

using Lines = std::vector<std::string>;

const std::string kWhole = R"(
[project]
name = "helpdesk"
license = "Apache-2.0 OR MIT"

[use]
delivery = "hosted"
commercial = true
mau-now = 20000
territory = ["DE", "EU"]
purposes = ["customer-support"]
audience = ["anyone"]

[scan]
exclude = ["legacy/*"]
skip = ["tests"]

[[artifacts]]
id = "acme/voice"
role = "training"

[[attestations]]
passes-on = ["openrail-m-A"]
file = "TERMS.md"

[policy]
allow = ["family:permissive"]
nc-data-into-model = "conflict"
[policy.severity]
"R14" = "error"
"R20" = "off"
[[policy.exceptions]]
artifact = "acme/voice"
allow = ["cc-by-nc-4.0"]
reason = "by contract"

[[waivers]]
finding = "R7"
artifact = "acme/voice"
revision = "unknown"
license-sha256 = "none"
owner = "Legal"
reason = "by contract"
expires = 2027-01-31
)";

} // namespace

TEST_CASE("a whole file reads as it stands, with places") {
    const Reading reading = read(kWhole);
    CHECK(said(kWhole) == Lines{});
    const Project& project = reading.project;
    CHECK(project.is_stated);
    CHECK(project.name == Word{"helpdesk", {"railhub.toml", 3, 8}});
    CHECK(project.use.delivery == compliance::Use::Delivery::Serve);
    REQUIRE(project.use.facts.size() == 2);
    CHECK(project.use.facts[1].name == "mau-now");
    CHECK(project.use.territories[1] == Word{"EU", {"railhub.toml", 10, 20}});
    CHECK(project.artifacts[0].role.text == "training");
    CHECK(project.attestations[0].passes_on[0].text == "openrail-m-A");
    CHECK(project.policy.switches[0].name == "nc-data-into-model");
    REQUIRE(project.policy.severities.size() == 2);
    CHECK(project.policy.severities[0].severity == report::Severity::Error);
    CHECK_FALSE(project.policy.severities[1].severity.has_value());
    CHECK(project.policy.exceptions[0].reason == "by contract");
    CHECK(project.waivers[0].expires == Date{2027, 1, 31});
    CHECK(project.waivers[0].at.line == 37);
    CHECK(read("").mistakes.empty());
}

TEST_CASE("a text that is no TOML is one mistake with its place") {
    const auto broken = read("[project]\nname = = \"x\"\n").mistakes;
    REQUIRE(broken.size() == 1);
    CHECK(broken[0].code == "project.syntax");
    CHECK(broken[0].at.line == 2);
    CHECK(read("a = \"\xFF\"").mistakes.at(0).code == "project.syntax");
    CHECK(read("a = 1\na = 2\n").mistakes.at(0).at.line == 2);
}

TEST_CASE("files without measure are refused before they cost anything") {
    CHECK(read(std::string((1U << 20) + 1, ' ')).mistakes.at(0).code == "project.too-large");
    std::string dotted = "a";
    for (int i = 0; i < 100'000; ++i) {
        dotted += ".a";
    }
    CHECK(read(dotted + " = 1").mistakes.at(0).code == "project.too-large");
    CHECK(
        read("x = " + std::string(2'000, '[') + std::string(2'000, ']')).mistakes.at(0).code ==
        "project.too-large"
    );
    // Dots in texts are no levels.
    CHECK(said("[project]\nname = \"" + std::string(200, '.') + "\"\n") == Lines{});
}

TEST_CASE("unknown keys name the nearest one, or where they belong") {
    CHECK(
        said("[project]\nlicence = \"mit\"\n") ==
        Lines{"project.unknown-key 2:1 unknown key 'licence' in [project]; did you mean 'license'?"}
    );
    CHECK(
        said("purposes = [\"translation\"]\n") ==
        Lines{"project.unknown-key 1:1 unknown key 'purposes' in the file; 'purposes' belongs in "
              "[use]"}
    );
    CHECK(
        said("[use]\nmau_now = 3\n") ==
        Lines{"project.unknown-key 2:1 unknown key 'mau_now' in [use]; did you mean 'mau-now'?"}
    );
    CHECK(
        said("[waiver]\n") ==
        Lines{"project.unknown-key 1:2 unknown key 'waiver' in the file; did you mean 'waivers'?"}
    );
}

TEST_CASE("wrong kinds and values say what fits") {
    CHECK(
        said("[use]\npurposes = \"translation\"\n") ==
        Lines{"project.wrong-kind 2:12 'purposes' is list of texts, not a text; write it as "
              "[\"...\", \"...\"]"}
    );
    CHECK(
        said("[use]\ndelivery = \"hostd\"\n") ==
        Lines{"project.bad-value 2:12 'delivery' cannot be 'hostd'; did you mean 'hosted'?"}
    );
    CHECK(
        said("[use]\npurposes = [\"translations\"]\naudience = [\"kids\"]\n") ==
        Lines{
            "project.bad-value 2:13 'translations' is not in the table of purposes; did you mean "
            "'translation'?",
            "project.bad-value 3:13 'kids' is not in the table of audience; docs/project-file.md "
            "lists them"}
    );
    CHECK(
        said("[use]\nmau-now = \"many\"\nterritory = \"Germany\"\n") ==
        Lines{
            "project.bad-value 2:11 'mau-now' has an unfit value; it is number",
            "project.bad-value 3:13 territory 'Germany' is no territory; write an ISO 3166 code "
            "such as DE, or EU"}
    );
    CHECK(said("[policy]\nnc-data-into-model = \"never\"\n").size() == 1);
    CHECK(
        said("[policy.severity]\n\"R99\" = \"off\"\n\"R7\" = \"fatal\"\n") ==
        Lines{
            "project.bad-value 2:1 'R99' is no code of a finding; did you mean 'R9'?",
            "project.bad-value 3:8 severity of 'R7' is none; it is one of: off, note, warning, "
            "error"}
    );
    CHECK(said("[project]\nname = \" \"\nlicense = \"mit AND\"\n").size() == 2);
}

TEST_CASE("waivers are complete, or they are none") {
    CHECK(
        said("[[waivers]]\nartifact = \"acme/voice\"\nexpires = \"tomorrow\"\n") ==
        Lines{
            "project.missing-key 1:1 [[waivers]] has no 'owner'; write it in quotes: \"...\"",
            "project.missing-key 1:1 [[waivers]] has no 'reason'; write it in quotes: \"...\"",
            "project.missing-key 1:1 [[waivers]] has neither 'finding' nor 'fingerprint'; paste "
            "the stub that the report gives for the finding",
            "project.missing-key 1:1 [[waivers]] of 'acme/voice' is tied to no 'revision' and "
            "'license-sha256'; paste the stub that the report gives for the finding: a waiver "
            "holds for the text that was read, and for no other",
            "project.wrong-kind 3:11 'expires' is date, not a text; write it as 2027-01-31"}
    );
    const std::string same = "[[waivers]]\nfinding = \"R7\"\nartifact = \".\"\nowner = \"a\"\n"
                             "reason = \"b\"\nexpires = 2027-01-31\n";
    CHECK(said(same) == Lines{});
    CHECK(said(same + same).size() == 1);
    CHECK(
        said("[[waivers]]\nfinding = \"R7\"\nfingerprint = \"12\"\nartifact = \".\"\nowner = "
             "\"a\"\nreason = \"b\"\nexpires = 2027-01-31\n")
            .size() == 1
    );
}

TEST_CASE("attestations say something, and name a file of the project") {
    CHECK(said("[[attestations]]\nsigned-by = \"a\"\n").size() == 1);
    CHECK(said("[[attestations]]\npasses-on = [\"openrail-m-A\"]\n").size() == 1);
    CHECK(said("[[attestations]]\nkeeps = [\"medical.advice\"]\n").size() == 1);
    CHECK(said("[[attestations]]\ncarries = [\"source\"]\nfile = \"../x\"\n").size() == 1);
    CHECK(
        said("[[attestations]]\nkeeps = [\"medical.advice\"]\nsigned-by = \"a\"\ndate = "
             "2026-01-01\n") == Lines{}
    );
}

TEST_CASE("mistakes become one error with a line for each") {
    const auto mistakes = read("a = 1\n[project]\nb = 2\n").mistakes;
    REQUIRE(mistakes.size() == 2);
    const util::Error error = to_error("x/railhub.toml", mistakes);
    CHECK(error.code == util::Code::InvalidInput);
    CHECK(error.message.starts_with("'x/railhub.toml' has 2 mistakes\n  railhub.toml:1:1: "));
    CHECK(error.hint.find("railhub explain project.unknown-key") != std::string::npos);
}

} // namespace railhub::project
