// SPDX-License-Identifier: Apache-2.0
// A sorted map from keys to shared immutable bytes.
#include "core/storage/memory_store.h"

#include "core/storage/layout.h"
#include "core/util/guarded.h"

#include <algorithm>
#include <map>

namespace railhub::storage {

namespace {

constexpr std::size_t kLentBytes = std::size_t{64} << 10;

struct MemoryObject {
    // shared_ptr: immutable, kept by readers after the key is removed.
    std::shared_ptr<const util::Bytes> bytes;
    std::int64_t modified_ms = 0;
};

using MemoryObjects = std::map<std::string, MemoryObject, std::less<>>;

class MemoryObjectReader final : public ObjectReader {
  public:
    explicit MemoryObjectReader(std::shared_ptr<const util::Bytes> bytes)
        : bytes_(std::move(bytes)) {}

    [[nodiscard]] std::uint64_t size() const override { return bytes_->size(); }

    util::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        if (offset >= bytes_->size()) {
            return std::size_t{0};
        }
        const auto rest = mapped().subspan(offset);
        const std::size_t count = std::min(rest.size(), into.size());
        std::copy_n(rest.begin(), count, into.begin());
        return count;
    }

    [[nodiscard]] util::ByteView mapped() const override { return *bytes_; }

  private:
    std::shared_ptr<const util::Bytes> bytes_;
};

class MemoryObjectWriter final : public ObjectWriter {
  public:
    MemoryObjectWriter(util::Guarded<MemoryObjects>& objects, const util::Clock& clock)
        : objects_(objects), clock_(clock), lent_(kLentBytes) {}

    util::Result<std::span<std::uint8_t>> buffer() override { return std::span(lent_); }

    util::Result<> advance(std::size_t count) override {
        RAILHUB_ASSERT(count <= lent_.size());
        bytes_.insert(
            bytes_.end(), lent_.begin(), lent_.begin() + static_cast<std::ptrdiff_t>(count)
        );
        return {};
    }

    util::Result<> publish(std::string_view key) override {
        RAILHUB_TRY(check_key(key));
        MemoryObject object{
            std::make_shared<const util::Bytes>(std::move(bytes_)), util::to_millis(clock_.now())};
        objects_.access()->try_emplace(std::string(key), std::move(object));
        return {};
    }

    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }

  private:
    util::Guarded<MemoryObjects>& objects_;
    const util::Clock& clock_;
    util::Bytes lent_;
    util::Bytes bytes_;
};

class MemoryStore final : public ObjectStore {
  public:
    util::Result<std::unique_ptr<ObjectWriter>>
    begin(const util::Context& ctx, std::uint64_t) override {
        return std::unique_ptr<ObjectWriter>(
            std::make_unique<MemoryObjectWriter>(objects_, ctx.clock)
        );
    }

    util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context&, std::string_view key) override {
        RAILHUB_TRY(check_key(key));
        auto objects = objects_.access();
        const auto found = objects->find(key);
        if (found == objects->end()) {
            return util::fail(util::Code::NotFound, "no object '" + std::string(key) + "'");
        }
        return std::shared_ptr<ObjectReader>(
            std::make_shared<MemoryObjectReader>(found->second.bytes)
        );
    }

    util::Result<std::optional<ObjectInfo>>
    info(const util::Context&, std::string_view key) override {
        RAILHUB_TRY(check_key(key));
        auto objects = objects_.access();
        const auto found = objects->find(key);
        if (found == objects->end()) {
            return std::optional<ObjectInfo>();
        }
        const MemoryObject& object = found->second;
        return std::optional(ObjectInfo{found->first, object.bytes->size(), object.modified_ms});
    }

    util::Result<> remove(const util::Context&, std::string_view key) override {
        RAILHUB_TRY(check_key(key));
        auto objects = objects_.access();
        const auto found = objects->find(key);
        if (found != objects->end()) {
            objects->erase(found);
        }
        return {};
    }

    util::Result<>
    rename(const util::Context&, std::string_view from, std::string_view to) override {
        RAILHUB_TRY(check_key(from));
        RAILHUB_TRY(check_key(to));
        auto objects = objects_.access();
        const auto found = objects->find(from);
        if (found == objects->end()) {
            return util::fail(util::Code::NotFound, "no object '" + std::string(from) + "'");
        }
        if (from != to) {
            objects->try_emplace(std::string(to), found->second);
            objects->erase(found);
        }
        return {};
    }

    util::Result<> list(
        const util::Context& ctx,
        std::string_view prefix,
        const std::function<util::Result<>(const ObjectInfo&)>& visit
    ) override {
        std::vector<ObjectInfo> found; // the visitor may use the store: no lock while it runs
        {
            auto objects = objects_.access();
            for (auto at = objects->lower_bound(prefix);
                 at != objects->end() && at->first.starts_with(prefix);
                 ++at) {
                found.push_back({at->first, at->second.bytes->size(), at->second.modified_ms});
            }
        }
        for (const ObjectInfo& info : found) {
            RAILHUB_TRY(ctx.check_stop());
            RAILHUB_TRY(visit(info));
        }
        return {};
    }

    util::Result<bool> adopt(const util::Context&, const std::string&, std::string_view) override {
        return false;
    }

    util::Result<std::vector<std::string>> check(const util::Context&) override {
        return std::vector<std::string>();
    }

  private:
    util::Guarded<MemoryObjects> objects_;
};

} // namespace

std::unique_ptr<ObjectStore> make_memory_store() {
    return std::make_unique<MemoryStore>();
}

} // namespace railhub::storage
