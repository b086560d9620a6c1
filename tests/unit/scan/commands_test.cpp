// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/commands.
#include "core/scan/commands.h"
#include "tests/support/catch.h"

namespace railhub::scan {

namespace {

std::string words_in(std::string_view text) {
    std::string out;
    for (const CommandWord& word : split_command(text, Place{})) {
        out += word.is_end ? ";" : '<' + word.text + '>';
    }
    return out;
}

std::string used_by(std::string_view text) {
    Collector collector(builtin_tables(), [](const std::string&, const std::string&) {
        return false;
    });
    const PlaceOf place_of = [](std::size_t offset) {
        return Place{"x", 0, 1, static_cast<std::uint32_t>(offset)};
    };
    read_command_words(builtin_tables(), split_command(text, place_of), Part::Product, collector);
    std::string out;
    for (const Use& use : collector.take()) {
        out += use.id + (use.revision.empty() ? "" : '@' + use.revision) + ' ';
    }
    return out;
}

} // namespace

TEST_CASE("commands are split as a shell would") {
    CHECK(words_in("a 'b c' \"d\\e\" f\\ g # h\ni && j") == "<a><b c><d\\e><f g>;<i>;;<j>");
    CHECK(words_in("a \\\n  b ${C:-d/e} $F") == "<a><b><d/e><$F>");
    CHECK(words_in("it's") == "<its>");
}

TEST_CASE("programs and flags name models") {
    CHECK(used_by("CUDA_VISIBLE_DEVICES=0 vllm serve a1/b1 --port 80") == "a1/b1 ");
    CHECK(used_by("sudo huggingface-cli download a1/b1 x.bin --revision v2") == "a1/b1@v2 ");
    CHECK(used_by("models=(a1/b1 'c1/d1'\n e1/f1)\nx=(g1/h1) models=()") == "a1/b1 c1/d1 e1/f1 ");
    CHECK(used_by("M=a1/b1\nvllm serve $M; vllm serve c1/d1") == "a1/b1 c1/d1 ");
    CHECK(
        used_by("python train.py --model_name_or_path=gpt2 --output_dir a1/b1") ==
        "openai-community/gpt2 "
    );
    CHECK(used_by("lm_eval --model hf --model_args pretrained=a1/b1,dtype=float16") == "a1/b1 ");
    CHECK(used_by("docker run -e MODEL_ID=a1/b1 ghcr.io/x/y:1") == "a1/b1 ");
    CHECK(
        used_by("x.py --lora_weights 'a1/b1' --vision-tower c1/d1 --log_dir e1/f1") ==
        "a1/b1 c1/d1 "
    );
    CHECK(used_by("x.py --hub_model_id a1/b1 --output_model c1/d1").empty());
    CHECK(used_by("wget -O m https://huggingface.co/a1/b1/resolve/v2/m.gguf") == "a1/b1@v2 ");
    CHECK(used_by("open https://huggingface.co/a1/b1").empty());
    CHECK(used_by("curl -L https://x/a1/b1 -o c1/d1").empty());
    CHECK(used_by("tar xf a1/b1 --model ./here").empty());
}

TEST_CASE("requirements name spaCy's pipelines") {
    Collector collector(builtin_tables(), [](const std::string&, const std::string&) {
        return false;
    });
    read_requirements(
        "spacy\nen-core-web-sm==3.7.0\n# fr_core_news_sm\nx @ "
        "https://github.com/explosion/spacy-models/releases/download/de_core_news_md-3.6.0/"
        "de_core_news_md-3.6.0.tar.gz\n",
        [](std::size_t offset) {
            return Place{"r", 0, 1, static_cast<std::uint32_t>(offset)};
        },
        Part::Product,
        collector
    );
    const auto uses = collector.take();
    REQUIRE(uses.size() == 2);
    CHECK(uses[0].id == "spacy/en_core_web_sm");
    CHECK(uses[0].revision == "3.7.0");
    CHECK(uses[1].id == "spacy/de_core_news_md");
    CHECK(uses[1].is_pinned);
}

} // namespace railhub::scan
