// SPDX-License-Identifier: Apache-2.0
// Verdicts of a whole hub: 2.2 million models by default, with a power-law lineage under 120
// licenses, from cold and after one model has changed its license. Prints one JSON object.
#include "core/compliance/verdict_index.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

namespace compliance = railhub::compliance;
using compliance::Activity;
using compliance::ArtifactKind;
using compliance::Node;
using compliance::Role;
using compliance::VerdictIndex;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLicenses = 120;
constexpr std::array kPopular = {
    "apache-2.0",
    "mit",
    "creativeml-openrail-m",
    "cc-by-nc-4.0",
    "llama3.1",
    "llama2",
    "openrail++",
    "gemma",
    "llama3",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "gpl-3.0",
    "llama3.2"};

class Random {
  public:
    std::uint64_t next() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }

    std::size_t below(std::size_t limit) { return next() % limit; }

    bool chance(unsigned percent) { return below(100) < percent; }

  private:
    std::uint64_t state_ = 88172645463325252U;
};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this process alone: other load on the machine does not show.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// The popular ones first, then the rest of the catalogue.
std::vector<std::string> licenses_by_rank(const railhub::license::Catalogue& catalogue) {
    std::vector<std::string> ids(kPopular.begin(), kPopular.end());
    for (const auto& record : catalogue.records()) {
        const bool known = std::find(ids.begin(), ids.end(), record.id) != ids.end();
        if (record.is_license() && !known && ids.size() < kLicenses) {
            ids.push_back(record.id);
        }
    }
    return ids;
}

// Row i is drawn with weight 1/(i+1).
class Zipf {
  public:
    explicit Zipf(std::size_t rows) {
        double sum = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            sum += 1.0 / static_cast<double>(i + 1);
            sums_.push_back(sum);
        }
    }

    std::size_t draw(Random& random) const {
        const double at = sums_.back() * static_cast<double>(random.below(1U << 30U)) /
                          static_cast<double>(1U << 30U);
        return static_cast<std::size_t>(
            std::lower_bound(sums_.begin(), sums_.end(), at) - sums_.begin()
        );
    }

  private:
    std::vector<double> sums_;
};

struct Made {
    Role role;
    Activity activity;
};

Made how_made(Random& random) {
    const std::size_t at = random.below(100);
    if (at < 45) {
        return {Role::BaseModel, Activity::Finetune};
    }
    if (at < 75) {
        return {Role::BaseModel, Activity::Quantize};
    }
    return at < 95 ? Made{Role::AdapterBase, Activity::Adapter}
                   : Made{Role::MergeSource, Activity::Merge};
}

struct Synthetic {
    std::vector<std::uint16_t> label; // rank; kLicenses: none stated

    struct Link {
        std::uint32_t from;
        std::uint32_t to;
        Made made;
    };

    std::vector<Link> links;
    std::size_t datasets = 0; // the first artifacts
};

// Whoever picks a base picks a random model or, more often, what that was made from, or one of a
// hundred famous ones: the popular get more popular.
Synthetic make_hub(std::size_t count, Random& random) {
    const Zipf zipf(kLicenses);
    const Zipf famous(100);
    Synthetic hub;
    hub.datasets = count / 50;
    std::vector<std::uint32_t> base(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_root = i < hub.datasets + 100 || random.chance(25);
        std::size_t label = random.chance(12) ? kLicenses : zipf.draw(random);
        if (is_root) {
            base[i] = static_cast<std::uint32_t>(i);
        } else {
            const Made made = how_made(random);
            for (int k = made.role == Role::MergeSource ? 0 : 1; k < 2; ++k) {
                std::size_t to = hub.datasets + random.below(i - hub.datasets);
                to = random.chance(60) ? base[to] : to;
                to = random.chance(25) ? hub.datasets + famous.draw(random) : to;
                hub.links.push_back(
                    {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(to), made}
                );
                base[i] = static_cast<std::uint32_t>(to);
            }
            label = random.chance(70) ? hub.label[base[i]] : label;
        }
        if (i >= hub.datasets && random.chance(8)) {
            hub.links.push_back(
                {static_cast<std::uint32_t>(i),
                 static_cast<std::uint32_t>(zipf.draw(random) * hub.datasets / kLicenses),
                 {Role::Dataset, Activity::Train}}
            );
        }
        hub.label.push_back(static_cast<std::uint16_t>(label));
    }
    return hub;
}

void fill(VerdictIndex& index, const Synthetic& hub, const std::vector<std::string>& ids) {
    index.reserve(hub.label.size(), hub.links.size());
    for (std::size_t i = 0; i < hub.label.size(); ++i) {
        Node node;
        node.id = "org" + std::to_string(i % 5000) + "/model-" + std::to_string(i);
        node.kind = i < hub.datasets ? ArtifactKind::Dataset : ArtifactKind::Model;
        if (hub.label[i] < kLicenses) {
            node.licenses = {ids[hub.label[i]]};
        }
        index.add(node, node.id);
    }
    for (const Synthetic::Link& link : hub.links) {
        index.link(link.from, link.to, link.made.role, link.made.activity);
    }
    index.settle();
}

std::uint32_t most_used(const Synthetic& hub) {
    std::vector<std::uint32_t> uses(hub.label.size(), 0);
    for (const Synthetic::Link& link : hub.links) {
        uses[link.to] += link.made.role == Role::Dataset ? 0 : 1;
    }
    return static_cast<std::uint32_t>(std::max_element(uses.begin(), uses.end()) - uses.begin());
}

struct Relabelled {
    double seconds = 0;
    double cpu = 0;
    std::size_t reached = 0;
    std::size_t changed = 0;
};

Relabelled relabel(VerdictIndex& index, std::uint32_t artifact, const std::string& license) {
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    const auto change = index.relabel(artifact, {license});
    return {seconds_since(start), cpu_seconds() - cpu, change.reached, change.changed.size()};
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2200000;
    const auto load = Clock::now();
    const auto knowledge = railhub::license::Catalogue::built_in();
    const double loaded = seconds_since(load);
    if (!knowledge.ok() || count < 1000) {
        return 1;
    }
    const std::vector<std::string> ids = licenses_by_rank(*knowledge);
    Random random;
    const Synthetic hub = make_hub(count, random);
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    VerdictIndex index(*knowledge, {}, {});
    fill(index, hub, ids);
    const double cold = seconds_since(start);
    const double cold_cpu = cpu_seconds() - cpu;
    std::array<std::size_t, 4> verdicts{};
    for (std::uint32_t i = 0; i < index.size(); ++i) {
        ++verdicts.at(static_cast<std::size_t>(index.verdict(i)));
    }
    const std::uint32_t popular = most_used(hub);
    Relabelled worst;
    for (const std::string& license : {ids[30], ids[3], ids[60]}) {
        const Relabelled one = relabel(index, popular, license);
        worst = one.cpu > worst.cpu ? one : worst;
    }
    std::vector<double> times;
    for (int i = 0; i < 1000; ++i) {
        const auto any = static_cast<std::uint32_t>(random.below(index.size()));
        times.push_back(relabel(index, any, ids[random.below(ids.size())]).seconds);
    }
    std::sort(times.begin(), times.end());
    const auto figures = index.figures();
    std::printf(
        "{\"knowledge_seconds\": %.4f, \"artifacts\": %zu, \"links\": %zu, "
        "\"cold_seconds\": %.3f, \"cold_cpu\": %.3f, "
        "\"popular_seconds\": %.4f, \"popular_cpu\": %.4f, "
        "\"popular_reached\": %zu, \"popular_changed\": %zu, "
        "\"median_seconds\": %.6f, \"p99_seconds\": %.6f, "
        "\"profiles\": %zu, \"sets\": %zu, \"descents\": %zu, \"judged\": %zu, "
        "\"verdicts\": [%zu, %zu, %zu, %zu]}\n",
        loaded,
        index.size(),
        hub.links.size(),
        cold,
        cold_cpu,
        worst.seconds,
        worst.cpu,
        worst.reached,
        worst.changed,
        times[times.size() / 2],
        times[times.size() * 99 / 100],
        figures.profiles,
        figures.sets,
        figures.descents,
        figures.judged,
        verdicts[0],
        verdicts[1],
        verdicts[2],
        verdicts[3]
    );
    return 0;
}
