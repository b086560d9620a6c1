// SPDX-License-Identifier: Apache-2.0
// Compiles the embedded schema of each kind once and words what it finds.
#include "core/card/validate.h"

#include "core/card/schema_text.h"
#include "core/util/json_schema.h"
#include "schemas/data.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace railhub::card {

namespace {

using util::Json;

struct KindSchema {
    types::RepoKind kind;
    std::string_view file;
};

constexpr std::array kSchemas = {
    KindSchema{types::RepoKind::Model, "model-card.v1.schema.json"},
    KindSchema{types::RepoKind::Dataset, "dataset-card.v1.schema.json"},
    KindSchema{types::RepoKind::Space, "space-card.v1.schema.json"},
};

struct CardSchema {
    Json document;
    util::JsonSchema compiled;
};

CardSchema load_schema(std::string_view file) {
    const auto files = schemas_data::files();
    const auto found =
        std::find_if(files.begin(), files.end(), [file](const util::EmbeddedFile& f) {
            return f.path == file;
        });
    RAILHUB_ASSERT(found != files.end()); // embedded by the build
    auto document = util::parse_json(found->text);
    RAILHUB_ASSERT(document.ok());
    auto compiled = util::JsonSchema::compile(*document);
    RAILHUB_ASSERT(compiled.ok());
    return {std::move(document).value(), std::move(compiled).value()};
}

// Compiled at first use and kept: constant data of the program, like a table.
const CardSchema& schema_of(types::RepoKind kind) {
    static const std::array<CardSchema, kSchemas.size()> kCompiled = {
        load_schema(kSchemas[0].file),
        load_schema(kSchemas[1].file),
        load_schema(kSchemas[2].file)};
    for (std::size_t i = 0; i < kSchemas.size(); ++i) {
        if (kSchemas.at(i).kind == kind) {
            return kCompiled.at(i);
        }
    }
    return kCompiled.front();
}

bool names_other(const Json& data) {
    const Json* license = data.find("license");
    return license != nullptr && license->is_string() && *license->as_string() == "other";
}

// What a schema cannot say: one field that is expected because of another.
void warn_about_other(const FrontMatter& front, Validation& out) {
    if (!names_other(front.data)) {
        return;
    }
    for (const std::string_view field : {"license_name", "license_link"}) {
        if (front.data.find(field) == nullptr) {
            out.warnings.push_back({
                "/" + std::string(field),
                "\"" + std::string(field) + "\" should be given when \"license\" is other",
                position_of(front.positions, "/license"),
            });
        }
    }
}

bool earlier(const Problem& a, const Problem& b) {
    return std::pair(a.position.line, a.position.column) <
           std::pair(b.position.line, b.position.column);
}

// "invalid front matter at line 3, column 5: ..." -> {3, 5}.
Position position_in(std::string_view message) {
    const auto number_after = [message](std::string_view word) {
        std::uint32_t value = 0;
        const std::size_t at = message.find(word);
        for (std::size_t i = at == std::string_view::npos ? message.size() : at + word.size();
             i < message.size() && std::isdigit(static_cast<unsigned char>(message[i])) != 0 &&
             value < 100'000'000;
             ++i) {
            value = value * 10 + static_cast<std::uint32_t>(message[i] - '0');
        }
        return value;
    };
    return {number_after(" line "), number_after(", column ")};
}

} // namespace

Validation validate(std::string_view readme, types::RepoKind kind) {
    Validation out;
    auto front = parse_front_matter(readme);
    if (!front.ok()) {
        out.errors.push_back({"", front.error().message, position_in(front.error().message)});
        return out;
    }
    const bool empty =
        front->data.is_null() || (front->data.is_object() && front->data.as_object()->empty());
    if (empty) {
        out.warnings.push_back({"", "empty or missing yaml metadata in repo card", {}});
        return out;
    }
    const CardSchema& schema = schema_of(kind);
    for (WordedViolation& found :
         word_violations(schema.document, schema.compiled.check(front->data))) {
        auto& list =
            found.severity == WordedViolation::Severity::Warning ? out.warnings : out.errors;
        const Position position = position_of(front->positions, found.pointer);
        list.push_back({std::move(found.pointer), std::move(found.message), position});
    }
    warn_about_other(*front, out);
    std::stable_sort(out.errors.begin(), out.errors.end(), earlier);
    std::stable_sort(out.warnings.begin(), out.warnings.end(), earlier);
    return out;
}

const std::vector<std::string>& license_ids() {
    static const std::vector<std::string> kIds = [] {
        std::vector<std::string> ids;
        const Json& document = schema_of(types::RepoKind::Model).document;
        const Json* values = document.find("definitions")->find("license_id")->find("enum");
        for (const Json& value : *values->as_array()) {
            ids.push_back(*value.as_string());
        }
        return ids;
    }();
    return kIds;
}

util::Json validation_reply(const Validation& validation) {
    const auto list = [](const std::vector<Problem>& problems) {
        Json items = Json::array();
        for (const Problem& problem : problems) {
            items.push_back(Json::object({{"message", problem.message}}));
        }
        return items;
    };
    Json reply =
        Json::object({{"errors", list(validation.errors)}, {"warnings", list(validation.warnings)}}
        );
    if (!validation.ok()) {
        reply.set("error", "Invalid metadata in README.md");
    }
    return reply;
}

std::string validation_text(const Validation& validation) {
    std::string text;
    for (const Problem& problem : validation.errors) {
        text += "- Error: " + problem.message + "\n";
    }
    for (const Problem& problem : validation.warnings) {
        text += "- Warning: " + problem.message + "\n";
    }
    return text;
}

} // namespace railhub::card
