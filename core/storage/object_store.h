// SPDX-License-Identifier: Apache-2.0
// ObjectStore: immutable bytes under keys; the seam to the physical place (local folder, memory, S3
// later). Keys are relative slash-separated names of [a-z0-9._/-], at most 200 bytes.
#pragma once

#include "core/storage/block_writer.h"
#include "core/util/context.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::storage {

// An object being read. The bytes never change while it is open, also when the key is removed.
// read_at is safe from any thread.
class ObjectReader {
  public:
    virtual ~ObjectReader() = default;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    // Fills `into` as far as bytes are there; 0 at the end.
    virtual util::Result<std::size_t>
    read_at(std::uint64_t offset, std::span<std::uint8_t> into) = 0;

    // Descriptor of a plain file holding exactly these bytes, for mmap or sendfile; -1 if none.
    // Owned by the reader.
    [[nodiscard]] virtual int fd() const { return -1; }

    // The whole object mapped, if the store can; empty otherwise. Valid while the reader lives.
    [[nodiscard]] virtual util::ByteView mapped() const { return {}; }
};

// An object being written: write, then publish() or let it go (which discards it). One thread.
class ObjectWriter : public BlockWriter {
  public:
    // Makes the bytes durable and visible under `key`: fsync, rename or link, fsync of the folder.
    // If the key exists already the new bytes are dropped and it is success: keys are immutable.
    // Any failed sync is final. The writer is spent afterwards.
    virtual util::Result<> publish(std::string_view key) = 0;
    // Bytes taken so far.
    [[nodiscard]] virtual std::uint64_t size() const = 0;

    // Says, before the first byte, that they are read soon after publish(): a store that writes
    // past the system's cache then goes through it.
    virtual void expect_reading() {}
};

struct ObjectInfo {
    std::string key;
    std::uint64_t size = 0;
    std::int64_t modified_ms = 0;
};

// Safe from any thread.
class ObjectStore {
  public:
    virtual ~ObjectStore() = default;
    // size_hint 0 = unknown; used to allocate.
    virtual util::Result<std::unique_ptr<ObjectWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint) = 0;
    // NotFound when absent.
    virtual util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, std::string_view key) = 0;
    // What is there now, also when another process took it away.
    virtual util::Result<std::optional<ObjectInfo>>
    info(const util::Context& ctx, std::string_view key) = 0;

    util::Result<std::optional<std::uint64_t>> size(const util::Context& ctx, std::string_view key);

    // Absent is success.
    virtual util::Result<> remove(const util::Context& ctx, std::string_view key) = 0;
    // The object is under `to` and no longer under `from`; durable when it returns, never in
    // neither place. NotFound when `from` is absent. When `to` exists it keeps its bytes and `from`
    // goes. Open readers keep their bytes; the time of the object stays.
    virtual util::Result<>
    rename(const util::Context& ctx, std::string_view from, std::string_view to) = 0;
    // All objects below a prefix in key order; the visitor returns an error to stop.
    virtual util::Result<> list(
        const util::Context& ctx,
        std::string_view prefix,
        const std::function<util::Result<>(const ObjectInfo&)>& visit
    ) = 0;
    // Takes over a finished file of the same disk by renaming it, instead of copying its bytes.
    // False when this store cannot (nothing happened then, the caller copies). The bytes are made
    // durable first; as with publish(), an existing key is success and the file is removed.
    virtual util::Result<bool>
    adopt(const util::Context& ctx, const std::string& path, std::string_view key) = 0;
    // What is wrong with the place itself (foreign files, leftovers, bad names), a line each; empty
    // when sound. Does not read the objects.
    virtual util::Result<std::vector<std::string>> check(const util::Context& ctx) = 0;
};

} // namespace railhub::storage
