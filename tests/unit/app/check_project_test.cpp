// SPDX-License-Identifier: Apache-2.0
// The check of a code base, end to end but for the network.
#include "core/app/check_project.h"
#include "core/app/starter_project.h"
#include "core/project/waivers.h"
#include "core/util/digest.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"
#include "tests/unit/app/known_artifacts.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr project::Date kDay{2026, 11, 22};

// A folder with code, and a hub that knows some artifacts.
struct CodeBase {
    tests::TempDir dir;
    tests::TestContext test;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    MapResolver hub;
    project::Date today = kDay;

    void write(const std::string& name, const std::string& text) {
        const std::string path = dir.file(name);
        REQUIRE_OK(fs->make_dirs(util::parent_path(path)));
        REQUIRE_OK(util::write_atomic(*fs, path, util::as_bytes(text)));
    }

    void know(const std::string& id, const std::string& fields, const std::string& text = {}) {
        KnownCard card{std::string(40, '1'), card_text(fields), {}};
        if (!text.empty()) {
            card.files["LICENSE"] = text;
        }
        hub.cards[id] = card;
    }

    ProjectChecked check() {
        const auto project = load_project(test.context(), *fs, dir.path(), nullptr);
        REQUIRE_OK(project);
        ProjectOptions options;
        options.folder = dir.path();
        options.today = today;
        return tests::value(check_project(test.context(), *fs, *project, hub, catalogue(), options)
        );
    }
};

// "rule path:line" of errors and warnings.
std::vector<std::string> seen(const ProjectChecked& checked) {
    std::vector<std::string> out;
    for (const report::Finding& finding : checked.report.findings) {
        if (finding.severity != report::Severity::Note) {
            const report::Location at = finding.location.value_or(report::Location{});
            out.push_back(finding.rule + " " + at.path + ":" + std::to_string(at.line));
        }
    }
    return out;
}

const report::Finding& first(const ProjectChecked& checked, std::string_view rule) {
    const auto& all = checked.report.findings;
    const auto found = std::find_if(all.begin(), all.end(), [rule](const report::Finding& one) {
        return one.rule == rule;
    });
    REQUIRE(found != all.end());
    return *found;
}

using Seen = std::vector<std::string>;

// A file without tensors.
std::string safetensors(const std::string& metadata) {
    const std::string header = "{\"__metadata__\":" + metadata + "}";
    std::string out(8, '\0');
    out[0] = static_cast<char>(header.size());
    return out + header;
}

const std::string kLoads = "from transformers import AutoModel\n"
                           "model = AutoModel.from_pretrained(\"acme/voice\")\n";
const std::string kDeclares =
    "[project]\nname = \"helpdesk\"\nlicense = \"other\"\n[use]\ndelivery = \"hosted\"\n"
    "commercial = true\npurposes = [\"document-search\"]\n";

} // namespace

TEST_CASE("a use in code is judged through its ancestors, with the place and the chain") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.write("railhub.toml", kDeclares);
    code.know("acme/voice", "license: mit\nbase_model: lab/base");
    code.know("lab/base", "license: cc-by-nc-4.0");
    const ProjectChecked checked = code.check();
    const report::Finding& finding = first(checked, "R7");
    CHECK(finding.location == report::Location{"app.py", 2, 35});
    REQUIRE(finding.chain.size() == 3);
    CHECK(finding.chain[0].artifact == "helpdesk");
    CHECK(finding.chain[2].artifact == "lab/base");
    CHECK(finding.waiver.find("artifact = \"lab/base\"") != std::string::npos);
    CHECK(finding.waiver.find("expires = 2027-02-20") != std::string::npos);
    CHECK(checked.report.verdict() == report::Verdict::Conflict);
    REQUIRE(checked.artifacts.size() == 2);
    CHECK(checked.artifacts[0].id == "acme/voice");
    CHECK(checked.artifacts[0].uses.size() == 1);
    CHECK(checked.artifacts[0].revision == std::string(40, '1'));
    CHECK(checked.artifacts[0].card_sha256.size() == 64);
    CHECK(checked.artifacts[1].uses.empty());
    CHECK(checked.lineage.nodes.size() == 3);
}

TEST_CASE("one artifact never hides another, and each is asked for once") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.write(
        "other.py",
        "import spacy\nfrom datasets import load_dataset\n"
        "a = load_dataset(\"acme/texts\")\n"
        "from transformers import pipeline\n"
        "b = pipeline(\"text-generation\", model=\"acme/second\")\n"
        "c = pipeline(\"text-generation\", model=\"acme/voice\")\n"
    );
    code.write("railhub.toml", kDeclares);
    for (const char* id : {"acme/voice", "acme/second"}) {
        code.know(id, "license: cc-by-nc-4.0\nbase_model: lab/base");
    }
    code.know("lab/base", "license: mit");
    code.know("acme/texts", "license: mit");
    const ProjectChecked checked = code.check();
    CHECK(seen(checked) == Seen{"R7 app.py:2", "R7 other.py:5"});
    CHECK(std::count(code.hub.asked.begin(), code.hub.asked.end(), "model lab/base") == 1);
    const auto& artifacts = checked.artifacts;
    const auto voice = std::find_if(artifacts.begin(), artifacts.end(), [](const auto& one) {
        return one.id == "acme/voice";
    });
    REQUIRE(voice != artifacts.end());
    CHECK(voice->uses.size() == 2); // why it is there
}

TEST_CASE("tests and evaluation stay in the house, excluded paths and ignored ids are not looked at"
) {
    CodeBase code;
    code.write(
        "railhub.toml",
        "[project]\nname = \"helpdesk\"\nlicense = \"mit\"\n[scan]\nexclude = [\"old/*\"]\n"
        "ignore = [\"acme/second\", \"acme/gone\"]\n"
    );
    code.write("tests/test_app.py", kLoads);
    code.write("old/app.py", kLoads);
    code.write(
        "app.py",
        "from transformers import AutoModel\n"
        "AutoModel.from_pretrained(\"acme/second\")\n"
    );
    code.know("acme/voice", "license: cc-by-nc-4.0");
    const ProjectChecked checked = code.check();
    CHECK(seen(checked) == Seen{"policy.unused railhub.toml:6"});
    CHECK(checked.artifacts.at(0).uses.size() == 1);
}

TEST_CASE("what discovery cannot see is declared, and its role corrected") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.write(
        "railhub.toml",
        kDeclares + "[[artifacts]]\nid = \"acme/hidden\"\n"
                    "[[artifacts]]\nid = \"acme/voice\"\nrole = \"evaluation\"\n"
    );
    code.know("acme/voice", "license: mit");
    code.know("acme/hidden", "license: cc-by-nc-4.0");
    CHECK(seen(code.check()) == Seen{"R7 railhub.toml:9"});
}

TEST_CASE("weights in the tree are judged by the license their header states") {
    CodeBase code;
    code.write("railhub.toml", kDeclares);
    code.write("app.py", "import onnxruntime\n");
    code.write("weights/voice.safetensors", safetensors(R"({"license":"cc-by-nc-4.0"})"));
    code.write("weights/own.safetensors", safetensors("{}"));
    const ProjectChecked checked = code.check();
    const report::Finding& finding = first(checked, "R7");
    CHECK(finding.location == report::Location{"weights/voice.safetensors", 1, 1});
    CHECK(code.hub.asked.empty());
    REQUIRE(checked.notes.size() == 1);
    CHECK(checked.notes[0].file == "weights/own.safetensors");
    CHECK(checked.report.count(report::Severity::Error) == 1);
}

TEST_CASE("terms of the project count when they are written, clause by clause") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.know("acme/voice", "license: bigscience-bloom-rail-1.0");
    code.write("railhub.toml", kDeclares);
    CHECK(first(code.check(), "R3").missing.size() == 13);
    const std::string attests = kDeclares + "[[attestations]]\npasses-on = [\"bloom-rail-A\"]\n"
                                            "file = \"TERMS.md\"\n";
    code.write("railhub.toml", attests);
    const ProjectChecked no_file = code.check();
    CHECK(first(no_file, "attestation.file").location->line == 10);
    code.write("TERMS.md", "Be kind.\n");
    const ProjectChecked empty = code.check();
    CHECK(first(empty, "attestation.terms").message.find("13 of 13") != std::string::npos);
    CHECK(first(empty, "R3").missing.size() == 13);
    code.write("railhub.toml", attests + "passage = \"Be  rude\"\n");
    CHECK(first(code.check(), "attestation.passage").severity == report::Severity::Error);
    code.write(
        "railhub.toml",
        kDeclares + "[[attestations]]\npasses-on = [\"bloom-rail\"]\nfile = \"TERMS.md\"\n"
    );
    CHECK(
        first(code.check(), "attestation.unknown").message.find("'bloom-rail-A'") !=
        std::string::npos
    );
}

TEST_CASE("clarifications hold for the text that was read") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.know("acme/voice", "license: other", "House terms: do as you like.\n");
    code.write("railhub.toml", kDeclares);
    CHECK(first(code.check(), "R1").severity == report::Severity::Warning);
    const std::string hash = util::sha256(util::as_bytes("House terms: do as you like.\n")).hex();
    const auto clarified = [&](const std::string& sha) {
        return kDeclares +
               "[[policy.clarifications]]\nartifact = \"acme/voice\"\n"
               "license = \"mit\"\nsha256 = \"" +
               sha + "\"\n";
    };
    code.write("railhub.toml", clarified(hash));
    CHECK(seen(code.check()) == Seen{});
    code.write("railhub.toml", clarified(std::string(64, '0')));
    CHECK(seen(code.check()) == Seen{"policy.clarification-stale railhub.toml:9", "R1 app.py:2"});
}

TEST_CASE("a waiver holds until its day, for its revision and text") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.know("acme/voice", "license: cc-by-nc-4.0");
    code.write("railhub.toml", kDeclares);
    const std::string stub = first(code.check(), "R7").waiver;
    code.write("railhub.toml", kDeclares + stub + "\n");
    const ProjectChecked waived = code.check();
    CHECK(seen(waived) == Seen{});
    CHECK(waived.report.waived.size() == 1);
    code.today = {2027, 2, 21};
    CHECK(seen(code.check()) == Seen{"R7 app.py:2", "waiver.expired railhub.toml:8"});
    code.today = kDay;
    code.hub.cards["acme/voice"].revision = std::string(40, '2');
    CHECK(seen(code.check()) == Seen{"R7 app.py:2", "waiver.stale railhub.toml:8"});
}

TEST_CASE("severities of the policy win, off is off") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.know("acme/voice", "license: cc-by-nc-4.0");
    code.write("railhub.toml", kDeclares + "[policy.severity]\n\"R7\" = \"warning\"\n");
    CHECK(code.check().report.verdict() == report::Verdict::NeedsHuman);
    code.write("railhub.toml", kDeclares + "[policy.severity]\n\"R7\" = \"off\"\n");
    CHECK(seen(code.check()) == Seen{});
}

TEST_CASE("a purpose under a clause of a base is an error at the line that loads it") {
    CodeBase code;
    code.write("app.py", kLoads);
    code.know("acme/voice", "license: mit\nbase_model: lab/base");
    code.know("lab/base", "license: creativeml-openrail-m");
    code.write(
        "railhub.toml",
        "[project]\nname = \"x\"\nlicense = \"mit\"\n[use]\ndelivery = \"internal\"\n"
        "purposes = [\"medical-advice\"]\n"
    );
    CHECK(first(code.check(), "use.forbidden").location == report::Location{"app.py", 2, 35});
    code.write(
        "railhub.toml",
        "[project]\nname = \"x\"\nlicense = \"mit\"\n[use]\ndelivery = \"internal\"\n"
    );
    CHECK(first(code.check(), "use.not-stated").severity == report::Severity::Warning);
}

TEST_CASE("two bases of one model meet the rule on merges, in code and upstream") {
    CodeBase code;
    code.write(
        "train.py",
        "from transformers import VisionEncoderDecoderModel\n"
        "m = VisionEncoderDecoderModel.from_encoder_decoder_pretrained(\n"
        "    \"acme/eye\", \"acme/word\")\n"
    );
    code.know("acme/eye", "license: mistral-research-0.1");
    code.know("acme/word", "license: flux-1-dev-nc");
    code.write("railhub.toml", "[project]\nname = \"x\"\nlicense = \"other\"\n");
    CHECK(first(code.check(), "R16").location->path == "train.py");
    code.write("train.py", kLoads);
    code.know("acme/voice", "license: other\nbase_model:\n- acme/eye\n- acme/word");
    const report::Finding merge = first(code.check(), "R16");
    CHECK(merge.chain.size() == 3);
    CHECK(merge.chain[1].artifact == "acme/voice");
}

TEST_CASE("an n-gram decoder has a lineage of its own, a sentiment pipeline its default model") {
    CodeBase code;
    code.write(
        "app.py",
        "from transformers import Wav2Vec2ProcessorWithLM, pipeline\n"
        "p = Wav2Vec2ProcessorWithLM.from_pretrained(\"acme/ears\")\n"
        "s = pipeline(\"sentiment-analysis\")\n"
    );
    code.know("acme/ears", "license: mit\nbase_model: lab/base\ndatasets: [acme/texts]");
    code.know("lab/base", "license: mit");
    code.know("acme/texts", "license: mit");
    code.write("railhub.toml", kDeclares);
    const ProjectChecked checked = code.check();
    Seen ids;
    for (const ProjectArtifact& artifact : checked.artifacts) {
        if (!artifact.uses.empty()) {
            ids.push_back(artifact.id);
        }
    }
    CHECK(
        ids ==
        Seen{
            "acme/ears",
            "acme/ears (n-gram language model)",
            "distilbert/distilbert-base-uncased-finetuned-sst-2-english"}
    );
    CHECK(first(checked, "artifact.component").location->line == 2);
}

TEST_CASE("without a railhub.toml the license of the project is a question") {
    CodeBase code;
    code.write(
        "compose.yaml",
        "services:\n  llm:\n    image: vllm/vllm-openai\n"
        "    command: --model acme/voice\n"
    );
    code.know("acme/voice", "license: mit");
    CHECK(tests::value(is_project(code.test.context(), *code.fs, code.dir.path())));
    const ProjectChecked checked = code.check();
    CHECK(checked.artifacts.size() == 1);
    CHECK(first(checked, "R1").severity == report::Severity::Warning);
    CHECK(checked.report.verdict() == report::Verdict::NeedsHuman);
}

TEST_CASE("folders with code are projects, models are not") {
    CodeBase code;
    const auto is_one = [&] {
        return tests::value(is_project(code.test.context(), *code.fs, code.dir.path()));
    };
    CHECK_FALSE(is_one());
    code.write("app.py", "");
    CHECK(is_one());
    code.write("README.md", card_text("license: mit"));
    CHECK_FALSE(is_one());
    code.write("README.md", "# Words\n");
    CHECK(is_one());
    code.write("model.safetensors", "");
    CHECK_FALSE(is_one());
    code.write("railhub.toml", "");
    CHECK(is_one());
}

TEST_CASE("a starter file reads without mistakes and names what was found") {
    CodeBase code;
    code.write("app.py", kLoads);
    ProjectOptions options;
    options.folder = code.dir.path();
    const std::string text = tests::value(
        starter_project(code.test.context(), *code.fs, catalogue(), "my \"app\"", options)
    );
    const project::Reading reading = project::read_project(text, "railhub.toml");
    CHECK(reading.mistakes.empty());
    CHECK(reading.project.name.text == "my \"app\"");
    CHECK(text.find("#   model acme/voice, runtime, app.py:2\n") != std::string::npos);
}

} // namespace railhub::app
