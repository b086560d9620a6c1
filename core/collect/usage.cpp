// SPDX-License-Identifier: Apache-2.0
// Counts users of each object first, then shares its bytes among them.
#include "core/collect/usage.h"

#include "core/collect/mark.h"
#include "core/collect/trash.h"
#include "core/storage/layout.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::collect {

namespace {

using util::Sha256;

struct StoreObject {
    std::uint64_t bytes = 0;
    std::set<std::int64_t> users; // repos
};

class Measuring {
  public:
    Measuring(const util::Context& ctx, const Places& places) : ctx_(ctx), places_(places) {}

    util::Result<UsageReport> run() {
        RAILHUB_TRY(list_objects());
        RAILHUB_TRY(const Plan plan, mark(ctx_, places_, dry_run()));
        {
            RAILHUB_TRY(tx_, places_.database.begin_read(ctx_));
            RAILHUB_TRY(list_repos());
            RAILHUB_TRY(list_recipes());
            RAILHUB_TRY(measure_git());
            RAILHUB_TRY(measure_large());
            RAILHUB_TRY(measure_trash());
        }
        share_objects();
        add_freeable(plan);
        sum_up();
        return std::move(report_);
    }

  private:
    static MarkOptions dry_run() { return {std::chrono::milliseconds(0), MarkOptions::Note::No}; }

    util::Result<> list_objects() {
        return places_.objects().list(ctx_, {}, [&](const storage::ObjectInfo& info) {
            report_.server.physical += info.size;
            if (info.key.starts_with(storage::kTrashPrefix)) {
                report_.trash += info.size;
            } else if (info.key.starts_with(storage::kPackPrefix)) {
                report_.caches += info.size;
            } else {
                objects_[info.key].bytes = info.size;
            }
            return util::Result<>();
        });
    }

    template <class Visit>
    util::Result<> each(std::string_view sql, const Visit& visit) {
        RAILHUB_TRY(auto rows, tx_->prepare(sql));
        while (true) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return {};
            }
            visit(rows);
        }
    }

    util::Result<> list_repos() {
        return each("SELECT id, kind, owner, name FROM repo", [&](const db::Statement& row) {
            Usage& usage = repos_[row.integer(0)];
            const std::string owner(row.text(2));
            usage.name = std::string(row.text(1)) + "s/" + owner + "/" + std::string(row.text(3));
            usage.repos = 1;
            owners_[row.integer(0)] = owner;
        });
    }

    // Contents that are not loose: the objects that hold their segments.
    util::Result<> list_recipes() {
        return each(
            "SELECT f.sha256, s.encoding, s.hash, s.blob FROM cas_file AS f "
            "JOIN cas_file_segment AS u ON u.file = f.id JOIN cas_segment AS s ON s.id = u.segment",
            [&](const db::Statement& row) {
                const auto sha256 = Sha256::from(row.blob(0));
                if (objects_.count(storage::blob_key(sha256)) != 0) {
                    return;
                }
                if (row.integer(1) == 1) {
                    recipes_[sha256].insert(storage::blob_key(Sha256::from(row.blob(3))));
                    return;
                }
                xet::Hash hash;
                const auto raw = row.blob(2);
                std::copy_n(raw.begin(), hash.bytes.size(), hash.bytes.begin());
                recipes_[sha256].insert(storage::xorb_key(hash));
            }
        );
    }

    util::Result<> measure_git() {
        return each(
            "SELECT repo, SUM(size), SUM(COALESCE(LENGTH(data), 0)) FROM git_object GROUP BY repo",
            [&](const db::Statement& row) {
                const auto bytes = static_cast<std::uint64_t>(row.integer(2));
                report_.server.physical += bytes;
                const auto repo = repos_.find(row.integer(0));
                if (repo != repos_.end()) {
                    repo->second.logical += static_cast<std::uint64_t>(row.integer(1));
                    repo->second.physical += bytes;
                }
            }
        );
    }

    util::Result<> measure_large() {
        RAILHUB_TRY(each("SELECT repo, sha256, size FROM lfs_link", [&](const db::Statement& row) {
            repos_[row.integer(0)].logical += static_cast<std::uint64_t>(row.integer(2));
            use(row.integer(0), Sha256::from(row.blob(1)));
        }));
        return each(
            "SELECT DISTINCT repo, blob_sha256 FROM git_object WHERE blob_sha256 IS NOT NULL",
            [&](const db::Statement& row) {
                if (repos_.count(row.integer(0)) != 0) {
                    use(row.integer(0), Sha256::from(row.blob(1)));
                }
            }
        );
    }

    void use(std::int64_t repo, const Sha256& sha256) {
        const auto loose = objects_.find(storage::blob_key(sha256));
        if (loose != objects_.end()) {
            loose->second.users.insert(repo);
            return;
        }
        const auto recipe = recipes_.find(sha256);
        if (recipe == recipes_.end()) {
            return;
        }
        for (const std::string& key : recipe->second) {
            const auto object = objects_.find(key);
            if (object != objects_.end()) {
                object->second.users.insert(repo);
            }
        }
    }

    util::Result<> measure_trash() {
        RAILHUB_TRY(const TrashSum trash, sum_trash(*tx_));
        report_.trash += trash.database_bytes;
        return {};
    }

    void share_objects() {
        for (const auto& [key, object] : objects_) {
            for (const std::int64_t user : object.users) {
                repos_[user].physical += object.bytes / object.users.size();
            }
        }
    }

    void add_freeable(const Plan& plan) {
        std::map<std::string, std::uint64_t> by_name;
        for (const PlanShare& share : shares_by_repo(plan)) {
            by_name[share.name] = share.bytes;
            report_.server.freeable += share.bytes;
        }
        for (auto& [row, usage] : repos_) {
            const auto found = by_name.find(usage.name);
            usage.freeable = found != by_name.end() ? found->second : 0;
        }
    }

    static void largest_first(std::vector<Usage>& list) {
        std::stable_sort(list.begin(), list.end(), [](const Usage& a, const Usage& b) {
            return a.physical > b.physical;
        });
    }

    void sum_up() {
        std::map<std::string, Usage> owners;
        for (const auto& [row, usage] : repos_) {
            Usage& owner = owners[owners_[row]];
            owner.name = owners_[row];
            owner.repos += 1;
            owner.logical += usage.logical;
            owner.physical += usage.physical;
            owner.freeable += usage.freeable;
            report_.server.repos += 1;
            report_.server.logical += usage.logical;
            report_.repos.push_back(usage);
        }
        for (const auto& [name, usage] : owners) {
            report_.owners.push_back(usage);
        }
        largest_first(report_.repos);
        largest_first(report_.owners);
    }

    const util::Context& ctx_;
    const Places& places_;
    std::unique_ptr<db::Transaction> tx_;
    std::map<std::string, StoreObject, std::less<>> objects_;
    std::map<Sha256, std::set<std::string>> recipes_;
    std::map<std::int64_t, Usage> repos_;
    std::map<std::int64_t, std::string> owners_;
    UsageReport report_;
};

} // namespace

util::Result<UsageReport> measure(const util::Context& ctx, const Places& places) {
    return Measuring(ctx, places).run();
}

} // namespace railhub::collect
