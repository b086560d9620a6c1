// SPDX-License-Identifier: Apache-2.0
// Words of the lineage, as cards, files and reports write them.
#include "core/compliance/lineage.h"

#include <array>

namespace railhub::compliance {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> kKindWords = {"model", "dataset", "code", "service"};
constexpr std::array<std::string_view, 7> kRoleWords = {
    "base-model", "adapter-base", "merge-source", "teacher", "dataset", "code", "component"};
constexpr std::array<std::string_view, 11> kActivityWords = {
    "finetune",
    "adapter",
    "quantize",
    "merge",
    "distil",
    "train",
    "embed",
    "serve",
    "convert",
    "copy",
    "generate"};
constexpr std::array<std::string_view, 4> kBasisWords = {
    "override", "declared", "detected", "inherited"};
constexpr std::array<std::string_view, 5> kResolutionWords = {
    "resolved", "absent", "unreachable", "unreadable", "too-deep"};

struct ModalityRow {
    std::string_view word;
    Node::Modality modality;
};

// Multimodal: text with something else, taken or given. Other: no language model.
constexpr std::array kModalities = {
    ModalityRow{"any-to-any", Node::Modality::Multimodal},
    ModalityRow{"audio", Node::Modality::Other},
    ModalityRow{"audio-classification", Node::Modality::Other},
    ModalityRow{"audio-text-to-text", Node::Modality::Multimodal},
    ModalityRow{"audio-to-audio", Node::Modality::Other},
    ModalityRow{"automatic-speech-recognition", Node::Modality::Other},
    ModalityRow{"code", Node::Modality::Text},
    ModalityRow{"conversational", Node::Modality::Text},
    ModalityRow{"depth-estimation", Node::Modality::Other},
    ModalityRow{"document-question-answering", Node::Modality::Multimodal},
    ModalityRow{"fill-mask", Node::Modality::Text},
    ModalityRow{"image", Node::Modality::Other},
    ModalityRow{"image-classification", Node::Modality::Other},
    ModalityRow{"image-segmentation", Node::Modality::Other},
    ModalityRow{"image-text", Node::Modality::Multimodal},
    ModalityRow{"image-text-to-text", Node::Modality::Multimodal},
    ModalityRow{"image-text-to-video", Node::Modality::Other},
    ModalityRow{"image-to-image", Node::Modality::Other},
    ModalityRow{"image-to-text", Node::Modality::Multimodal},
    ModalityRow{"image-to-video", Node::Modality::Other},
    ModalityRow{"mask-generation", Node::Modality::Other},
    ModalityRow{"multimodal", Node::Modality::Multimodal},
    ModalityRow{"object-detection", Node::Modality::Other},
    ModalityRow{"question-answering", Node::Modality::Text},
    ModalityRow{"reinforcement-learning", Node::Modality::Other},
    ModalityRow{"robotics", Node::Modality::Other},
    ModalityRow{"speech", Node::Modality::Other},
    ModalityRow{"summarization", Node::Modality::Text},
    ModalityRow{"tabular-classification", Node::Modality::Other},
    ModalityRow{"tabular-regression", Node::Modality::Other},
    ModalityRow{"text", Node::Modality::Text},
    ModalityRow{"text-classification", Node::Modality::Text},
    ModalityRow{"text-generation", Node::Modality::Text},
    ModalityRow{"text-image", Node::Modality::Multimodal},
    ModalityRow{"text-only", Node::Modality::Text},
    ModalityRow{"text-to-audio", Node::Modality::Other},
    ModalityRow{"text-to-image", Node::Modality::Other},
    ModalityRow{"text-to-speech", Node::Modality::Other},
    ModalityRow{"text-to-video", Node::Modality::Other},
    ModalityRow{"text2text-generation", Node::Modality::Text},
    ModalityRow{"time-series-forecasting", Node::Modality::Other},
    ModalityRow{"token-classification", Node::Modality::Text},
    ModalityRow{"translation", Node::Modality::Text},
    ModalityRow{"unconditional-image-generation", Node::Modality::Other},
    ModalityRow{"video", Node::Modality::Other},
    ModalityRow{"video-text-to-text", Node::Modality::Multimodal},
    ModalityRow{"vision", Node::Modality::Multimodal},
    ModalityRow{"vision-language", Node::Modality::Multimodal},
    ModalityRow{"visual-question-answering", Node::Modality::Multimodal},
    ModalityRow{"voice-activity-detection", Node::Modality::Other},
    ModalityRow{"zero-shot-classification", Node::Modality::Text},
};

template <class Enum, std::size_t N>
std::optional<Enum> enum_of(const std::array<std::string_view, N>& words, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == word) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view kind_word(ArtifactKind kind) {
    return kKindWords.at(static_cast<std::size_t>(kind));
}

std::string_view role_word(Role role) {
    return kRoleWords.at(static_cast<std::size_t>(role));
}

std::string_view activity_word(Activity activity) {
    return kActivityWords.at(static_cast<std::size_t>(activity));
}

std::string_view basis_word(Basis basis) {
    return kBasisWords.at(static_cast<std::size_t>(basis));
}

std::string_view resolution_word(Resolution resolution) {
    return kResolutionWords.at(static_cast<std::size_t>(resolution));
}

std::optional<Role> parse_role(std::string_view word) {
    return enum_of<Role>(kRoleWords, word);
}

std::optional<Activity> parse_activity(std::string_view word) {
    return enum_of<Activity>(kActivityWords, word);
}

std::optional<Basis> parse_basis(std::string_view word) {
    return enum_of<Basis>(kBasisWords, word);
}

std::optional<Node::Modality> parse_modality(std::string_view word) {
    for (const ModalityRow& row : kModalities) {
        if (row.word == word) {
            return row.modality;
        }
    }
    return std::nullopt;
}

} // namespace railhub::compliance
