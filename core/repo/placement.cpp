// SPDX-License-Identifier: Apache-2.0
// The decision, the defaults, and the rule files of a commit.
#include "core/repo/placement.h"

#include "core/repo/detail/tree_diff.h"
#include "core/util/text.h"

#include <array>
#include <set>

namespace railhub::repo {

namespace {

using types::Oid;

constexpr std::uint64_t kLargestRuleFile = std::uint64_t{1} << 20;

// Globs of formats that hold weights, arrays and archives (hub-api section 7.3).
constexpr std::array<std::string_view, 35> kLargeEverywhere = {
    "*.7z",          "*.arrow",
    "*.bin",         "*.bz2",
    "*.ckpt",        "*.ftz",
    "*.gz",          "*.h5",
    "*.joblib",      "*.lfs.*",
    "*.mlmodel",     "*.model",
    "*.msgpack",     "*.npy",
    "*.npz",         "*.onnx",
    "*.ot",          "*.parquet",
    "*.pb",          "*.pickle",
    "*.pkl",         "*.pt",
    "*.pth",         "*.rar",
    "*.safetensors", "saved_model/**/*",
    "*.tar.*",       "*.tar",
    "*.tflite",      "*.tgz",
    "*.wasm",        "*.xz",
    "*.zip",         "*.zst",
    "*tfevents*",
};

constexpr std::array<std::string_view, 20> kLargeInDatasets = {
    "*.avro", "*.lz4", "*.mds", "*.pcm", "*.sam",  "*.raw", "*.aac",  "*.flac", "*.mp3", "*.ogg",
    "*.wav",  "*.bmp", "*.gif", "*.png", "*.tiff", "*.jpg", "*.jpeg", "*.webp", "*.mp4", "*.webm",
};

template <std::size_t N>
void append_rules(std::string& text, const std::array<std::string_view, N>& globs) {
    for (const std::string_view glob : globs) {
        text += glob;
        text += " filter=lfs diff=lfs merge=lfs -text\n";
    }
}

// The folders of some paths and all above them, shallow ones before those in them.
std::set<std::string> folders_of(const std::vector<std::string>& paths) {
    std::set<std::string> folders{""};
    for (const std::string& path : paths) {
        for (std::size_t slash = path.find('/'); slash != path.npos;
             slash = path.find('/', slash + 1)) {
            folders.insert(path.substr(0, slash));
        }
    }
    return folders;
}

template <class Rules>
util::Result<> add_file(
    Repository& repository,
    const Oid& commit,
    const std::string& folder,
    std::string_view name,
    Rules& rules
) {
    const std::string path = detail::join(folder, name);
    auto text = repository.text(commit, path, kLargestRuleFile);
    if (!text.ok() && text.error().code == util::Code::TooLarge) {
        return {}; // nobody wrote that by hand
    }
    if (!text.ok()) {
        return std::move(text).error();
    }
    if (text.value()) {
        rules.add(folder, **text);
    }
    return {};
}

template <class Rules>
util::Result<Rules> rules_for(
    Repository& repository,
    const Oid& commit,
    const std::vector<std::string>& paths,
    std::string_view name
) {
    Rules rules;
    for (const std::string& folder : folders_of(paths)) {
        RAILHUB_TRY(add_file(repository, commit, folder, name, rules));
    }
    return rules;
}

} // namespace

bool looks_binary(util::ByteView sample) {
    const std::string_view text = util::as_text(sample);
    return text.find('\0') != text.npos || !util::is_valid_utf8_prefix(text);
}

UploadMode upload_mode(
    const Attributes& attributes, std::string_view path, std::uint64_t size, util::ByteView sample
) {
    if (size == 0) {
        return UploadMode::Regular;
    }
    const bool is_lfs = attributes.lfs(path) == Attributes::Lfs::Yes || size > kLfsThreshold ||
                        looks_binary(sample);
    return is_lfs ? UploadMode::Lfs : UploadMode::Regular;
}

std::string default_gitattributes(types::RepoKind kind) {
    std::string text;
    append_rules(text, kLargeEverywhere);
    if (kind == types::RepoKind::Dataset) {
        append_rules(text, kLargeInDatasets);
    }
    return text;
}

util::Result<Attributes>
attributes_for(Repository& repository, const Oid& commit, const std::vector<std::string>& paths) {
    return rules_for<Attributes>(repository, commit, paths, ".gitattributes");
}

util::Result<IgnoreRules>
ignore_rules_for(Repository& repository, const Oid& commit, const std::vector<std::string>& paths) {
    return rules_for<IgnoreRules>(repository, commit, paths, ".gitignore");
}

util::Result<Attributes> attributes_of(Repository& repository, const Oid& commit) {
    RAILHUB_TRY(const Commit found, repository.commit(commit));
    std::vector<std::string> files;
    detail::TreeDiff walk(
        repository.objects(),
        [&files](const std::string& path, const detail::TreeChange&) -> util::Result<> {
            if (path == ".gitattributes" || path.ends_with("/.gitattributes")) {
                files.push_back(path);
            }
            return {};
        }
    );
    RAILHUB_TRY(walk.run(std::nullopt, found.tree));
    return attributes_for(repository, commit, files);
}

} // namespace railhub::repo
