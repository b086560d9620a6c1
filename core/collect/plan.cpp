// SPDX-License-Identifier: Apache-2.0
// Sums over a plan.
#include "core/collect/plan.h"

#include <algorithm>
#include <map>

namespace railhub::collect {

namespace {

using Shares = std::map<std::string, PlanShare>;

void add_share(Shares& shares, const std::string& name, std::uint64_t things, std::uint64_t bytes) {
    PlanShare& share = shares[name];
    share.name = name;
    share.things += things;
    share.bytes += bytes;
}

// "models/acme/bert": "acme".
std::string owner_of(const std::string& repo) {
    const std::size_t first = repo.find('/');
    const std::size_t second = first == repo.npos ? first : repo.find('/', first + 1);
    return second == repo.npos ? std::string() : repo.substr(first + 1, second - first - 1);
}

Shares shares_of(const Plan& plan) {
    Shares shares;
    for (const auto& item : plan.histories) {
        add_share(shares, item.repo, item.objects.size() + item.links.size(), item.bytes);
    }
    for (const auto& item : plan.repos) {
        add_share(shares, item.repo, 1, item.bytes);
    }
    for (const auto& item : plan.uploads) {
        add_share(shares, item.repo, 1, 0);
    }
    for (const auto& item : plan.segments) {
        add_share(shares, item.repo, 1, item.bytes);
    }
    for (const auto& item : plan.objects) {
        add_share(shares, item.repo, 1, item.bytes);
    }
    for (const auto& item : plan.caches) {
        add_share(shares, item.repo, 1, item.bytes);
    }
    return shares;
}

std::vector<PlanShare> by_size(const Shares& shares) {
    std::vector<PlanShare> list;
    for (const auto& [name, share] : shares) {
        list.push_back(share);
    }
    std::stable_sort(list.begin(), list.end(), [](const PlanShare& a, const PlanShare& b) {
        return a.bytes > b.bytes;
    });
    return list;
}

} // namespace

bool Plan::is_empty() const {
    return histories.empty() && repos.empty() && uploads.empty() && files.empty() &&
           segments.empty() && objects.empty() && caches.empty();
}

std::uint64_t Plan::store_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& item : segments) {
        sum += item.bytes;
    }
    for (const auto& item : objects) {
        sum += item.bytes;
    }
    for (const auto& item : caches) {
        sum += item.bytes;
    }
    return sum;
}

std::uint64_t Plan::database_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& item : histories) {
        sum += item.bytes;
    }
    for (const auto& item : repos) {
        sum += item.bytes;
    }
    return sum;
}

std::vector<PlanShare> shares_by_repo(const Plan& plan) {
    return by_size(shares_of(plan));
}

std::vector<PlanShare> shares_by_owner(const Plan& plan) {
    Shares owners;
    for (const auto& [name, share] : shares_of(plan)) {
        add_share(owners, owner_of(name), share.things, share.bytes);
    }
    return by_size(owners);
}

} // namespace railhub::collect
