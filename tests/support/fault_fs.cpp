// SPDX-License-Identifier: Apache-2.0
// Each node has two states: what programs see, and what would be there after a power cut.
#include "tests/support/fault_fs.h"

#include "core/util/text.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace railhub::tests {

using util::Bytes;
using util::ByteView;
using util::Code;
using util::OpenMode;
using util::Result;
using util::system_error;

using FaultEntries = std::map<std::string, std::shared_ptr<FaultNode>>;

enum class FaultNodeKind : std::uint8_t { File, Folder, Link };

struct FaultNode {
    FaultNodeKind kind = FaultNodeKind::File;
    std::uint64_t inode = 0;
    Bytes data; // of a file; of a link, its target
    Bytes durable_data;
    bool is_lost = false; // a sync failed: the kernel forgot that pages are dirty
    FaultEntries entries;
    FaultEntries durable_entries;

    void cut_power() {
        data = durable_data;
        entries = durable_entries;
        is_lost = false;
        for (const auto& [name, child] : entries) {
            child->cut_power();
        }
    }

    void list_files(const std::string& prefix, std::vector<std::string>& into) const {
        for (const auto& [name, child] : entries) {
            const std::string path = prefix + "/" + name;
            if (child->kind == FaultNodeKind::Folder) {
                child->list_files(path, into);
            } else {
                into.push_back(path);
            }
        }
    }
};

class FaultFile final : public util::File {
  public:
    FaultFile(FaultFs& fs, std::shared_ptr<FaultNode> node, std::string path)
        : fs_(fs), node_(std::move(node)), path_(std::move(path)), life_(fs.life_) {}

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        const std::lock_guard lock(fs_.mutex_);
        RAILHUB_TRY(check_alive());
        const std::uint64_t end = std::min<std::uint64_t>(node_->data.size(), offset + into.size());
        if (offset >= end) {
            return std::size_t{0};
        }
        const auto first = node_->data.begin() + static_cast<std::ptrdiff_t>(offset);
        std::copy(first, node_->data.begin() + static_cast<std::ptrdiff_t>(end), into.begin());
        return static_cast<std::size_t>(end - offset);
    }

    Result<> write_at(std::uint64_t offset, ByteView bytes) override {
        const std::lock_guard lock(fs_.mutex_);
        RAILHUB_TRY(check_alive());
        RAILHUB_TRY(fs_.step(FaultFs::Need::Room, path_));
        node_->data.resize(std::max<std::size_t>(node_->data.size(), offset + bytes.size()));
        std::copy(
            bytes.begin(), bytes.end(), node_->data.begin() + static_cast<std::ptrdiff_t>(offset)
        );
        return {};
    }

    Result<> truncate(std::uint64_t size) override {
        const std::lock_guard lock(fs_.mutex_);
        RAILHUB_TRY(check_alive());
        RAILHUB_TRY(fs_.step(FaultFs::Need::Nothing, path_));
        node_->data.resize(size);
        return {};
    }

    Result<> sync() override {
        const std::lock_guard lock(fs_.mutex_);
        RAILHUB_TRY(check_alive());
        if (Result<> done = fs_.step(FaultFs::Need::Room, path_); !done.ok()) {
            node_->is_lost = true;
            return done;
        }
        if (!node_->is_lost) {
            node_->durable_data = node_->data;
        }
        return {};
    }

    Result<std::uint64_t> size() override {
        const std::lock_guard lock(fs_.mutex_);
        RAILHUB_TRY(check_alive());
        return std::uint64_t{node_->data.size()};
    }

    [[nodiscard]] int fd() const override { return -1; }

  private:
    [[nodiscard]] Result<> check_alive() const {
        if (life_ != fs_.life_) {
            return system_error("use after a power cut", path_, EBADF);
        }
        return fs_.check_power(path_);
    }

    FaultFs& fs_;
    std::shared_ptr<FaultNode> node_;
    std::string path_;
    std::uint64_t life_;
};

namespace {

std::vector<std::string> components_of(const std::string& path) {
    std::vector<std::string> names;
    for (const std::string_view name : util::split(path, '/')) {
        if (!name.empty() && name != ".") {
            names.emplace_back(name);
        }
    }
    return names;
}

std::string name_of(const std::string& path) {
    const auto names = components_of(path);
    return names.empty() ? std::string() : names.back();
}

std::shared_ptr<FaultNode> make_node(FaultNodeKind kind, std::uint64_t inode) {
    auto node = std::make_shared<FaultNode>();
    node->kind = kind;
    node->inode = inode;
    return node;
}

} // namespace

FaultFs::FaultFs() : root_(make_node(FaultNodeKind::Folder, 0)) {}

FaultFs::~FaultFs() = default;

std::unique_ptr<FaultFs> FaultFs::always_failing() {
    auto fs = std::make_unique<FaultFs>();
    fs->is_without_power_ = true;
    return fs;
}

void FaultFs::arm(Fault fault, std::uint64_t step) {
    const std::lock_guard lock(mutex_);
    armed_ = fault;
    armed_step_ = steps_ + step;
}

void FaultFs::restart() {
    const std::lock_guard lock(mutex_);
    armed_.reset();
    is_without_power_ = false;
    is_full_ = false;
    ++life_;
    root_->cut_power();
}

std::uint64_t FaultFs::steps() const {
    const std::lock_guard lock(mutex_);
    return steps_;
}

std::vector<std::string> FaultFs::files() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> paths;
    root_->list_files("", paths);
    std::sort(paths.begin(), paths.end());
    return paths;
}

Result<> FaultFs::check_power(const std::string& path) const {
    if (is_without_power_) {
        return system_error("reach", path, EIO);
    }
    return {};
}

Result<> FaultFs::step(Need need, const std::string& path) {
    RAILHUB_TRY(check_power(path));
    ++steps_;
    const bool is_due = armed_.has_value() && steps_ == armed_step_;
    is_without_power_ = is_due && *armed_ == Fault::PowerLoss;
    is_full_ = is_full_ || (is_due && *armed_ == Fault::DiskFull);
    if (is_full_ && need == Need::Room) {
        return system_error("write", path, ENOSPC);
    }
    if (is_without_power_ || (is_due && *armed_ == Fault::Fail)) {
        return system_error("write", path, EIO);
    }
    return {};
}

FaultFs::NodePtr FaultFs::find(const std::string& path) const {
    NodePtr node = root_;
    for (const std::string& name : components_of(path)) {
        const auto found = node->entries.find(name);
        if (found == node->entries.end()) {
            return nullptr;
        }
        node = found->second;
    }
    return node;
}

Result<FaultFs::NodePtr> FaultFs::find_folder(const std::string& path) const {
    NodePtr node = find(path);
    if (!node) {
        return system_error("open", path, ENOENT);
    }
    if (node->kind != FaultNodeKind::Folder) {
        return system_error("open", path, ENOTDIR);
    }
    return node;
}

// A new, empty file in an existing folder.
Result<FaultFs::NodePtr> FaultFs::create(const std::string& path) {
    RAILHUB_TRY(const NodePtr folder, find_folder(util::parent_path(path)));
    RAILHUB_TRY(step(Need::Room, path));
    NodePtr node = make_node(FaultNodeKind::File, steps_);
    folder->entries.insert_or_assign(name_of(path), node);
    return node;
}

Result<std::unique_ptr<util::File>> FaultFs::open(const std::string& path, OpenMode mode) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(path));
    const bool must_be_new = mode == OpenMode::CreateNew || mode == OpenMode::CreateNewPrivate;
    NodePtr node = find(path);
    if (node && must_be_new) {
        return system_error("open", path, EEXIST);
    }
    if (node && node->kind == FaultNodeKind::Folder && mode != OpenMode::Read) {
        return system_error("open", path, EISDIR);
    }
    if (!node && mode == OpenMode::Read) {
        return system_error("open", path, ENOENT);
    }
    if (!node) {
        RAILHUB_TRY(node, create(path));
    }
    return std::unique_ptr<util::File>(std::make_unique<FaultFile>(*this, std::move(node), path));
}

Result<> FaultFs::rename(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(const NodePtr source, find_folder(util::parent_path(from)));
    RAILHUB_TRY(const NodePtr target, find_folder(util::parent_path(to)));
    const auto entry = source->entries.find(name_of(from));
    if (entry == source->entries.end()) {
        return system_error("rename", from, ENOENT);
    }
    RAILHUB_TRY(step(Need::Room, to));
    const NodePtr node = entry->second;
    source->entries.erase(entry);
    target->entries.insert_or_assign(name_of(to), node);
    return {};
}

Result<> FaultFs::remove(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const NodePtr node = find(path);
    if (!node) {
        return system_error("remove", path, ENOENT);
    }
    if (!node->entries.empty()) {
        return system_error("remove", path, ENOTEMPTY);
    }
    RAILHUB_TRY(step(Need::Nothing, path));
    find(util::parent_path(path))->entries.erase(name_of(path));
    return {};
}

Result<> FaultFs::remove_tree(const std::string& path) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(path));
    if (!find(path)) {
        return {};
    }
    RAILHUB_TRY(step(Need::Nothing, path));
    find(util::parent_path(path))->entries.erase(name_of(path));
    return {};
}

Result<> FaultFs::make_dirs(const std::string& path) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(path));
    NodePtr node = root_;
    for (const std::string& name : components_of(path)) {
        NodePtr child = node->entries[name];
        if (!child) {
            node->entries.erase(name);
            RAILHUB_TRY(step(Need::Room, path));
            child = make_node(FaultNodeKind::Folder, steps_);
            node->entries[name] = child;
            node->durable_entries[name] = child; // as the contract says
        }
        if (child->kind != FaultNodeKind::Folder) {
            return system_error("create folder", path, EEXIST);
        }
        node = std::move(child);
    }
    return {};
}

Result<> FaultFs::sync_dir(const std::string& path) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(const NodePtr folder, find_folder(path));
    RAILHUB_TRY(step(Need::Room, path));
    folder->durable_entries = folder->entries;
    return {};
}

Result<std::optional<util::FileInfo>> FaultFs::info(const std::string& path) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(path));
    const NodePtr node = find(path);
    if (!node) {
        return std::optional<util::FileInfo>();
    }
    return std::optional(util::FileInfo{
        .size = node->data.size(),
        .is_directory = node->kind == FaultNodeKind::Folder,
        .is_symlink = node->kind == FaultNodeKind::Link,
        .modified_ns = 0,
        .inode = node->inode,
    });
}

Result<std::vector<std::string>> FaultFs::list(const std::string& path) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(path));
    RAILHUB_TRY(const NodePtr folder, find_folder(path));
    std::vector<std::string> names;
    for (const auto& [name, child] : folder->entries) {
        names.push_back(name);
    }
    return names;
}

Result<> FaultFs::make_symlink(const std::string& target, const std::string& link) {
    const std::lock_guard lock(mutex_);
    RAILHUB_TRY(check_power(link));
    if (find(link)) {
        return system_error("create link", link, EEXIST);
    }
    RAILHUB_TRY(const NodePtr node, create(link));
    node->kind = FaultNodeKind::Link;
    const ByteView bytes = util::as_bytes(target);
    node->data.assign(bytes.begin(), bytes.end());
    node->durable_data = node->data; // a link is written with its name
    return {};
}

} // namespace railhub::tests
