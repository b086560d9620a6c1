// SPDX-License-Identifier: Apache-2.0
// Looks at files of the root by name; of weights the header only.
#include "core/app/gather.h"

#include "core/license/fingerprint.h"
#include "core/origin/read.h"
#include "core/util/digest.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr const char* kCardPath = "README.md";
constexpr std::uint64_t kMaxReadme = std::uint64_t{8} << 20;
constexpr std::uint64_t kMaxSmallFile = std::uint64_t{4} << 20;
constexpr std::size_t kMaxLicenseFiles = 16;

class Gather {
  public:
    Gather(
        const util::Context& ctx,
        Source& source,
        const license::Catalogue& catalogue,
        const GatherLimits& limits
    )
        : ctx_(ctx), source_(source), catalogue_(catalogue), limits_(limits) {}

    util::Result<origin::Facts> run(types::RepoKind kind) {
        auto readme = source_.read(ctx_, kCardPath, kMaxReadme);
        if (!readme.ok() && readme.error().code != util::Code::TooLarge) {
            return std::move(readme).error();
        }
        RAILHUB_TRY(const std::vector<std::string> files, source_.files(ctx_));
        const auto card = readme.ok() ? card::parse(readme->value_or(""))
                                      : util::Result<card::Card>(readme.error());
        if (!card.ok()) {
            facts_.card_problem = card.error().message;
            facts_.card_hint = card.error().hint;
            return std::move(facts_);
        }
        if (readme->has_value()) {
            facts_.card_sha256 = hash_of(**readme);
        }
        origin::read_card(facts_, *card, files, catalogue_);
        RAILHUB_TRY(read_license_files(files));
        if (kind == types::RepoKind::Model) {
            RAILHUB_TRY(read_small_files(files));
            RAILHUB_TRY(read_weights(files));
        }
        origin::settle_licenses(facts_);
        return std::move(facts_);
    }

  private:
    static std::string hash_of(std::string_view text) {
        return util::sha256(util::as_bytes(text)).hex();
    }

    // nullopt also when it is too large: that is a problem then.
    util::Result<std::optional<std::string>> small(const std::string& path) {
        auto text = source_.read(ctx_, path, kMaxSmallFile);
        if (!text.ok() && text.error().code == util::Code::TooLarge) {
            origin::add_problem(facts_, path + ": " + text.error().message);
            return std::optional<std::string>{};
        }
        return text;
    }

    util::Result<> read_small_files(const std::vector<std::string>& files) {
        for (const std::string& path : files) {
            const bool is_config = path == "config.json" || path == "model_index.json";
            const bool is_adapter = path == "adapter_config.json";
            const bool is_recipe = origin::is_recipe_file(path);
            if (!is_config && !is_adapter && !is_recipe) {
                continue;
            }
            RAILHUB_TRY(const auto text, small(path));
            if (!text) {
                continue;
            }
            if (is_adapter) {
                origin::read_adapter_config(facts_, *text);
            } else if (is_config) {
                origin::read_config(facts_, *text, path);
            } else {
                origin::read_recipe(facts_, *text, path);
            }
        }
        return {};
    }

    // The main one first: its word is the artifact's.
    util::Result<> read_license_files(const std::vector<std::string>& files) {
        std::vector<std::string> found;
        std::copy_if(
            files.begin(), files.end(), std::back_inserter(found), &origin::is_license_file
        );
        std::stable_partition(found.begin(), found.end(), &origin::is_main_license_file);
        for (std::size_t i = 0; i < std::min(found.size(), kMaxLicenseFiles); ++i) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const auto text, small(found[i]));
            if (text) {
                facts_.license_files.push_back({found[i], hash_of(*text)});
                const auto detection = license::detect(license::Fingerprints::built_in(), *text);
                origin::read_license_text(facts_, detection, catalogue_, found[i]);
            }
        }
        return {};
    }

    util::Result<> read_weights(const std::vector<std::string>& files) {
        std::size_t ggufs = 0;
        std::size_t tensors = 0;
        for (const std::string& path : files) {
            if (path.find('/') != std::string::npos || is_later_shard(path)) {
                continue;
            }
            if (path.ends_with(".gguf") && ++ggufs <= limits_.weight_files) {
                RAILHUB_TRY(read_gguf_file(path));
            } else if (path.ends_with(".safetensors") && ++tensors <= limits_.weight_files) {
                RAILHUB_TRY(read_safetensors_file(path));
            }
        }
        return {};
    }

    // "model-00002-of-00005.safetensors": all shards say the same.
    static bool is_later_shard(const std::string& path) {
        const std::size_t of = path.find("-of-");
        const std::string_view stem = std::string_view(path).substr(0, of);
        return of != std::string::npos && !stem.ends_with("-00001") && !stem.ends_with("-1");
    }

    util::Result<> read_gguf_file(const std::string& path) {
        origin::GgufLimits limits;
        limits.max_bytes = limits_.gguf_bytes;
        const auto metadata = origin::read_gguf(part_of(path), limits);
        if (metadata.ok()) {
            origin::read_gguf_facts(facts_, *metadata, path);
            return {};
        }
        return note(path, metadata.error());
    }

    util::Result<> read_safetensors_file(const std::string& path) {
        const auto texts = origin::read_safetensors_texts(part_of(path), limits_.safetensors_bytes);
        if (texts.ok()) {
            origin::read_safetensors_facts(facts_, *texts, path);
            return {};
        }
        return note(path, texts.error());
    }

    // Weights that are none are no secret of a lineage: worth a note. Trouble of the source is an
    // error still.
    util::Result<> note(const std::string& path, const util::Error& error) {
        if (is_blind_) {
            is_blind_ = false;
            return {};
        }
        if (error.code != util::Code::InvalidInput && error.code != util::Code::TooLarge &&
            error.code != util::Code::Corrupt) {
            return error;
        }
        origin::add_note(facts_, path + ": " + error.message);
        return {};
    }

    origin::ReadAt part_of(const std::string& path) {
        return [this, path](
                   std::uint64_t offset, std::span<std::uint8_t> into
               ) -> util::Result<std::size_t> {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const auto bytes, source_.read_part(ctx_, path, offset, into.size()));
            if (!bytes) {
                is_blind_ = true;
                return std::size_t{0};
            }
            std::copy(bytes->begin(), bytes->end(), into.begin());
            return bytes->size();
        };
    }

    const util::Context& ctx_;
    Source& source_;
    const license::Catalogue& catalogue_;
    const GatherLimits& limits_;
    origin::Facts facts_;
    bool is_blind_ = false; // the source cannot look into files
};

} // namespace

util::Result<origin::Facts> gather(
    const util::Context& ctx,
    Source& source,
    types::RepoKind kind,
    const license::Catalogue& catalogue,
    const GatherLimits& limits
) {
    return Gather(ctx, source, catalogue, limits).run(kind);
}

} // namespace railhub::app
