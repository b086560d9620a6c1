// SPDX-License-Identifier: Apache-2.0
// PartialFile: a file that arrives in pieces, in any order, and survives a kill: a ledger beside it
// remembers which pieces are there. Hashing follows the unbroken front while pieces still arrive.
#pragma once

#include "core/transfer/content_id.h"
#include "core/util/context.h"
#include "core/util/fs.h"

#include <memory>
#include <mutex>
#include <vector>

namespace railhub::transfer {

// `write` and `piece_done` are safe from several threads for different pieces; the rest is for one
// thread at a time. The Fs is borrowed. One process at a time (FileLock).
class PartialFile {
  public:
    // Goes on with what is at `path` when its ledger fits, else begins anew.
    static util::Result<std::unique_ptr<PartialFile>>
    open(util::Fs& fs, const std::string& path, const ContentId& content, std::uint64_t piece_size);

    [[nodiscard]] std::size_t piece_count() const { return done_.size(); }

    [[nodiscard]] bool is_done(std::size_t piece) const;

    // Bytes of one piece.
    [[nodiscard]] std::uint64_t piece_begin(std::size_t piece) const { return piece * piece_size_; }

    [[nodiscard]] std::uint64_t piece_end(std::size_t piece) const;

    util::Result<> write(std::uint64_t offset, util::ByteView bytes) {
        const std::lock_guard lock(write_mutex_);
        return file_->write_at(offset, bytes);
    }

    // All bytes of the piece are written.
    util::Result<> piece_done(std::size_t piece);

    // Verifies, syncs, renames over `final_path`, removes the ledger. Corrupt when the bytes are
    // not what they should be: nothing is left behind then.
    util::Result<> finish(const std::string& final_path);

  private:
    PartialFile(util::Fs& fs, std::string path, ContentId content, std::uint64_t piece_size);

    [[nodiscard]] std::string ledger_path() const { return path_ + ".pieces"; }

    [[nodiscard]] std::string ledger_head() const;
    util::Result<> load_ledger();
    util::Result<> begin_anew();
    void start_disk(std::size_t piece) const;
    // Hashes pieces behind the front; expects hash_mutex_ to be held.
    util::Result<> advance_hash();
    util::Result<> discard();

    util::Fs& fs_;
    std::string path_;
    ContentId content_;
    std::uint64_t piece_size_;
    std::unique_ptr<util::File> file_;
    std::unique_ptr<util::File> ledger_; // null for files of one piece: nothing to remember

    mutable std::mutex mutex_; // guards done_ and ledger_size_
    std::vector<bool> done_;
    std::uint64_t ledger_size_ = 0;

    // One writer at a time, as the kernel has it too; but it would keep the others spinning.
    std::mutex write_mutex_;
    std::mutex hash_mutex_; // bare: tried, not waited for, by threads with better things to do
    ContentHasher hasher_;
    std::size_t hashed_pieces_ = 0;
};

} // namespace railhub::transfer
