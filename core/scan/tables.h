// SPDX-License-Identifier: Apache-2.0
// Tables: what is known of libraries, configuration files and commands, read
// from data/*.json.
#pragma once

#include "core/scan/use.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace railhub::scan {

constexpr std::size_t kNoIndex = 999;

// An argument, option or key that names something.
struct IdRule {
    std::string name;             // keyword; empty: by place only
    std::size_t index = kNoIndex; // place among the arguments, from 0
    std::optional<ArtifactKind> kind = {};
    std::optional<Role> role = {};
    std::string component = {};
    std::string catalogue = {};         // how short names are read: a key of Tables::catalogues
    std::string fallback = {};          // the id when the argument is not given
    std::vector<std::string> path = {}; // JavaScript: members of an object argument
    std::string joined = {};            // another argument that makes the id with this one
    std::size_t joined_index = kNoIndex;
};

struct CallRule {
    std::string pattern;               // over the last parts: "PeftModel*.from_pretrained"
    std::vector<std::string> packages; // first parts allowed; empty: any; "?": also unknown ones
    bool needs_package = false;        // the package must be known, not merely possible
    std::vector<IdRule> ids = {};
    std::string revision = {};
    std::size_t revision_index = kNoIndex;
    std::string task = {};          // keyword of the task, at place 0
    std::string tasks = {};         // which table of defaults
    std::string kind_argument = {}; // repo_type: says model, dataset or space
    std::string needs = {};         // keyword without which, or with False, nothing is loaded
    std::size_t needs_index = kNoIndex;
    std::string source = {};
};

struct TaskDefault {
    std::string id;
    std::string revision;
};

// A key of a configuration file and what it says.
struct KeyRule {
    std::vector<std::string> patterns; // globs over the lower-case key
    ArtifactKind kind = ArtifactKind::Model;
    std::optional<Role> role = {};
    std::string component = {};
    std::string catalogue = {};
    std::string parent = {};  // globs over the key above; empty: any
    std::string sibling = {}; // a key that the file must have; empty: none
    std::string unless = {};  // a key that it must not have
    bool takes_bare = false;  // also ids without an owner, where they are known
    bool is_strong = false;   // the key alone says enough
};

// Words that names of variables, parameters and keywords are made of.
struct NameWords {
    std::set<std::string, std::less<>> model;
    std::set<std::string, std::less<>> dataset;
    std::set<std::string, std::less<>> pairs; // "repo id": two words that say it together
    std::set<std::string, std::less<>> out;   // say that it is no id
};

struct CommandRule {
    std::string program;               // last part of the first word
    std::vector<std::string> words;    // that must follow
    std::vector<IdRule> operands = {}; // by place behind the words
    std::vector<IdRule> flags = {};    // by name
    std::string revision = {};         // flag
    std::string source = {};
    std::string kind_flag = {};
};

// How a short name of a catalogue becomes a hub id.
struct Catalogue {
    std::string prefix = {};                       // put before names without '/'
    std::map<std::string, std::string> names = {}; // exact
    std::vector<std::string> families = {};        // globs of names that take the prefix
    std::string source = "huggingface";            // where the ids are looked up
    bool takes_unknown = false;                    // names without '/' that are in neither
    bool is_strict = false;                        // ids with '/' must be in `names` too
    bool takes_tag = false;                        // "name.tag", name being in `names`
};

// Immutable; safe from any thread.
struct Tables {
    std::unordered_map<std::string, std::vector<CallRule>> python; // by the call's last word
    std::unordered_map<std::string, std::vector<CallRule>> javascript;
    std::unordered_map<std::string, std::vector<CallRule>> code; // packages: words of the file
    std::map<std::string, std::map<std::string, TaskDefault>, std::less<>> tasks;
    std::map<std::string, std::string, std::less<>> task_aliases;
    std::map<std::string, Catalogue, std::less<>> catalogues;
    std::map<std::string, std::string, std::less<>> model_aliases;
    std::map<std::string, std::string, std::less<>> dataset_aliases;
    std::set<std::string, std::less<>> dataset_builders;
    std::vector<KeyRule> keys;                      // configuration files
    NameWords names;                                // code
    std::set<std::string, std::less<>> local_words; // folders that no owner on the hub is called
    std::vector<std::string> evidence;              // words of files that have to do with models
    std::set<std::string, std::less<>> outputs;     // calls that write to the hub
    std::set<std::string, std::less<>> packages;    // whose import says "this is such a code base"
    std::map<std::string, std::vector<IdRule>, std::less<>> value_calls; // os.getenv -> default
    std::vector<CommandRule> commands;
    std::vector<IdRule> flags;                    // of any program
    std::vector<std::string> provider_prefixes;   // globs of ids that name a service, not the hub
    std::vector<std::string> stripped_prefixes;   // "huggingface/": the id follows
    std::set<std::string, std::less<>> variables; // of the environment, in files and commands
};

// The tables in the binary, read once.
const Tables& builtin_tables();

} // namespace railhub::scan
