// SPDX-License-Identifier: Apache-2.0
// The one Stage: an ObjectSource with something in its memory or its quarantine.
#include "core/repo/stage.h"

#include "core/repo/detail/object_check.h"
#include "core/repo/detail/staged_walk.h"
#include "core/repo/detail/stored_repository.h"
#include "core/util/text.h"

#include <set>

namespace railhub::repo {

namespace {

using detail::Object;
using detail::ObjectSource;
using detail::ObjectType;
using types::Oid;
using util::Code;
using util::fail;

constexpr std::uint64_t kLargestGitmodules = std::uint64_t{1} << 20;
constexpr std::size_t kProgressStep = 1000;

bool is_gitmodules_file(const detail::TreeName& entry) {
    return entry.item.is_blob() && util::equal_ignore_case(entry.name, ".gitmodules");
}

// Checks the objects of a received pack one by one.
class PackCheck {
  public:
    explicit PackCheck(ObjectSource& source) : source_(source) {}

    util::Result<> run() {
        const std::vector<Oid>& oids = source_.received();
        util::Task task(source_.ctx().progress, "Checking objects", oids.size(), "objects");
        for (std::size_t i = 0; i < oids.size(); ++i) {
            if (i % kProgressStep == 0) {
                task.advance(i == 0 ? 0 : kProgressStep);
                RAILHUB_TRY(source_.ctx().check_stop());
            }
            RAILHUB_TRY(check(oids[i]));
        }
        task.advance(oids.size() % kProgressStep);
        for (const Oid& oid : gitmodules_) {
            RAILHUB_TRY(check_modules(oid));
        }
        return {};
    }

  private:
    util::Result<> check(const Oid& oid) {
        RAILHUB_TRY(const auto header, source_.header(oid));
        if (!header) {
            return fail(Code::Corrupt, "object '" + oid.hex() + "' is missing");
        }
        if (header->type == ObjectType::Blob) {
            return {}; // the indexer hashed it
        }
        RAILHUB_TRY(const Object object, source_.read(oid, header->type));
        RAILHUB_TRY(detail::check_object(oid, object.type, object.bytes));
        if (object.type == ObjectType::Tree) {
            RAILHUB_TRY(const auto entries, detail::parse_tree(oid, object.bytes));
            for (const detail::TreeName& entry : entries) {
                if (is_gitmodules_file(entry)) {
                    gitmodules_.insert(entry.item.oid);
                }
            }
        }
        return {};
    }

    util::Result<> check_modules(const Oid& oid) {
        RAILHUB_TRY(const auto header, source_.header(oid));
        if (!header || header->type != ObjectType::Blob) {
            return {}; // for the check of connections to tell
        }
        if (header->size > kLargestGitmodules) {
            return fail(
                Code::InvalidInput, "file '.gitmodules' (" + oid.hex() + ") is too large to check"
            );
        }
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Blob));
        return detail::check_gitmodules(oid, object.bytes);
    }

    ObjectSource& source_;
    std::set<Oid> gitmodules_;
};

class StoredStage final : public Stage {
  public:
    StoredStage(const RepoRecord& record, std::unique_ptr<ObjectSource> source)
        : source_(std::move(source)), repository_(record, *source_) {}

    Repository& repository() override { return repository_; }

    util::Result<Oid> write_blob(util::ByteView bytes) override {
        return source_->write(ObjectType::Blob, bytes);
    }

    util::Result<> adopt_pack(std::unique_ptr<IncomingPack> pack) override {
        RAILHUB_TRY(const std::string index, pack->finish(source_->ctx(), *source_));
        if (index.empty()) {
            return {};
        }
        packs_.push_back(std::move(pack));
        RAILHUB_TRY(source_->add_pack(index));
        return PackCheck(*source_).run();
    }

    util::Result<> check_connected(const std::vector<Oid>& tips) override {
        detail::CommitGraph graph(*source_);
        detail::StagedWalk walk(*source_, graph, [](const detail::StagedObject&) {
            return util::Result<>();
        });
        return walk.run(tips);
    }

    [[nodiscard]] ObjectSource& objects() override { return *source_; }

  private:
    std::vector<std::unique_ptr<IncomingPack>> packs_; // outlive what reads in their folders
    std::unique_ptr<ObjectSource> source_;
    detail::StoredRepository repository_;
};

} // namespace

util::Result<std::unique_ptr<Stage>> Stage::open(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, const RepoRecord& record
) {
    RAILHUB_TRY(auto source, ObjectSource::open(ctx, tx, blobs, record.row));
    return std::unique_ptr<Stage>(std::make_unique<StoredStage>(record, std::move(source)));
}

util::Result<> Stage::receive_pack(
    util::Reader& pack, const std::string& quarantine_folder, const PackLimits& limits
) {
    RAILHUB_TRY(
        auto incoming, IncomingPack::receive(objects().ctx(), pack, quarantine_folder, limits)
    );
    return adopt_pack(std::move(incoming));
}

} // namespace railhub::repo
