// SPDX-License-Identifier: Apache-2.0
// The check use case: a tree of files -> card -> lineage -> compliance::evaluate -> Report. The
// CLI, the commit API and git push all call it, so that they say the same.
#pragma once

#include "core/app/source.h"
#include "core/compliance/evaluate.h"
#include "core/license/catalogue.h"
#include "core/origin/facts.h"
#include "core/origin/overrides.h"
#include "core/report/report.h"
#include "core/types/repo_id.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::app {

// An upstream as its derivative names it.
struct UpstreamName {
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;            // "org/name"; datasets and old models may have one segment
    std::string revision = {}; // pinned, or empty: the default branch
};

// What is known about an upstream artifact.
struct Upstream {
    std::string id = {};       // its name now, where it was renamed; empty: as asked
    std::string revision = {}; // commit the facts were read at, or empty
    origin::Facts facts = {};
};

// Gives the facts of an upstream artifact. The hub reads its own database, the CLI asks a hub, a
// cache, or nobody (offline).
// - nullopt: the source is authoritative and has no such artifact or revision, or the caller may
//   not see it;
// - Error with Code::Unavailable: nobody could be asked (offline, network): becomes a finding;
// - other Errors end the check.
// Implementations must not tell private repositories apart from absent ones for callers who may not
// read them. One thread at a time.
class LineageResolver {
  public:
    virtual ~LineageResolver() = default;
    virtual util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) = 0;

    // A small file of an artifact at a commit, for people to look at. nullopt: it cannot be had.
    virtual std::optional<std::string>
    text(const util::Context& /*ctx*/, const UpstreamName& /*name*/, const std::string& /*path*/) {
        return std::nullopt;
    }
};

// Answers Unavailable to everything: `check --offline` without a cache.
class OfflineResolver final : public LineageResolver {
  public:
    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override;
};

struct CheckOptions {
    types::RepoKind kind = types::RepoKind::Model;
    std::string id = {}; // "org/name" when known; a card that names it as its own base is a cycle
    std::string revision = {}; // commit under check, for the report
    compliance::Use use = {};
    compliance::Policy policy = {};
    std::size_t max_ancestors = 256;
    std::size_t max_depth = 32;
    // Where the subject lies on disk, and the disk to follow folders that it names; null: folders
    // are of another machine.
    std::string folder = {};
    util::Fs* disk = nullptr;
    const origin::Overrides* overrides = nullptr; // borrowed; null: none
};

// Gathers the facts of `source`, resolves its lineage breadth first, evaluates. A card that cannot
// be parsed is a finding, not an Error; Errors are those of `source` and `resolver`. Deterministic
// for the same answers of both.
util::Result<report::Report> check(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

struct JudgedFacts {
    compliance::Lineage lineage; // as evaluated; of an unreadable card: the subject alone
    compliance::Use use;         // as evaluated: with the name that the work goes by
    report::Report report;
};

// The same from facts of `source` that are there already; of its files only the terms are read.
util::Result<JudgedFacts> judge_facts(
    const util::Context& ctx,
    const origin::Facts& facts,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

// check, with what it evaluated: for commands that ask other questions about the same. A card that
// cannot be parsed is an Error.
util::Result<JudgedFacts> check_in_full(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

// The lineage alone, without what the terms say. A card that cannot be parsed is an Error.
util::Result<compliance::Lineage> lineage_of(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

// True when the report's verdict is at or past policy.fail_on: `railhub check` then exits 1.
bool fails(const report::Report& report, const compliance::Policy& policy);

// Setting `license-gate` of a server or repository. Strict: as Enforce, and what a person has to
// decide is refused too, such as a base model that the hub does not know.
enum class GateMode : std::uint8_t { Off, Warn, Enforce, Strict };

std::string_view gate_mode_word(GateMode mode); // "off", "warn", "enforce", "strict"
std::optional<GateMode> parse_gate_mode(std::string_view word);

struct GateAnswer {
    enum class Decision : std::uint8_t { Pass, PassWithWarning, Refuse } decision = Decision::Pass;
    report::Report report; // empty when the gate is off
    std::string message;   // one line for the pusher: "license check failed: 1 conflict (R3); ...";
                           // empty on Pass
};

// Runs the same check on the tree as it would be after the push and decides. Off: nothing is read,
// Pass. Warn: findings at or past fail_on pass with a warning. Enforce: they refuse; Strict: so
// does anything that needs a person. The caller answers 403 with report::to_json(answer.report) as
// body over HTTP, and prints report::render_text(answer.report) over git side-band.
util::Result<GateAnswer> gate(
    const util::Context& ctx,
    GateMode mode,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

} // namespace railhub::app
