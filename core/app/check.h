// SPDX-License-Identifier: Apache-2.0
// The check use case: a tree of files -> card -> lineage -> compliance::evaluate -> Report. The
// CLI, the commit API and git push all call it, so that they say the same.
#pragma once

#include "core/app/source.h"
#include "core/compliance/evaluate.h"
#include "core/license/catalogue.h"
#include "core/report/report.h"
#include "core/types/repo_id.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::app {

// What is known about an upstream artifact.
struct UpstreamCard {
    std::string revision;           // commit the card was read at, or empty
    std::string readme;             // README.md; empty when the repository has none
    std::vector<std::string> files; // paths, if cheaply known; used to tell a quantized model apart
};

// Gives the card of an upstream artifact by the id its derivative names ("org/name"; datasets may
// have one segment). The hub reads its own database, the CLI asks a hub, a cache, or nobody
// (offline).
// - nullopt: the source is authoritative and has no such artifact, or the caller may not see it;
// - Error with Code::Unavailable: nobody could be asked (offline, network): becomes a finding;
// - other Errors end the check.
// Implementations must not tell private repositories apart from absent ones for callers who may not
// read them. One thread at a time.
class LineageResolver {
  public:
    virtual ~LineageResolver() = default;
    virtual util::Result<std::optional<UpstreamCard>>
    card_of(const util::Context& ctx, types::RepoKind kind, const std::string& id) = 0;
};

// Answers Unavailable to everything: `check --offline` without a cache.
class OfflineResolver final : public LineageResolver {
  public:
    util::Result<std::optional<UpstreamCard>>
    card_of(const util::Context& ctx, types::RepoKind kind, const std::string& id) override;
};

struct CheckOptions {
    types::RepoKind kind = types::RepoKind::Model;
    std::string id = {}; // "org/name" when known; a card that names it as its own base is a cycle
    std::string revision = {}; // commit under check, for the report
    compliance::Use use = {};
    compliance::Policy policy = {};
    std::size_t max_ancestors = 256;
    std::size_t max_depth = 32;
};

// Reads README.md and the file names of `source`, resolves its lineage breadth first, evaluates. A
// card that cannot be parsed is a finding, not an Error; Errors are those of `source` and
// `resolver`. Deterministic for the same answers of both.
util::Result<report::Report> check(
    const util::Context& ctx,
    Source& source,
    LineageResolver& resolver,
    const license::Catalogue& catalogue,
    const CheckOptions& options
);

// The lineage alone, for commands that ask other questions about it. A card that cannot be parsed
// is an Error.
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
