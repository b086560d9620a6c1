// SPDX-License-Identifier: Apache-2.0
// Artifacts in memory: a source of files, and a hub that knows some.
#pragma once

#include "core/app/check.h"
#include "core/app/gather.h"
#include "tests/support/catch.h"

#include <map>

namespace railhub::app {

inline std::string card_text(const std::string& fields) {
    return "---\n" + fields + "\n---\n";
}

inline const license::Catalogue& catalogue() {
    static const license::Catalogue kCatalogue = [] {
        auto loaded = license::Catalogue::built_in();
        REQUIRE_OK(loaded);
        return std::move(loaded).value();
    }();
    return kCatalogue;
}

class MapSource final : public Source {
  public:
    explicit MapSource(std::map<std::string, std::string> content) : content_(std::move(content)) {}

    [[nodiscard]] std::string label() const override { return "./model"; }

    util::Result<std::vector<std::string>> files(const util::Context& /*ctx*/) override {
        std::vector<std::string> names;
        for (const auto& [name, text] : content_) {
            names.push_back(name);
        }
        return names;
    }

    util::Result<std::optional<std::string>>
    read(const util::Context& /*ctx*/, const std::string& path, std::uint64_t max_bytes) override {
        using Answer = std::optional<std::string>;
        const auto found = content_.find(path);
        if (found == content_.end()) {
            return Answer{};
        }
        if (found->second.size() > max_bytes) {
            return util::fail(util::Code::TooLarge, "'" + path + "' is too large");
        }
        return Answer(found->second);
    }

    util::Result<std::optional<std::string>> read_part(
        const util::Context& /*ctx*/,
        const std::string& path,
        std::uint64_t offset,
        std::size_t length
    ) override {
        const auto found = content_.find(path);
        if (found == content_.end() || !looks_into_files) {
            return std::optional<std::string>{};
        }
        return std::optional(
            offset < found->second.size() ? found->second.substr(offset, length) : std::string()
        );
    }

    bool looks_into_files = true;

  private:
    std::map<std::string, std::string> content_;
};

struct KnownCard {
    std::string revision;
    std::string readme;
    std::map<std::string, std::string> files = {};
};

// Knows some cards; what it is asked is written down.
class MapResolver final : public LineageResolver {
  public:
    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override {
        asked.push_back(std::string(types::kind_word(name.kind)) + " " + name.id);
        if (error) {
            return *error;
        }
        const auto moved = renamed.find(name.id);
        const std::string id = moved == renamed.end() ? name.id : moved->second;
        const auto found = cards.find(name.revision.empty() ? id : id + "@" + name.revision);
        if (found == cards.end()) {
            return std::optional<Upstream>{};
        }
        std::map<std::string, std::string> content = found->second.files;
        content["README.md"] = found->second.readme;
        MapSource source(content);
        Upstream upstream;
        upstream.id = id;
        upstream.revision = found->second.revision;
        RAILHUB_TRY(upstream.facts, gather(ctx, source, name.kind, catalogue()));
        return std::optional(std::move(upstream));
    }

    std::map<std::string, KnownCard> cards;
    std::map<std::string, std::string> renamed;
    std::optional<util::Error> error;
    std::vector<std::string> asked;
};

} // namespace railhub::app
