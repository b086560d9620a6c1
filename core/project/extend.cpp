// SPDX-License-Identifier: Apache-2.0
// Follows `extends` from file to file; merges from the farthest to the nearest.
#include "core/project/extend.h"

#include "core/util/text.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

namespace railhub::project {

namespace {

constexpr std::string_view kHubPrefix = "hub ";
constexpr std::string_view kPolicyFile = "railhub.toml";

struct HubAddress {
    std::string repo;
    std::string revision;
    std::string path;
};

// "owner/name@rev" or "owner/name@rev:folder/policy.toml".
HubAddress parse_address(std::string_view text) {
    HubAddress address;
    const std::size_t colon = text.find(':');
    address.path = colon == std::string_view::npos ? std::string(kPolicyFile)
                                                   : std::string(text.substr(colon + 1));
    const std::string_view spec = text.substr(0, colon);
    const std::size_t at = spec.find('@');
    address.repo = std::string(util::trim(spec.substr(0, at)));
    address.revision =
        at == std::string_view::npos ? "" : std::string(util::trim(spec.substr(at + 1)));
    return address;
}

bool is_hub_address(const std::string& extends) {
    return extends.starts_with(kHubPrefix);
}

std::string plain_path(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
}

// How a file is called in messages, and what makes it the same file.
std::string name_of_extended(const std::string& from, const std::string& extends) {
    if (is_hub_address(extends)) {
        return std::string(util::trim(extends));
    }
    return plain_path(
        extends.starts_with('/') ? extends : util::join_path(util::parent_path(from), extends)
    );
}

// Later settings win, so those of the base come first.
template <class Item>
void take_base(std::vector<Item>& own, std::vector<Item> base) {
    own.insert(
        own.begin(), std::make_move_iterator(base.begin()), std::make_move_iterator(base.end())
    );
}

class Follower {
  public:
    Follower(const util::Context& ctx, util::Fs& fs, const std::string& folder, PolicySource* hub)
        : ctx_(ctx), fs_(fs), folder_(folder), hub_(hub) {}

    util::Result<Reading> run(const std::string& path) {
        RAILHUB_TRY(const std::string text, read_local(path));
        std::vector<Project> chain;
        take(text, path, chain);
        while (!chain.back().extends.empty()) {
            RAILHUB_TRY(ctx_.check_stop());
            const Project& last = chain.back();
            const std::string next = name_of_extended(last.file, last.extends.text);
            if (seen_.contains(next) || chain.size() >= kMaxExtends) {
                add_mistake(last, next);
                break;
            }
            RAILHUB_TRY(const std::string base, read(last.file, last.extends.text, next));
            take(base, next, chain);
        }
        Project all = std::move(chain.back());
        for (auto near = std::next(chain.rbegin()); near != chain.rend(); ++near) {
            all = extended_by(std::move(all), std::move(*near));
        }
        return Reading{std::move(all), std::move(mistakes_)};
    }

  private:
    void take(const std::string& text, const std::string& name, std::vector<Project>& chain) {
        Reading reading = read_project(text, name);
        std::move(reading.mistakes.begin(), reading.mistakes.end(), std::back_inserter(mistakes_));
        seen_.insert(name);
        chain.push_back(std::move(reading.project));
    }

    void add_mistake(const Project& last, const std::string& next) {
        const bool is_cycle = seen_.contains(next);
        mistakes_.push_back(
            {"project.extends",
             is_cycle ? "'" + next + "' extends itself, by way of this file"
                      : "more than " + std::to_string(kMaxExtends) + " files extend each other",
             is_cycle ? "let one of them stand by itself" : "put what they say into fewer files",
             last.extends.at}
        );
    }

    util::Result<std::string> read_local(const std::string& path) {
        return util::read_file(
            fs_, path.starts_with('/') ? path : util::join_path(folder_, path), kMaxProjectFile
        );
    }

    util::Result<std::string>
    read(const std::string& from, const std::string& extends, const std::string& name) {
        const std::string where = "extended by '" + from + "'";
        if (!is_hub_address(extends)) {
            if (is_hub_address(from)) {
                return util::fail(
                    util::Code::InvalidInput,
                    "'" + extends + "' is no address on a hub",
                    "a policy on a hub extends 'hub owner/name@revision' only"
                );
            }
            return read_local(name).with_context(where);
        }
        if (hub_ == nullptr) {
            return util::fail(
                util::Code::Unavailable,
                "cannot read policy '" + extends + "': offline",
                "check once with a connection; the policy is then kept"
            );
        }
        const HubAddress address =
            parse_address(std::string_view(extends).substr(kHubPrefix.size()));
        return hub_->policy(ctx_, address.repo, address.revision, address.path).with_context(where);
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    const std::string& folder_;
    PolicySource* hub_;
    std::vector<Mistake> mistakes_;
    std::set<std::string> seen_;
};

} // namespace

Project extended_by(Project base, Project near) {
    near.extended.push_back(base.file);
    near.extended.insert(near.extended.end(), base.extended.begin(), base.extended.end());
    if (near.license.empty()) {
        near.license = std::move(base.license);
    }
    if (!near.use.delivery) {
        near.use.delivery = base.use.delivery;
    }
    if (near.use.territories.empty()) {
        near.use.territories = std::move(base.use.territories);
    }
    if (near.use.purposes.empty()) {
        near.use.purposes = std::move(base.use.purposes);
    }
    if (near.use.audience.empty()) {
        near.use.audience = std::move(base.use.audience);
    }
    take_base(near.use.facts, std::move(base.use.facts));
    take_base(near.scan.exclude, std::move(base.scan.exclude));
    take_base(near.scan.skip, std::move(base.scan.skip));
    take_base(near.scan.ignore, std::move(base.scan.ignore));
    take_base(near.policy.switches, std::move(base.policy.switches));
    take_base(near.policy.allow, std::move(base.policy.allow));
    take_base(near.policy.allow_terms, std::move(base.policy.allow_terms));
    take_base(near.policy.deny, std::move(base.policy.deny));
    take_base(near.policy.severities, std::move(base.policy.severities));
    take_base(near.policy.exceptions, std::move(base.policy.exceptions));
    take_base(near.policy.clarifications, std::move(base.policy.clarifications));
    take_base(near.artifacts, std::move(base.artifacts));
    take_base(near.attestations, std::move(base.attestations));
    take_base(near.waivers, std::move(base.waivers));
    return near;
}

util::Result<Reading> read_project_file(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    const std::string& name,
    PolicySource* hub
) {
    return Follower(ctx, fs, folder, hub).run(name);
}

} // namespace railhub::project
