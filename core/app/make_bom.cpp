// SPDX-License-Identifier: Apache-2.0
// The subject's card, config and files; the rest is the lineage.
#include "core/app/make_bom.h"

#include "core/app/gather.h"
#include "core/bom/build.h"
#include "core/bom/card_facts.h"
#include "core/types/lfs_pointer.h"
#include "core/util/text.h"
#include "core/util/url.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::uint64_t kMaxCard = std::uint64_t{8} << 20;
constexpr std::uint64_t kMaxConfig = std::uint64_t{4} << 20;
constexpr std::size_t kMaxUnreadable = 32; // files that a bill names as such

bom::Kind bom_kind(types::RepoKind kind) {
    switch (kind) {
    case types::RepoKind::Model:
        return bom::Kind::Model;
    case types::RepoKind::Dataset:
        return bom::Kind::Dataset;
    case types::RepoKind::Space:
        return bom::Kind::Service;
    }
    return bom::Kind::Model;
}

// Names that are no UTF-8 stand percent-encoded: JSON has no other way.
std::string shown_path(const std::string& path) {
    return util::is_valid_utf8(path) ? path : util::percent_encode(path, "/ ");
}

class Files {
  public:
    Files(
        const util::Context& ctx, Source& source, const BomOptions& options, bom::Component& subject
    )
        : ctx_(ctx), source_(source), options_(options), subject_(subject) {}

    util::Result<> run() {
        const bool is_listed = options_.listed.has_value();
        std::vector<bom::File> files;
        if (is_listed) {
            files = *options_.listed;
        } else {
            RAILHUB_TRY(const std::vector<std::string> paths, source_.files(ctx_));
            for (const std::string& path : paths) {
                files.emplace_back().path = path;
            }
        }
        if (files.size() > options_.max_files) {
            subject_.files_left_out = files.size() - options_.max_files;
            files.resize(options_.max_files);
        }
        std::size_t read = 0;
        for (bom::File& file : files) {
            if (file.sha256 || (is_listed && read >= options_.max_read)) {
                continue;
            }
            ++read;
            RAILHUB_TRY(hash(file));
        }
        for (bom::File& file : files) {
            file.path = shown_path(file.path);
        }
        subject_.files = std::move(files);
        return {};
    }

  private:
    util::Result<> hash(bom::File& file) {
        auto hashed = read(file);
        // A hub that fails is trouble; a file on disk that nobody may read is a fact about it.
        const bool is_fact = !hashed.ok() && options_.check.disk != nullptr &&
                             hashed.error().code != util::Code::Cancelled;
        if (!is_fact) {
            return hashed;
        }
        if (++unreadable_ <= kMaxUnreadable) {
            subject_.notes.push_back({"unreadable-file", bom::plain_text(shown_path(file.path))});
        }
        return {};
    }

    util::Result<> read(bom::File& file) {
        util::Sha256Hasher hasher;
        std::uint64_t size = 0;
        while (true) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const auto block, source_.read_part(ctx_, file.path, size, kBlock));
            if (!block) {
                return {}; // gone since it was listed, or of a source that cannot look into files
            }
            if (size == 0 && block->size() < types::kMaxPointerSize) {
                if (const auto pointer = types::parse_lfs_pointer(*block)) {
                    file.sha256 = pointer->sha256;
                    file.size = pointer->size;
                    return {};
                }
            }
            hasher.update(util::as_bytes(std::string_view(*block)));
            size += block->size();
            if (block->size() < kBlock) {
                break;
            }
        }
        file.sha256 = hasher.finish();
        file.size = size;
        return {};
    }

    const util::Context& ctx_;
    Source& source_;
    const BomOptions& options_;
    bom::Component& subject_;
    std::size_t unreadable_ = 0;
};

util::Result<bom::CardFacts> card_facts(const util::Context& ctx, Source& source) {
    RAILHUB_TRY(const auto readme, source.read(ctx, "README.md", kMaxCard));
    RAILHUB_TRY(const card::Card card, card::parse(readme.value_or("")));
    auto text = source.read(ctx, "config.json", kMaxConfig);
    if (!text.ok() && text.error().code != util::Code::TooLarge) {
        return std::move(text).error();
    }
    util::Json config;
    if (text.ok() && *text) {
        auto parsed = util::parse_json(**text, {.max_bytes = kMaxConfig});
        config = parsed.ok() ? std::move(parsed).value() : util::Json();
    }
    return bom::read_card_facts(card, config);
}

} // namespace

std::string public_endpoint(std::string_view address) {
    const auto url = util::Url::parse(address);
    if (!url.ok()) {
        return {};
    }
    std::string text = url->origin() + url->path;
    while (text.ends_with('/')) {
        text.pop_back();
    }
    return text;
}

util::Result<bom::Bom> make_bom(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const BomOptions& options
) {
    RAILHUB_TRY(const origin::Facts facts, gather(ctx, source, options.check.kind, catalogue));
    if (!facts.card_problem.empty()) {
        return util::fail(util::Code::InvalidInput, facts.card_problem, facts.card_hint);
    }
    RAILHUB_TRY(
        const JudgedFacts judged,
        judge_facts(ctx, facts, source, resolver, catalogue, options.check)
    );
    bom::BuildOptions build;
    build.subject = bom_kind(options.check.kind);
    build.name = options.name;
    build.endpoint = options.endpoint;
    build.is_on_hub = !options.check.id.empty();
    build.created = options.created;
    bom::Bom made = bom::build(judged.lineage, catalogue, build);
    bom::Component& subject = made.components.front();
    RAILHUB_TRY(subject.card, card_facts(ctx, source));
    if (options.files == BomOptions::Files::Include) {
        RAILHUB_TRY(Files(ctx, source, options, subject).run());
    }
    return made;
}

} // namespace railhub::app
