// SPDX-License-Identifier: Apache-2.0
// A request becomes a selection, the selection a stream; full clones are kept.
#include "core/repo/pack_send.h"

#include "core/repo/detail/pack_objects.h"
#include "core/repo/detail/pack_writer.h"
#include "core/storage/layout.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::repo {

namespace {

using types::Oid;
using util::Code;
using util::fail;

// Smaller packs are made faster than they are looked up and kept.
constexpr std::size_t kFewestCached = 100;
constexpr std::size_t kCopyBlock = std::size_t{1} << 20;

std::string cache_folder(const RepoRecord& record) {
    return std::string(storage::kPackPrefix) + record.public_id + "/";
}

// A function of what is wanted alone: objects never change.
std::string cache_key(const RepoRecord& record, std::vector<Oid> wants, TagFollowing tags) {
    std::sort(wants.begin(), wants.end());
    wants.erase(std::unique(wants.begin(), wants.end()), wants.end());
    util::Sha256Hasher hasher;
    for (const Oid& want : wants) {
        hasher.update(want.view());
    }
    hasher.update(util::as_bytes(tags == TagFollowing::Include ? "+tags" : ""));
    return cache_folder(record) + hasher.finish().hex();
}

bool is_full_clone(const PackRequest& request) {
    return request.haves.empty() && request.client_shallow.empty() && request.shallow.empty() &&
           request.unshallow.empty() && request.filter.kind == BlobFilter::Kind::All;
}

// Writes to the client, and to the cache as long as that goes well.
class Tee final : public util::Writer {
  public:
    Tee(util::Writer& client, storage::ObjectWriter& kept) : client_(client), kept_(kept) {}

    util::Result<> write(util::ByteView bytes) override {
        RAILHUB_TRY(client_.write(bytes));
        if (is_kept_) {
            is_kept_ = kept_.write(bytes).ok(); // a full disk must not stop the clone
        }
        return {};
    }

    [[nodiscard]] bool is_kept() const { return is_kept_; }

  private:
    util::Writer& client_;
    storage::ObjectWriter& kept_;
    bool is_kept_ = true;
};

util::Result<> stream(const util::Context& ctx, storage::ObjectReader& pack, util::Writer& to) {
    util::Task task(ctx.progress, "Sending pack", pack.size(), "B");
    util::Bytes block(kCopyBlock);
    std::uint64_t offset = 0;
    while (offset < pack.size()) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, pack.read_at(offset, block));
        if (got == 0) {
            return fail(Code::Corrupt, "cached pack is too short");
        }
        RAILHUB_TRY(to.write(util::ByteView(block).first(got)));
        offset += got;
        task.advance(got);
    }
    return {};
}

util::Result<detail::Deltas> select(
    const util::Context& ctx,
    Repository& repository,
    const PackRequest& request,
    detail::PackWriter& writer
) {
    util::Task counting(ctx.progress, "Counting objects", 0, "objects");
    detail::PackSelection selection(repository, request, [&](const detail::PackObject& object) {
        counting.advance(1);
        return writer.add(object);
    });
    RAILHUB_TRY(selection.run());
    // Within one commit nothing is a version of anything else.
    return selection.commit_count() > 1 ? detail::Deltas::Seek : detail::Deltas::Skip;
}

util::Result<> write_and_keep(
    const util::Context& ctx,
    Repository& repository,
    storage::ObjectStore& cache,
    const PackRequest& request,
    util::Writer& to
) {
    const std::string key = cache_key(repository.record(), request.wants, request.tags);
    auto kept = cache.open(ctx, key);
    if (kept.ok()) {
        return stream(ctx, **kept, to);
    }
    auto target = cache.begin(ctx, 0);
    if (!target.ok()) {
        detail::PackWriter writer(repository.objects(), to);
        RAILHUB_TRY(const auto deltas, select(ctx, repository, request, writer));
        return writer.write(deltas);
    }
    Tee tee(to, **target);
    detail::PackWriter writer(repository.objects(), tee);
    RAILHUB_TRY(const auto deltas, select(ctx, repository, request, writer));
    RAILHUB_TRY(writer.write(deltas));
    if (tee.is_kept() && writer.object_count() >= kFewestCached) {
        const auto published = (*target)->publish(key);
        if (!published.ok()) {
            ctx.log.write(
                util::LogLevel::Warn,
                "clone pack not kept",
                {{"key", key}, {"error", util::to_line(published.error())}}
            );
        }
    }
    return {};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    constexpr std::array kUnits = {
        std::pair{'k', std::uint64_t{1} << 10},
        std::pair{'m', std::uint64_t{1} << 20},
        std::pair{'g', std::uint64_t{1} << 30},
    };
    std::uint64_t unit = 1;
    for (const auto& [letter, size] : kUnits) {
        if (!text.empty() && util::lower(text.substr(text.size() - 1)).front() == letter) {
            unit = size;
        }
    }
    text.remove_suffix(unit > 1 ? 1 : 0);
    const auto number = util::parse_decimal(text);
    if (!number || *number > UINT64_MAX / unit) {
        return std::nullopt;
    }
    return *number * unit;
}

} // namespace

util::Result<BlobFilter> parse_blob_filter(std::string_view text) {
    constexpr std::string_view kLimit = "blob:limit=";
    if (text == "blob:none") {
        return BlobFilter{BlobFilter::Kind::None, 0};
    }
    const auto limit =
        text.starts_with(kLimit) ? parse_size(text.substr(kLimit.size())) : std::nullopt;
    if (!limit) {
        return fail(
            Code::InvalidInput,
            "filter '" + std::string(text) + "' is not supported",
            "use blob:none or blob:limit=<size>"
        );
    }
    return BlobFilter{BlobFilter::Kind::UpTo, *limit};
}

util::Result<> write_pack(
    const util::Context& ctx,
    Repository& repository,
    storage::ObjectStore& cache,
    const PackRequest& request,
    util::Writer& to
) {
    if (is_full_clone(request)) {
        return write_and_keep(ctx, repository, cache, request, to);
    }
    detail::PackWriter writer(repository.objects(), to);
    RAILHUB_TRY(const auto deltas, select(ctx, repository, request, writer));
    return writer.write(deltas);
}

util::Result<>
drop_stale_packs(const util::Context& ctx, Repository& repository, storage::ObjectStore& cache) {
    const RepoRecord& record = repository.record();
    RAILHUB_TRY(const auto refs, repository.refs());
    std::vector<Oid> all;
    std::vector<Oid> heads;
    std::vector<Oid> heads_and_tags;
    std::set<std::string> current;
    const auto keep = [&](const std::vector<Oid>& wants) {
        current.insert(cache_key(record, wants, TagFollowing::Include));
        current.insert(cache_key(record, wants, TagFollowing::Omit));
    };
    for (const Ref& ref : refs) {
        const bool is_head = ref.name.starts_with(types::kHeads);
        all.push_back(ref.target);
        if (is_head) {
            heads.push_back(ref.target);
            keep({ref.target}); // a clone of this branch
        }
        if (is_head || ref.name.starts_with(types::kTags)) {
            heads_and_tags.push_back(ref.target);
        }
    }
    keep(all);
    keep(heads);
    keep(heads_and_tags);
    std::vector<std::string> stale;
    RAILHUB_TRY(cache.list(ctx, cache_folder(record), [&](const storage::ObjectInfo& object) {
        if (!current.contains(object.key)) {
            stale.push_back(object.key);
        }
        return util::Result<>();
    }));
    for (const std::string& key : stale) {
        RAILHUB_TRY(cache.remove(ctx, key));
    }
    return {};
}

} // namespace railhub::repo
