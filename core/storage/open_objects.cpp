// SPDX-License-Identifier: Apache-2.0
// The reader of one file, and the least-recently-used list of them.
#include "core/storage/open_objects.h"

#include <mutex>
#include <sys/mman.h>

namespace railhub::storage {

namespace {

class FileReader final : public ObjectReader {
  public:
    FileReader(std::unique_ptr<util::File> file, std::uint64_t size)
        : file_(std::move(file)), size_(size) {}

    ~FileReader() override {
        if (mapping_ != MAP_FAILED) {
            ::munmap(mapping_, size_);
        }
    }

    [[nodiscard]] std::uint64_t size() const override { return size_; }

    util::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        return offset >= size_ ? util::Result<std::size_t>(0) : file_->read_at(offset, into);
    }

    [[nodiscard]] int fd() const override { return file_->fd(); }

    // Objects never change, so a mapping cannot lose its pages (SIGBUS) under a reader.
    [[nodiscard]] util::ByteView mapped() const override {
        std::call_once(mapped_once_, [this] {
            if (size_ > 0 && fd() >= 0) {
                mapping_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd(), 0);
            }
        });
        if (mapping_ == MAP_FAILED) {
            return {};
        }
        return {static_cast<const std::uint8_t*>(mapping_), size_};
    }

  private:
    std::unique_ptr<util::File> file_;
    std::uint64_t size_;
    mutable std::once_flag mapped_once_;
    mutable void* mapping_ = MAP_FAILED;
};

} // namespace

std::shared_ptr<ObjectReader> OpenObjects::touch(State& state, std::string_view key) {
    const auto found = state.by_key.find(key);
    if (found == state.by_key.end()) {
        return nullptr;
    }
    state.order.splice(state.order.begin(), state.order, found->second);
    return found->second->reader;
}

std::shared_ptr<ObjectReader> OpenObjects::find(std::string_view key) {
    return touch(*state_.access(), key);
}

util::Result<std::shared_ptr<ObjectReader>>
OpenObjects::open(std::string_view key, const std::string& path) {
    if (auto reader = find(key)) {
        return reader;
    }
    RAILHUB_TRY(auto file, fs_.open(path, util::OpenMode::Read));
    RAILHUB_TRY(const std::uint64_t size, file->size());
    std::shared_ptr<ObjectReader> reader = std::make_shared<FileReader>(std::move(file), size);

    std::shared_ptr<ObjectReader> dropped; // closed after the lock is gone
    auto state = state_.access();
    if (auto other = touch(*state, key)) {
        return other; // somebody was faster; one mapping is enough
    }
    state->order.push_front(Entry{std::string(key), reader});
    state->by_key.emplace(state->order.front().key, state->order.begin());
    if (state->order.size() > limit_) {
        dropped = std::move(state->order.back().reader);
        state->by_key.erase(state->order.back().key);
        state->order.pop_back();
    }
    return reader;
}

void OpenObjects::forget(std::string_view key) {
    std::shared_ptr<ObjectReader> dropped;
    auto state = state_.access();
    const auto found = state->by_key.find(key);
    if (found != state->by_key.end()) {
        dropped = std::move(found->second->reader);
        const auto entry = found->second;
        state->by_key.erase(found);
        state->order.erase(entry);
    }
}

} // namespace railhub::storage
