// SPDX-License-Identifier: Apache-2.0
// Tables from architectures and file names to what lists show, and the reading of the files they
// need.
#include "core/app/summary.h"

#include "core/app/repository_source.h"
#include "core/card/card.h"
#include "core/card/tags.h"
#include "core/origin/safetensors.h"

#include <algorithm>
#include <array>

namespace railhub::app {

namespace {

constexpr std::uint64_t kMaxCard = std::uint64_t{4} << 20;
constexpr std::uint64_t kMaxConfig = std::uint64_t{1} << 20;
constexpr std::size_t kMaxShards = 512;

// Parts of config.json that hubs show.
constexpr std::array<std::string_view, 4> kConfigKeys = {
    "architectures", "model_type", "quantization_config", "auto_map"};

// What the last words of an architecture's name say, first match wins.
struct AutoModel {
    std::string_view ending;
    std::string_view auto_model;
    std::string_view pipeline_tag;
};

constexpr std::array<AutoModel, 14> kAutoModels = {{
    {"ForCausalLM", "AutoModelForCausalLM", "text-generation"},
    {"LMHeadModel", "AutoModelForCausalLM", "text-generation"},
    {"ForMaskedLM", "AutoModelForMaskedLM", "fill-mask"},
    {"ForSequenceClassification", "AutoModelForSequenceClassification", "text-classification"},
    {"ForTokenClassification", "AutoModelForTokenClassification", "token-classification"},
    {"ForQuestionAnswering", "AutoModelForQuestionAnswering", "question-answering"},
    {"ForSpeechSeq2Seq", "AutoModelForSpeechSeq2Seq", "automatic-speech-recognition"},
    {"ForCTC", "AutoModelForCTC", "automatic-speech-recognition"},
    {"ForImageClassification", "AutoModelForImageClassification", "image-classification"},
    {"ForObjectDetection", "AutoModelForObjectDetection", "object-detection"},
    {"ForSemanticSegmentation", "AutoModelForSemanticSegmentation", "image-segmentation"},
    {"ForAudioClassification", "AutoModelForAudioClassification", "audio-classification"},
    {"ForConditionalGeneration", "AutoModelForSeq2SeqLM", "text2text-generation"},
    {"Model", "AutoModel", "feature-extraction"},
}};

util::Result<util::Json>
small_json(repo::Repository& repository, const types::Oid& commit, std::string_view path) {
    const auto text = repository.text(commit, path, kMaxConfig);
    if (!text.ok()) {
        return text.error().code == util::Code::TooLarge ? util::Result<util::Json>(util::Json())
                                                         : util::Result<util::Json>(text.error());
    }
    if (!*text) {
        return util::Json();
    }
    auto parsed = util::parse_json(**text);
    return parsed.ok() && parsed->is_object() ? std::move(parsed).value() : util::Json();
}

util::Json shown_config(const util::Json& config) {
    if (config.is_null()) {
        return {};
    }
    auto shown = util::Json::object();
    for (const std::string_view key : kConfigKeys) {
        if (const util::Json* value = config.find(key)) {
            shown.set(key, *value);
        }
    }
    return shown;
}

bool has_file(const std::vector<std::string>& paths, std::string_view path) {
    return std::binary_search(paths.begin(), paths.end(), path);
}

util::Json transformers_info(const util::Json& config, const std::vector<std::string>& paths) {
    const util::Json* architectures = config.find("architectures");
    const util::JsonArray* list = architectures != nullptr ? architectures->as_array() : nullptr;
    const std::string* name =
        list != nullptr && !list->empty() ? list->front().as_string() : nullptr;
    if (name == nullptr) {
        return {};
    }
    for (const AutoModel& row : kAutoModels) {
        if (name->ends_with(row.ending)) {
            auto info = util::Json::object(
                {{"auto_model", row.auto_model}, {"pipeline_tag", row.pipeline_tag}}
            );
            if (has_file(paths, "tokenizer.json") || has_file(paths, "tokenizer_config.json")) {
                info.set("processor", "AutoTokenizer");
            }
            return info;
        }
    }
    return {};
}

// Reads at an offset of a file that is inline or behind a reader.
origin::ReadAt read_from(const repo::Content& content) {
    return [&content](
               std::uint64_t offset, std::span<std::uint8_t> into
           ) -> util::Result<std::size_t> {
        if (content.reader) {
            return content.reader->read_at(offset, into);
        }
        if (offset >= content.bytes.size()) {
            return std::size_t{0};
        }
        const std::size_t count = std::min<std::size_t>(into.size(), content.bytes.size() - offset);
        std::copy_n(
            content.bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin()
        );
        return count;
    };
}

// Root files only: the single file or the shards of one model. Null when one cannot be read.
util::Result<util::Json> count_safetensors(
    const util::Context& ctx,
    repo::Repository& repository,
    const types::Oid& commit,
    const std::vector<std::string>& paths
) {
    origin::ParameterCount sum;
    std::size_t shards = 0;
    for (const std::string& path : paths) {
        const bool is_weight = path.ends_with(".safetensors") &&
                               path.find('/') == std::string::npos && !path.starts_with("adapter_");
        const auto parsed = types::RepoPath::parse(path);
        if (!is_weight || !parsed.ok()) {
            continue;
        }
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const auto file, repository.entry(commit, *parsed));
        if (!file || ++shards > kMaxShards) {
            return util::Json();
        }
        const auto content = repository.content(*file);
        if (!content.ok()) {
            return util::Json();
        }
        const auto count = origin::count_parameters(read_from(*content), content->size);
        if (!count.ok()) {
            return util::Json();
        }
        sum.add(*count);
    }
    return shards == 0 ? util::Json() : sum.to_json();
}

util::Result<std::vector<std::string>>
list_paths(const util::Context& ctx, repo::Repository& repository, const types::Oid& commit) {
    RAILHUB_TRY(auto files, all_files(ctx, repository, commit, repo::ListOptions::Detail::Names));
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (repo::TreeEntry& file : files) {
        paths.push_back(std::move(file.path));
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

util::Result<card::Card> read_card(repo::Repository& repository, const types::Oid& commit) {
    auto readme = repository.text(commit, "README.md", kMaxCard);
    if (!readme.ok() && readme.error().code != util::Code::TooLarge) {
        return readme.error();
    }
    if (!readme.ok() || !*readme) {
        return card::Card{};
    }
    auto parsed = card::parse(**readme);
    return parsed.ok() ? std::move(parsed).value() : card::Card{};
}

} // namespace

util::Result<Summary>
summarize(const util::Context& ctx, repo::Repository& repository, const types::Oid& commit) {
    RAILHUB_TRY(const auto paths, list_paths(ctx, repository, commit));
    RAILHUB_TRY(const card::Card card, read_card(repository, commit));
    const types::RepoKind kind = repository.record().id.kind;
    Summary summary;
    util::Json config;
    if (kind == types::RepoKind::Model) {
        RAILHUB_TRY(config, small_json(repository, commit, "config.json"));
        summary.config = shown_config(config);
        summary.transformers_info = transformers_info(config, paths);
        RAILHUB_TRY(summary.safetensors, count_safetensors(ctx, repository, commit, paths));
    }
    const std::string model_type = config.text("model_type");
    const card::Derived derived =
        card::derive({.kind = kind, .card = card, .files = paths, .model_type = model_type});
    summary.tags = derived.tags;
    summary.card = card.metadata;
    summary.pipeline_tag = derived.pipeline_tag;
    summary.library_name = derived.library_name;
    return summary;
}

util::Result<> store_summary(
    db::Transaction& tx, std::int64_t repo_row, const types::Oid& head, const Summary& summary
) {
    auto facts = util::Json::object(
        {{"pipeline_tag", summary.pipeline_tag},
         {"library_name", summary.library_name},
         {"config", summary.config},
         {"transformersInfo", summary.transformers_info},
         {"safetensors", summary.safetensors}}
    );
    RAILHUB_TRY(
        auto upsert,
        tx.prepare("INSERT INTO repo_summary (repo, head, facts) VALUES (?, ?, ?) "
                   "ON CONFLICT (repo) DO UPDATE SET head = excluded.head, facts = excluded.facts")
    );
    RAILHUB_TRY(upsert.bind(repo_row, head.hex(), facts.dump()).run());
    return {};
}

util::Result<std::optional<Summary>>
stored_summary(db::Transaction& tx, const repo::RepoRecord& record) {
    RAILHUB_TRY(auto row, tx.prepare("SELECT facts FROM repo_summary WHERE repo = ? AND head = ?"));
    RAILHUB_TRY(const bool found, row.bind(record.row, record.head).step());
    if (!found) {
        return std::optional<Summary>{};
    }
    RAILHUB_TRY(const util::Json facts, util::parse_json(row.text(0)));
    const auto member = [&](std::string_view key) {
        const util::Json* value = facts.find(key);
        return value != nullptr ? *value : util::Json();
    };
    Summary summary;
    summary.tags = record.tags;
    summary.card = record.card;
    summary.pipeline_tag = facts.text("pipeline_tag");
    summary.library_name = facts.text("library_name");
    summary.config = member("config");
    summary.transformers_info = member("transformersInfo");
    summary.safetensors = member("safetensors");
    return std::optional(std::move(summary));
}

} // namespace railhub::app
