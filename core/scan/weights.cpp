// SPDX-License-Identifier: Apache-2.0
#include "core/scan/weights.h"

#include "core/origin/gguf.h"
#include "core/origin/onnx.h"
#include "core/origin/read.h"
#include "core/scan/unit.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::scan {

namespace {

// Entries of general.* stand before the vocabulary.
constexpr std::uint64_t kMaxGgufHeader = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxTensorHeader = std::uint64_t{1} << 20;

origin::ReadAt reader_of(util::File& file) {
    return [&file](std::uint64_t offset, std::span<std::uint8_t> into) {
        return file.read_at(offset, into);
    };
}

util::Result<origin::Facts> read_header(util::File& file, const WeightsFile& about) {
    origin::Facts facts;
    if (about.format == "gguf") {
        origin::GgufLimits limits;
        limits.max_bytes = kMaxGgufHeader;
        RAILHUB_TRY(const auto metadata, origin::read_gguf(reader_of(file), limits));
        origin::read_gguf_facts(facts, metadata, "weights");
        return facts;
    }
    if (about.format == "onnx") {
        RAILHUB_TRY(const auto texts, origin::read_onnx_texts(reader_of(file), about.size));
        origin::read_safetensors_facts(facts, texts, "weights");
        return facts;
    }
    auto texts = origin::read_safetensors_texts(reader_of(file), kMaxTensorHeader);
    if (!texts.ok() && texts.error().code == util::Code::TooLarge) {
        return facts; // a header of many tensors; texts would stand first
    }
    RAILHUB_TRY(texts);
    origin::read_safetensors_facts(facts, *texts, "weights");
    return facts;
}

Sighting sighting_of(const origin::UpstreamFact& fact, const WeightsFile& file) {
    Sighting out;
    out.place = {file.file, 0, 1, 1};
    out.text = fact.to.id;
    out.kind =
        fact.to.kind == types::RepoKind::Dataset ? ArtifactKind::Dataset : ArtifactKind::Model;
    out.catalogue = out.kind == ArtifactKind::Dataset ? "datasets" : "transformers";
    out.at_most =
        fact.weight == origin::UpstreamFact::Weight::Hint ? Confidence::Low : Confidence::Medium;
    out.role = Role::Metadata;
    out.part = part_of(file.file);
    out.revision = fact.to.revision;
    const std::string& where = fact.said.where;
    const std::size_t colon = where.find(": ");
    out.found_by =
        file.format + ' ' + (colon == std::string::npos ? where : where.substr(colon + 2));
    return out;
}

} // namespace

util::Result<>
read_weights_file(util::Fs& fs, const std::string& path, WeightsFile& out, Collector& collector) {
    RAILHUB_TRY(const auto file, fs.open(path, util::OpenMode::Read));
    RAILHUB_TRY(const origin::Facts facts, read_header(*file, out));
    for (const auto& claim : facts.claims) {
        const bool is_new = out.license.find(claim.license) == std::string::npos;
        out.license += is_new && !out.license.empty() ? ", " : "";
        out.license += is_new ? claim.license : "";
    }
    Collector own(collector.tables(), [](const std::string&, const std::string&) { return false; });
    for (const origin::UpstreamFact& fact : facts.upstreams) {
        if (fact.to.place == origin::Reference::Place::Repo) {
            const Sighting one = sighting_of(fact, out);
            own.see(one);
            collector.see(one);
        }
    }
    for (const Use& use : own.take()) {
        if (std::find(out.made_from.begin(), out.made_from.end(), use.id) == out.made_from.end()) {
            out.made_from.push_back(use.id);
        }
    }
    return {};
}

} // namespace railhub::scan
