// SPDX-License-Identifier: Apache-2.0
// Ledger format: a head line "railhub-pieces 1 <size> <piece size> <content id>", then the number
// of each finished piece on its own line, in the order they came. The ledger may run ahead of the
// data after a power cut; the hash at the end finds that.
#include "core/transfer/partial_file.h"

#include "core/util/text.h"

#include <algorithm>
#include <fcntl.h>

namespace railhub::transfer {

namespace {

constexpr std::uint64_t kMaxLedger = std::uint64_t{64} << 20;
constexpr std::size_t kHashBlock = std::size_t{1} << 20;

} // namespace

PartialFile::PartialFile(
    util::Fs& fs, std::string path, ContentId content, std::uint64_t piece_size
)
    : fs_(fs), path_(std::move(path)), content_(std::move(content)), piece_size_(piece_size),
      done_(static_cast<std::size_t>((content_.size + piece_size - 1) / piece_size), false),
      hasher_(content_) {}

util::Result<std::unique_ptr<PartialFile>> PartialFile::open(
    util::Fs& fs, const std::string& path, const ContentId& content, std::uint64_t piece_size
) {
    RAILHUB_TRY(fs.make_dirs(util::parent_path(path)));
    std::unique_ptr<PartialFile> partial(new PartialFile(fs, path, content, piece_size));
    RAILHUB_TRY(partial->file_, fs.open(path, util::OpenMode::ReadWriteCreate));
    if (partial->piece_count() <= 1) {
        RAILHUB_TRY(partial->file_->truncate(0));
        return partial;
    }
    RAILHUB_TRY(partial->load_ledger());
    return partial;
}

std::string PartialFile::ledger_head() const {
    return "railhub-pieces 1 " + std::to_string(content_.size) + " " + std::to_string(piece_size_) +
           " " + content_.text();
}

util::Result<> PartialFile::load_ledger() {
    RAILHUB_TRY(const std::uint64_t have, file_->size());
    auto text = util::read_file(fs_, ledger_path(), kMaxLedger);
    RAILHUB_TRY(ledger_, fs_.open(ledger_path(), util::OpenMode::ReadWriteCreate));
    const auto lines = text.ok() ? util::split(*text, '\n') : std::vector<std::string_view>();
    if (lines.empty() || lines.front() != ledger_head() || have != content_.size) {
        return begin_anew();
    }
    // The last element is what follows the last newline: empty, or a line cut off by a kill.
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
        const auto number = util::parse_decimal(lines[i]);
        if (number && *number < done_.size()) {
            done_[static_cast<std::size_t>(*number)] = true;
        }
    }
    ledger_size_ = text->size() - lines.back().size();
    return {};
}

util::Result<> PartialFile::begin_anew() {
    const std::string head = ledger_head() + "\n";
    RAILHUB_TRY(ledger_->truncate(0));
    RAILHUB_TRY(file_->truncate(0));
    RAILHUB_TRY(file_->truncate(content_.size));
    RAILHUB_TRY(ledger_->write_at(0, util::as_bytes(head)));
    ledger_size_ = head.size();
    return {};
}

bool PartialFile::is_done(std::size_t piece) const {
    const std::lock_guard lock(mutex_);
    return done_[piece];
}

std::uint64_t PartialFile::piece_end(std::size_t piece) const {
    return std::min(content_.size, piece_begin(piece) + piece_size_);
}

// So that little is left for the sync at the end. Only a wish: that sync reports what fails.
void PartialFile::start_disk(std::size_t piece) const {
    if (file_->fd() >= 0) {
        const auto begin = static_cast<off64_t>(piece_begin(piece));
        const auto length = static_cast<off64_t>(piece_end(piece) - piece_begin(piece));
        (void)::sync_file_range(file_->fd(), begin, length, SYNC_FILE_RANGE_WRITE);
    }
}

util::Result<> PartialFile::piece_done(std::size_t piece) {
    start_disk(piece);
    {
        const std::lock_guard lock(mutex_);
        done_[piece] = true;
        if (ledger_) {
            const std::string line = std::to_string(piece) + "\n";
            RAILHUB_TRY(ledger_->write_at(ledger_size_, util::as_bytes(line)));
            ledger_size_ += line.size();
        }
    }
    const std::unique_lock lock(hash_mutex_, std::try_to_lock);
    return lock.owns_lock() ? advance_hash() : util::Result<>();
}

util::Result<> PartialFile::advance_hash() {
    util::Bytes block;
    while (hashed_pieces_ < done_.size() && is_done(hashed_pieces_)) {
        block.resize(kHashBlock);
        std::uint64_t at = piece_begin(hashed_pieces_);
        const std::uint64_t end = piece_end(hashed_pieces_);
        while (at < end) {
            const auto want =
                static_cast<std::size_t>(std::min<std::uint64_t>(kHashBlock, end - at));
            RAILHUB_TRY(const std::size_t count, file_->read_at(at, std::span(block).first(want)));
            if (count == 0) {
                return util::fail(
                    util::Code::Io, "'" + path_ + "' became shorter while it was read"
                );
            }
            hasher_.update(std::span(block).first(count));
            at += count;
        }
        ++hashed_pieces_;
    }
    return {};
}

util::Result<> PartialFile::finish(const std::string& final_path) {
    const std::lock_guard lock(hash_mutex_);
    RAILHUB_TRY(advance_hash());
    const std::string actual = hasher_.finish();
    if (actual != content_.text()) {
        RAILHUB_TRY(discard());
        return util::fail(
            util::Code::Corrupt,
            "what arrived for '" + final_path + "' is not what the hub announced: " + actual +
                " instead of " + content_.text(),
            "nothing was kept; try again"
        );
    }
    RAILHUB_TRY(file_->sync());
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(final_path)));
    RAILHUB_TRY(fs_.rename(path_, final_path));
    RAILHUB_TRY(fs_.sync_dir(util::parent_path(final_path)));
    if (ledger_) {
        RAILHUB_TRY(fs_.remove(ledger_path()));
    }
    return {};
}

util::Result<> PartialFile::discard() {
    RAILHUB_TRY(fs_.remove(path_));
    return ledger_ ? fs_.remove(ledger_path()) : util::Result<>();
}

} // namespace railhub::transfer
