// SPDX-License-Identifier: Apache-2.0
// Tables from file names and card fields to tags.
#include "core/card/tags.h"

#include "core/card/mentions.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::card {

namespace {

using util::Json;

// How a file name is matched: its whole path, its end, or its beginning (of the last part).
enum class Match : std::uint8_t { Path, Suffix, Prefix };

struct FileMark {
    Match match;
    std::string_view text;
    std::string_view tag;
};

constexpr std::array kModelMarks = {
    FileMark{Match::Suffix, ".safetensors", "safetensors"},
    FileMark{Match::Suffix, ".bin", "pytorch"},
    FileMark{Match::Suffix, ".pt", "pytorch"},
    FileMark{Match::Suffix, ".pth", "pytorch"},
    FileMark{Match::Suffix, ".h5", "tf"},
    FileMark{Match::Suffix, ".msgpack", "jax"},
    FileMark{Match::Suffix, ".gguf", "gguf"},
    FileMark{Match::Suffix, ".onnx", "onnx"},
    FileMark{Match::Suffix, ".tflite", "tflite"},
    FileMark{Match::Suffix, ".mlmodel", "coreml"},
    FileMark{Match::Path, "openvino_model.xml", "openvino"},
    FileMark{Match::Prefix, "events.out.tfevents", "tensorboard"},
};

// The first row that fits names the library; a declared one wins over all.
struct LibraryMark {
    std::string_view file;
    std::string_view library;
    bool needs_weights;
};

constexpr std::array kLibraryMarks = {
    LibraryMark{"model_index.json", "diffusers", false},
    LibraryMark{"adapter_config.json", "peft", false},
    LibraryMark{"modules.json", "sentence-transformers", true},
    LibraryMark{"config_sentence_transformers.json", "sentence-transformers", true},
    LibraryMark{"config.json", "transformers", true},
};

constexpr std::array kFormatMarks = {
    FileMark{Match::Suffix, ".csv", "csv"},
    FileMark{Match::Suffix, ".json", "json"},
    FileMark{Match::Suffix, ".jsonl", "json"},
    FileMark{Match::Suffix, ".parquet", "parquet"},
    FileMark{Match::Suffix, ".arrow", "arrow"},
    FileMark{Match::Suffix, ".txt", "text"},
    FileMark{Match::Suffix, ".tar", "webdataset"},
};

constexpr std::array kModalityMarks = {
    FileMark{Match::Suffix, ".png", "image"},
    FileMark{Match::Suffix, ".jpg", "image"},
    FileMark{Match::Suffix, ".jpeg", "image"},
    FileMark{Match::Suffix, ".webp", "image"},
    FileMark{Match::Suffix, ".wav", "audio"},
    FileMark{Match::Suffix, ".mp3", "audio"},
    FileMark{Match::Suffix, ".flac", "audio"},
    FileMark{Match::Suffix, ".mp4", "video"},
    FileMark{Match::Suffix, ".txt", "text"},
    FileMark{Match::Suffix, ".jsonl", "text"},
};

// Dataset fields whose values become "<field>:<value>".
constexpr std::array<std::string_view, 7> kDatasetFields = {
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "size_categories",
    "source_datasets",
    "task_categories",
    "task_ids",
};

bool matches(const FileMark& mark, std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    switch (mark.match) {
    case Match::Path:
        return path == mark.text;
    case Match::Suffix:
        return name.ends_with(mark.text);
    case Match::Prefix:
        return name.starts_with(mark.text);
    }
    return false;
}

// In the order tags are added, without doubles.
class TagList {
  public:
    void add(std::string tag) {
        if (!tag.empty() && seen_.insert(tag).second) {
            tags_.push_back(std::move(tag));
        }
    }

    void add_all(const std::vector<std::string>& values, std::string_view prefix = {}) {
        for (const std::string& value : values) {
            add(std::string(prefix) + value);
        }
    }

    template <std::size_t N>
    void add_marks(
        const std::array<FileMark, N>& marks,
        std::span<const std::string> files,
        std::string_view prefix
    ) {
        for (const FileMark& mark : marks) {
            if (std::any_of(files.begin(), files.end(), [&mark](const std::string& f) {
                    return matches(mark, f);
                })) {
                add(std::string(prefix) + std::string(mark.tag));
            }
        }
    }

    std::vector<std::string> take() { return std::move(tags_); }

  private:
    std::vector<std::string> tags_;
    std::set<std::string> seen_;
};

bool has_file(std::span<const std::string> files, std::string_view name) {
    return std::find(files.begin(), files.end(), name) != files.end();
}

bool has_weights(std::span<const std::string> files) {
    return std::any_of(files.begin(), files.end(), [](const std::string& file) {
        return std::any_of(kModelMarks.begin(), kModelMarks.end(), [&file](const FileMark& mark) {
            return mark.match == Match::Suffix && matches(mark, file);
        });
    });
}

std::string library_of(const TagInput& input) {
    if (!input.card.library_name.empty() || input.kind != types::RepoKind::Model) {
        return input.card.library_name;
    }
    for (const LibraryMark& mark : kLibraryMarks) {
        if (has_file(input.files, mark.file) && (!mark.needs_weights || has_weights(input.files))) {
            return std::string(mark.library);
        }
    }
    return {};
}

void add_licenses(const Card& card, TagList& tags) {
    tags.add_all(card.licenses, "license:");
}

void add_model_tags(const TagInput& input, const Derived& derived, TagList& tags) {
    const Card& card = input.card;
    tags.add(derived.library_name);
    tags.add_marks(kModelMarks, input.files, "");
    tags.add(std::string(input.model_type));
    tags.add(card.pipeline_tag);
    tags.add_all(card.tags);
    tags.add_all(card.languages);
    tags.add_all(card.datasets, "dataset:");
    tags.add_all(arxiv_ids(card.body), "arxiv:");
    const std::optional<Relation> relation = relation_of(card, input.files);
    for (const std::string& base : card.base_models) {
        tags.add("base_model:" + base);
        tags.add("base_model:" + std::string(relation_word(*relation)) + ":" + base);
    }
    add_licenses(card, tags);
}

void add_dataset_tags(const TagInput& input, TagList& tags) {
    const Card& card = input.card;
    for (const std::string_view field : kDatasetFields) {
        tags.add_all(text_list(card.metadata, field), std::string(field) + ":");
    }
    tags.add_all(card.languages, "language:");
    add_licenses(card, tags);
    tags.add_marks(kFormatMarks, input.files, "format:");
    tags.add_marks(kModalityMarks, input.files, "modality:");
    tags.add("library:datasets");
    tags.add_all(arxiv_ids(card.body), "arxiv:");
    tags.add_all(card.tags);
}

void add_doi_tags(const Card& card, TagList& tags) {
    tags.add_all(text_list(card.metadata, "doi"), "doi:");
    tags.add_all(doi_ids(card.body), "doi:");
}

} // namespace

Derived derive(const TagInput& input) {
    Derived derived;
    derived.pipeline_tag = input.card.pipeline_tag;
    derived.library_name = library_of(input);
    TagList tags;
    if (input.kind == types::RepoKind::Dataset) {
        add_dataset_tags(input, tags);
    } else {
        add_model_tags(input, derived, tags);
    }
    add_doi_tags(input.card, tags);
    if (!input.region.empty()) {
        tags.add("region:" + std::string(input.region));
    }
    derived.tags = tags.take();
    return derived;
}

} // namespace railhub::card
