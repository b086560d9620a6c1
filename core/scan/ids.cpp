// SPDX-License-Identifier: Apache-2.0
#include "core/scan/ids.h"

#include "core/scan/characters.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxName = 96;

bool is_name_text(std::string_view name) {
    if (name.empty() || name.size() > kMaxName || name.front() == '-' || name.front() == '.' ||
        name.back() == '-' || name.back() == '.' || name.find("..") != std::string_view::npos) {
        return false;
    }
    return std::all_of(name.begin(), name.end(), [](char ch) {
        return is_letter(ch) || is_digit(ch) || ch == '_' || ch == '-' || ch == '.';
    });
}

bool has_letter(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_letter);
}

// A file by its ending, not a repository ("v1.5" is no ending).
bool names_file(std::string_view name) {
    static constexpr std::array<std::string_view, 64> kEndings = {
        "json", "jsonl",       "txt",   "py",     "csv", "tsv",  "pt",      "bin",
        "gguf", "safetensors", "onnx",  "yaml",   "yml", "md",   "parquet", "pkl",
        "pth",  "ckpt",        "zip",   "tar",    "gz",  "wav",  "mp3",     "png",
        "jpg",  "jpeg",        "gif",   "svg",    "mp4", "html", "js",      "ts",
        "tsx",  "jsx",         "mjs",   "sh",     "db",  "h5",   "model",   "vocab",
        "cfg",  "toml",        "ini",   "log",    "npy", "npz",  "pdf",     "xml",
        "css",  "ipynb",       "so",    "dll",    "exe", "whl",  "flac",    "ogg",
        "webp", "msgpack",     "proto", "tflite", "ot",  "git",  "keras",   "arrow",
    };
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    const std::string ending = util::lower(name.substr(dot + 1));
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// What documentation writes where the reader's own name belongs.
bool is_placeholder(std::string_view part) {
    static constexpr std::array<std::string_view, 25> kWhole = {
        "org",          "user",         "username",   "owner",     "namespace",
        "organization", "organisation", "author",     "repo",      "model-id",
        "model_id",     "model-name",   "model_name", "modelname", "dataset-name",
        "dataset_name", "repo-name",    "repo_name",  "repo_id",   "name",
    };
    static constexpr std::array<std::string_view, 14> kBegin = {
        "your-",
        "your_",
        "my-",
        "my_",
        "<",
        "path-to",
        "path_to",
        "some-",
        "some_",
        "xxx-",
        "xxx_",
        "placeholder",
        "foo",
        "custom-"};
    const std::string low = util::lower(part);
    return std::find(kWhole.begin(), kWhole.end(), low) != kWhole.end() || low == "your" ||
           low.find_first_not_of('x') == std::string::npos ||
           std::any_of(kBegin.begin(), kBegin.end(), [&](std::string_view begin) {
               return low.starts_with(begin);
           });
}

// mlx_models/tiny: a folder.
bool is_folder_of_weights(std::string_view low) {
    static constexpr std::array<std::string_view, 5> kEndings = {
        "_models", "_model", "_checkpoints", "_weights", "_ckpts"};
    return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
        return low.ends_with(ending);
    });
}

bool is_builtin_org(const Tables& tables, std::string_view org) {
    const std::string low = util::lower(org);
    return tables.local_words.contains(low) || is_placeholder(low) || is_folder_of_weights(low);
}

// Services write their names in small letters; the owner of the same name on the hub may not.
bool is_provider(const Tables& tables, std::string_view text) {
    return std::any_of(
        tables.provider_prefixes.begin(),
        tables.provider_prefixes.end(),
        [&](const std::string& pattern) { return util::glob_match(pattern, text); }
    );
}

// k8s.io/api, loadbalancer.acme.example/finalizer: names of groups, packages and pages.
bool is_domain(std::string_view owner) {
    static constexpr std::array<std::string_view, 8> kEndings = {
        ".io", ".com", ".org", ".net", ".dev", ".co", ".gg", ".local"};
    return std::count(owner.begin(), owner.end(), '.') > 1 ||
           std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
               return owner.ends_with(ending);
           });
}

// A commit of a repository or of a file, no name.
bool is_hash(std::string_view name) {
    constexpr std::size_t kShortest = 32;
    return name.size() >= kShortest &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "owner/name--module.Class", code in a repository, as configurations name it. No repository has
// "--" in its name.
std::string_view cut_code(std::string_view text) {
    const std::size_t dashes = text.find("--");
    if (dashes == std::string_view::npos) {
        return text;
    }
    return text.find('.', dashes) == std::string_view::npos ? std::string_view()
                                                            : text.substr(0, dashes);
}

// Cuts "@revision" and ":quantization" off.
std::string_view cut_tail(std::string_view text, std::string& revision) {
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        revision = text.substr(at + 1);
        text = text.substr(0, at);
    }
    return text.substr(0, text.find(':'));
}

std::string today(const Tables& tables, std::string_view id, ArtifactKind kind) {
    const auto& names =
        kind == ArtifactKind::Dataset ? tables.dataset_aliases : tables.model_aliases;
    const auto found = names.find(id);
    return found == names.end() ? std::string(id) : found->second;
}

std::optional<HubId> read_with_owner(
    const Tables& tables, std::string_view text, const Catalogue& catalogue, Evidence evidence
) {
    HubId out;
    const std::string_view plain = cut_code(cut_tail(text, out.revision));
    const std::size_t slash = plain.find('/');
    const std::string_view owner = plain.substr(0, slash);
    const std::string_view name =
        slash == std::string_view::npos ? std::string_view() : plain.substr(slash + 1);
    if (!has_id_shape(plain) || is_builtin_org(tables, owner) || is_placeholder(name)) {
        return std::nullopt;
    }
    if (names_file(name) || is_hash(name) || !has_letter(owner) || !has_letter(name)) {
        return std::nullopt;
    }
    if (evidence == Evidence::Key && (is_provider(tables, plain) || is_domain(owner))) {
        return std::nullopt;
    }
    out.id = plain;
    out.source = catalogue.source;
    out.confidence = evidence == Evidence::Call ? Confidence::High : Confidence::Medium;
    return out;
}

bool is_in_families(const Catalogue& catalogue, std::string_view name) {
    return std::any_of(
        catalogue.families.begin(),
        catalogue.families.end(),
        [&](const std::string& family) { return util::glob_match(family, name); }
    );
}

std::optional<HubId> read_bare(
    const Tables& tables,
    std::string_view text,
    ArtifactKind kind,
    const Catalogue& catalogue,
    bool is_dataset_call
) {
    HubId out;
    out.source = catalogue.source;
    const auto& aliases =
        kind == ArtifactKind::Dataset ? tables.dataset_aliases : tables.model_aliases;
    if (const auto alias = aliases.find(text);
        alias != aliases.end() && catalogue.source == "huggingface") {
        out.id = alias->second;
        return out;
    }
    if (!is_name_text(text) || !has_letter(text)) {
        return std::nullopt;
    }
    const std::string_view stem = text.substr(0, text.find('.'));
    if (is_in_families(catalogue, text) ||
        (catalogue.takes_tag && catalogue.names.contains(std::string(stem)))) {
        out.id = catalogue.prefix + std::string(text);
        return out;
    }
    if (!catalogue.takes_unknown || names_file(text) || is_placeholder(text)) {
        return std::nullopt;
    }
    if (is_dataset_call &&
        (tables.dataset_builders.contains(text) || tables.local_words.contains(text))) {
        return std::nullopt;
    }
    out.id = catalogue.prefix + std::string(text);
    out.confidence = is_dataset_call ? Confidence::Low : Confidence::Medium;
    return out;
}

// How large a model is, as a tag says it: 7b, 3.5b-instruct-q4_0, 8x7b, e4b, 270m.
bool is_size_tag(std::string_view tag) {
    tag.remove_prefix(tag.starts_with('e') ? 1 : 0);
    const std::size_t end = tag.find_first_not_of("0123456789.x");
    if (end == 0 || end == std::string_view::npos || (tag[end] != 'b' && tag[end] != 'm')) {
        return false;
    }
    return end + 1 == tag.size() || tag[end + 1] == '-';
}

// Ollama's names where they cannot be others: behind its prefix, and by their tag.
std::optional<HubId> read_ollama(std::string_view text, Evidence evidence) {
    HubId out;
    out.source = "ollama";
    out.confidence = evidence == Evidence::Call ? Confidence::High : Confidence::Medium;
    for (const std::string_view prefix : {"ollama/", "ollama_chat/"}) {
        if (text.starts_with(prefix)) {
            const std::string_view name = text.substr(prefix.size());
            const std::string_view stem = name.substr(0, name.find(':'));
            out.id = name;
            return is_name_text(stem) && stem != "ollama" ? std::optional(out) : std::nullopt;
        }
    }
    const std::size_t colon = text.find(':');
    if (evidence != Evidence::Key || colon == std::string_view::npos ||
        !is_name_text(text.substr(0, colon)) || !is_size_tag(text.substr(colon + 1))) {
        return std::nullopt;
    }
    out.id = text;
    return out;
}

std::optional<HubId> read_pairs(const Tables& tables, std::string_view text) {
    for (const std::string_view pair : util::split(text, ',')) {
        if (pair.starts_with("pretrained=")) {
            return read_hub_id(
                tables,
                pair.substr(pair.find('=') + 1),
                ArtifactKind::Model,
                "transformers",
                Evidence::Call
            );
        }
    }
    return std::nullopt;
}

} // namespace

bool has_id_shape(std::string_view text) {
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && is_name_text(text.substr(0, slash)) &&
           is_name_text(text.substr(slash + 1));
}

std::optional<HubId> read_hub_address(const Tables& tables, std::string_view text) {
    static constexpr std::array<std::string_view, 9> kHosts = {
        "https://huggingface.co/",
        "http://huggingface.co/",
        "https://hf.co/",
        "https://www.huggingface.co/",
        "hf://",
        "https://api-inference.huggingface.co/",
        "https://router.huggingface.co/hf-inference/",
        "git@hf.co:",
        "https://hf-mirror.com/"};
    std::string_view rest;
    for (const std::string_view host : kHosts) {
        if (text.starts_with(host)) {
            rest = text.substr(host.size());
        }
    }
    if (rest.empty()) {
        return std::nullopt;
    }
    rest = rest.substr(0, rest.find_first_of("?# \"'"));
    HubId out;
    out.kind = ArtifactKind::Model;
    auto parts = util::split(rest, '/');
    if (parts.front() == "datasets" || parts.front() == "spaces" || parts.front() == "models" ||
        parts.front() == "pipeline") {
        out.kind = parts.front() == "datasets" ? ArtifactKind::Dataset
                   : parts.front() == "spaces" ? ArtifactKind::Space
                                               : ArtifactKind::Model;
        parts.erase(
            parts.begin(), parts.begin() + (parts.front() == "pipeline" && parts.size() > 2 ? 2 : 1)
        );
    }
    if (parts.size() < 2) {
        return std::nullopt;
    }
    std::string_view name = parts[1];
    if (name.ends_with(".git")) {
        name.remove_suffix(4);
    }
    const bool is_old = name == "resolve" || name == "raw"; // a repository without owner
    const std::string id =
        is_old ? today(tables, parts[0], *out.kind)
               : std::string(parts[0]) + '/' + std::string(cut_tail(name, out.revision));
    if (!has_id_shape(id) || is_builtin_org(tables, parts[0]) || parts[0] == "docs" ||
        parts[0] == "blog" || parts[0] == "papers" || parts[0] == "settings" || parts[0] == "api" ||
        parts[0] == "collections" || parts[0] == "learn" || parts[0] == "join" ||
        parts[0] == "tasks" || parts[0] == "new") {
        return std::nullopt;
    }
    const std::size_t verb = is_old ? 1 : 2;
    if (parts.size() > verb + 1 && (parts[verb] == "resolve" || parts[verb] == "raw" ||
                                    parts[verb] == "blob" || parts[verb] == "tree")) {
        out.revision = parts[verb + 1];
    }
    out.id = id;
    return out;
}

std::optional<HubId> read_hub_id(
    const Tables& tables,
    std::string_view text,
    ArtifactKind kind,
    std::string_view catalogue_name,
    Evidence evidence
) {
    static const Catalogue kPlain;
    const auto row = tables.catalogues.find(catalogue_name);
    const Catalogue& catalogue = row == tables.catalogues.end() ? kPlain : row->second;
    text = util::trim(text);
    if (text.empty() || text.size() > kMaxName * 4) {
        return std::nullopt;
    }
    if (text.find("://") != std::string_view::npos || text.starts_with("git@")) {
        return read_hub_address(tables, text);
    }
    if (auto found = kind == ArtifactKind::Model ? read_ollama(text, evidence) : std::nullopt;
        found) {
        return found;
    }
    if (catalogue_name == "pairs") {
        return read_pairs(tables, text);
    }
    if (const auto known = catalogue.names.find(std::string(text));
        known != catalogue.names.end()) {
        HubId out;
        out.id = known->second;
        return out;
    }
    for (const std::string& prefix : tables.stripped_prefixes) {
        if (text.starts_with(prefix) && text.find('/', prefix.size()) != std::string_view::npos) {
            return read_with_owner(tables, text.substr(prefix.size()), kPlain, evidence);
        }
    }
    if (catalogue.source == "torch.hub" || catalogue.source == "ollama") {
        // Their names are not the hub's: taken as written.
        const bool is_path = text.front() == '.' || text.front() == '/' || text.front() == '~';
        const bool is_other = text.find_first_of(" \\{$<") != std::string_view::npos;
        if (is_path || is_other ||
            (catalogue.source == "torch.hub" && text.find('/') == std::string_view::npos)) {
            return std::nullopt;
        }
        HubId out;
        out.id = text;
        out.source = catalogue.source;
        return out;
    }
    if (text.starts_with("datasets/") && has_id_shape(text.substr(9))) {
        auto out = read_with_owner(tables, text.substr(9), kPlain, evidence);
        if (out) {
            out->kind = ArtifactKind::Dataset;
        }
        return out;
    }
    if (text.find('/') != std::string_view::npos) {
        const bool is_other_hub = catalogue.is_strict || catalogue.source == "open_clip";
        return is_other_hub ? std::nullopt : read_with_owner(tables, text, catalogue, evidence);
    }
    if (catalogue_name.empty()) {
        return std::nullopt;
    }
    auto out = read_bare(tables, text, kind, catalogue, catalogue_name == "datasets");
    if (out && evidence == Evidence::Key && out->confidence == Confidence::High) {
        out->confidence = Confidence::Medium;
    }
    return out;
}

bool is_file_address(std::string_view text) {
    if (text.find(' ') != std::string_view::npos) {
        return false;
    }
    return text.starts_with("hf://") ||
           (text.starts_with("http") && text.find("/resolve/") != std::string_view::npos) ||
           text.starts_with("https://api-inference.huggingface.co/models/") ||
           text.starts_with("https://router.huggingface.co/hf-inference/models/");
}

bool is_pinned_revision(std::string_view revision) {
    constexpr std::size_t kShortest = 7;
    constexpr std::size_t kLongest = 40;
    return revision.size() >= kShortest && revision.size() <= kLongest &&
           revision.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace railhub::scan
