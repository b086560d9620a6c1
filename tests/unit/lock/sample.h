// SPDX-License-Identifier: Apache-2.0
// Artifacts of a lock.
#pragma once

#include "core/lock/lock.h"
#include "tests/support/catch.h"

namespace railhub::lock {

inline origin::Facts facts_of(const std::string& license) {
    origin::Facts facts;
    origin::add_claim(facts, {compliance::Basis::Declared, license, "README.md", "", true});
    facts.license_files = {{"LICENSE", std::string(64, 'a')}};
    facts.card_sha256 = std::string(64, 'b');
    origin::settle_licenses(facts);
    return facts;
}

inline Artifact artifact(const std::string& id, const std::string& license) {
    Artifact made;
    made.id = id;
    made.revision = std::string(40, '1');
    made.asked = {{id, ""}};
    made.knowledge = "1a2b3c4d5e6f";
    made.facts = facts_of(license);
    return made;
}

inline Lock sample_lock() {
    Lock lock;
    lock.endpoint = "https://hub.example";
    lock.artifacts = {artifact("org/base", "llama2"), artifact("org/data", "cc-by-4.0")};
    lock.artifacts[0].asked = {{"old/base", ""}, {"org/base", "v1"}};
    lock.artifacts[1].kind = types::RepoKind::Dataset;
    Artifact gone;
    gone.id = "org/gone";
    gone.is_absent = true;
    gone.asked = {{"org/gone", ""}};
    lock.artifacts.push_back(gone);
    sort(lock);
    return lock;
}

} // namespace railhub::lock
