// SPDX-License-Identifier: Apache-2.0
// Sets of statements are compared as words; places and notes do not count.
#include "core/lock/compare.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace railhub::lock {

namespace {

using origin::Facts;
using Words = std::set<std::string>;

constexpr std::size_t kMaxNamed = 8; // differences that a message names
constexpr std::size_t kShortHash = 12;

std::string short_hash(const std::string& hash) {
    return hash.empty() ? "none" : hash.substr(0, kShortHash);
}

// "- a; + b": what went, then what came.
std::string difference(const Words& before, const Words& after) {
    std::vector<std::string> parts;
    std::size_t left_out = 0;
    const auto add = [&](std::string_view sign, const Words& from, const Words& other) {
        for (const std::string& word : from) {
            if (other.contains(word)) {
                continue;
            }
            if (parts.size() < kMaxNamed) {
                parts.push_back(std::string(sign) + word);
            } else {
                ++left_out;
            }
        }
    };
    add("- ", before, after);
    add("+ ", after, before);
    std::string text = util::join(parts, "; ");
    return left_out == 0 ? text : text + "; and " + std::to_string(left_out) + " more";
}

Words claim_words(const Facts& facts) {
    Words words;
    for (const compliance::LicenseClaim& claim : facts.claims) {
        words.insert(
            std::string(compliance::basis_word(claim.basis)) + " '" + claim.license + "' in " +
            claim.where + (claim.note.empty() ? "" : " (" + claim.note + ")")
        );
    }
    for (const std::string& carried : facts.carries) {
        words.insert("carries " + carried);
    }
    if (!facts.license_name.empty()) {
        words.insert("license_name '" + facts.license_name + "'");
    }
    if (!facts.license_link.empty()) {
        words.insert("license_link '" + facts.license_link + "'");
    }
    if (!facts.card_problem.empty()) {
        words.insert("a card that cannot be read: " + facts.card_problem);
    }
    return words;
}

Words origin_words(const Facts& facts) {
    Words words;
    for (const origin::UpstreamFact& fact : facts.upstreams) {
        words.insert(
            std::string(compliance::role_word(fact.role)) + " '" + origin::describe(fact.to) +
            "' (" + std::string(compliance::activity_word(fact.activity)) + ", " + fact.said.where +
            ")"
        );
    }
    for (const std::string& problem : facts.problems) {
        words.insert("a file that cannot be read: " + problem);
    }
    return words;
}

// "LICENSE: 1a2b3c4d5e6f -> 6f5e4d3c2b1a; NOTICE: none -> 0a0b0c0d0e0f"
std::string text_difference(const Facts& before, const Facts& after) {
    std::map<std::string, std::pair<std::string, std::string>> by_path;
    for (const origin::TermsFile& file : before.license_files) {
        by_path[file.path].first = file.sha256;
    }
    for (const origin::TermsFile& file : after.license_files) {
        by_path[file.path].second = file.sha256;
    }
    std::vector<std::string> parts;
    for (const auto& [path, hashes] : by_path) {
        if (hashes.first != hashes.second && parts.size() < kMaxNamed) {
            parts.push_back(
                path + ": sha256 " + short_hash(hashes.first) + " -> " + short_hash(hashes.second)
            );
        }
    }
    return util::join(parts, "; ");
}

std::string commits(const Artifact& locked, const Current& now) {
    return locked.revision == now.revision
               ? std::string()
               : ", commit " + short_hash(locked.revision) + " -> " + short_hash(now.revision);
}

std::string quoted(const std::string& license) {
    return license.empty() ? "no license" : "'" + license + "'";
}

void add_changes(const Artifact& locked, const Current& now, std::vector<Change>& changes) {
    const std::string name = "'" + locked.id + "'";
    const std::string was = license_text(locked.facts);
    const std::string is = license_text(now.facts);
    const std::string claims = difference(claim_words(locked.facts), claim_words(now.facts));
    if (was != is || !claims.empty()) {
        changes.push_back(
            {"lock.changed-license",
             was != is ? "the license of " + name + " changed upstream: " + quoted(was) + " -> " +
                             quoted(is) + commits(locked, now) + " (" + claims + ")"
                       : "what is said of the license of " + name + " changed upstream" +
                             commits(locked, now) + ": " + claims}
        );
    }
    if (const std::string texts = text_difference(locked.facts, now.facts); !texts.empty()) {
        changes.push_back(
            {"lock.changed-text",
             "the license text of " + name + " changed upstream" + commits(locked, now) + ": " +
                 texts}
        );
    }
    const std::string origin = difference(origin_words(locked.facts), origin_words(now.facts));
    if (!origin.empty()) {
        changes.push_back(
            {"lock.changed-origin",
             name + " says otherwise what it was made from" + commits(locked, now) + ": " + origin}
        );
    }
}

} // namespace

report::Severity severity_of(std::string_view code) {
    constexpr std::array<std::string_view, 5> kErrors = {
        "lock.changed-license",
        "lock.changed-origin",
        "lock.changed-text",
        "lock.deleted",
        "lock.missing"};
    const bool is_error = std::find(kErrors.begin(), kErrors.end(), code) != kErrors.end();
    return is_error ? report::Severity::Error : report::Severity::Note;
}

std::vector<Change> changes_of(const Artifact& locked, const std::optional<Current>& now) {
    std::vector<Change> changes;
    const std::string name = "'" + locked.id + "'";
    if (!now) {
        if (!locked.is_absent) {
            changes.push_back(
                {"lock.deleted",
                 name + (locked.revision.empty() ? std::string() : " at " + locked.revision) +
                     " is not on the hub any more"}
            );
        }
        return changes;
    }
    if (locked.is_absent) {
        changes.push_back({"lock.appeared", name + " is on the hub now"});
        return changes;
    }
    add_changes(locked, *now, changes);
    if (changes.empty() && (locked.revision != now->revision || locked.id != now->id)) {
        std::string message = name + " moved";
        if (locked.id != now->id) {
            message += " to '" + now->id + "'";
        }
        changes.push_back(
            {"lock.moved",
             message + commits(locked, *now) + "; license, terms and origin are the same"}
        );
    }
    return changes;
}

} // namespace railhub::lock
