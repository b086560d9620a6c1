// SPDX-License-Identifier: Apache-2.0
// Tells repositories, folders and the rest apart by their look alone.
#include "core/origin/reference.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

using Place = Reference::Place;
using types::RepoKind;

// Sites whose addresses name repositories as ours do.
constexpr std::array<std::string_view, 4> kHubHosts = {
    "huggingface.co", "www.huggingface.co", "hf.co", "hub.huggingface.co"};

// Endings of files of weights: "models/base.safetensors" is a file, not a repository.
constexpr std::array<std::string_view, 8> kFileEndings = {
    ".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".onnx", ".h5"};

struct KindPrefix {
    std::string_view prefix;
    RepoKind kind;
};

constexpr std::array kKindPrefixes = {
    KindPrefix{"datasets/", RepoKind::Dataset},
    KindPrefix{"spaces/", RepoKind::Space},
    KindPrefix{"models/", RepoKind::Model},
};

Reference elsewhere(std::string_view text, RepoKind kind) {
    return {Place::Elsewhere, kind, shown_text(text), {}};
}

bool is_file_name(std::string_view text) {
    const std::string small = util::lower(text);
    return std::any_of(kFileEndings.begin(), kFileEndings.end(), [&](std::string_view ending) {
        return small.ends_with(ending);
    });
}

bool is_path(std::string_view text) {
    const bool drive = text.size() > 2 && text[1] == ':' && (text[2] == '\\' || text[2] == '/');
    return drive || text.starts_with('/') || text.starts_with('.') || text.starts_with('~') ||
           text.find('\\') != std::string_view::npos ||
           std::count(text.begin(), text.end(), '/') > 1;
}

// The path part of an address, and whether its host is one of the hubs.
struct Address {
    bool is_hub = false;
    std::string_view path;
};

std::optional<Address> parse_address(std::string_view text) {
    if (text.starts_with("hf://")) {
        return Address{true, text.substr(5)};
    }
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(scheme + 3);
    const std::size_t slash = rest.find('/');
    const std::string host = util::lower(rest.substr(0, slash));
    Address address;
    address.is_hub = std::find(kHubHosts.begin(), kHubHosts.end(), host) != kHubHosts.end();
    address.path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    return address;
}

// "owner/name/tree/v1/..." or "owner/name@v1"
std::optional<Reference> parse_hub_path(std::string_view path, RepoKind kind) {
    path = path.substr(0, path.find_first_of("?#"));
    for (const KindPrefix& row : kKindPrefixes) {
        if (path.starts_with(row.prefix)) {
            kind = row.kind;
            path.remove_prefix(row.prefix.size());
            break;
        }
    }
    const std::vector<std::string_view> parts = util::split(path, '/');
    if (parts.empty() || parts[0].empty()) {
        return std::nullopt;
    }
    const bool has_owner = parts.size() > 1 && !parts[1].empty();
    std::string id(parts[0]);
    std::string revision;
    if (has_owner) {
        id += "/" + std::string(parts[1]);
    }
    if (const std::size_t at = id.find('@'); at != std::string::npos) {
        revision = id.substr(at + 1);
        id.resize(at);
    } else if (parts.size() > 3 && (parts[2] == "tree" || parts[2] == "blob" || parts[2] == "resolve" || parts[2] == "commit")) {
        revision = std::string(parts[3]);
    }
    if (id.empty() || id.size() > kMaxReference || revision.size() > kMaxReference) {
        return std::nullopt;
    }
    return Reference{Place::Repo, kind, std::move(id), std::move(revision)};
}

bool can_be_repo(std::string_view id) {
    return std::all_of(id.begin(), id.end(), [](char ch) {
        return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
               ch == '-' || ch == '_' || ch == '.' || ch == '/';
    });
}

} // namespace

std::string shown_text(std::string_view text) {
    std::size_t end = std::min(text.size(), kMaxReference);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U
    ) {
        --end;
    }
    std::string shown(text.substr(0, end));
    std::replace_if(
        shown.begin(),
        shown.end(),
        [](char ch) { return static_cast<unsigned char>(ch) < 0x20 || ch == 0x7F; },
        ' '
    );
    if (end < text.size()) {
        shown += "...";
    }
    return util::is_valid_utf8(shown) ? shown : std::string("(no text)");
}

std::optional<Reference> parse_reference(std::string_view text, RepoKind kind) {
    text = util::trim(text);
    if (text.empty()) {
        return std::nullopt;
    }
    if (const std::optional<Address> address = parse_address(text)) {
        const auto parsed =
            address->is_hub ? parse_hub_path(address->path, kind) : std::optional<Reference>();
        return parsed && can_be_repo(parsed->id) ? parsed : elsewhere(text, kind);
    }
    if (text.size() > kMaxReference) {
        return elsewhere(text, kind);
    }
    if (is_path(text)) {
        return is_file_name(text) ? elsewhere(text, kind)
                                  : Reference{Place::Folder, kind, shown_text(text), {}};
    }
    const std::size_t at = text.find('@');
    const std::string_view id = text.substr(0, at);
    if (id.empty() || is_file_name(id) || !can_be_repo(id)) {
        return elsewhere(text, kind);
    }
    return Reference{
        Place::Repo,
        kind,
        std::string(id),
        at == std::string_view::npos ? std::string() : shown_text(text.substr(at + 1))};
}

std::string describe(const Reference& reference) {
    return reference.revision.empty() ? reference.id : reference.id + "@" + reference.revision;
}

} // namespace railhub::origin
