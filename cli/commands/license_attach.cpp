// SPDX-License-Identifier: Apache-2.0
// railhub license attach
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/knowledge.h"
#include "cli/license_scan.h"
#include "cli/repo_spec.h"
#include "core/card/edit.h"
#include "core/card/validate.h"

#include <algorithm>

namespace railhub::cli {

namespace {

constexpr std::string_view kLicenseFile = "LICENSE";
constexpr std::string_view kRestrictionFile = "USE_RESTRICTIONS.json";
constexpr std::string_view kCardFile = "README.md";
constexpr std::uint64_t kMaxAttachedText = std::uint64_t{4} << 20;
constexpr std::uint64_t kMaxCardBytes = std::uint64_t{8} << 20;

struct GivenText {
    std::string source; // for messages
    std::string text;
};

struct VerifiedText {
    GivenText given;
    license::LicenseMatch match;
};

struct PlannedFile {
    std::string path;
    std::string action; // "create", "replace", "keep"
    std::string text;
};

// LICENSE, license.md, LICENCE.txt; the plain one first.
bool is_license_file(const std::string& path) {
    std::string low = path;
    std::transform(low.begin(), low.end(), low.begin(), [](char ch) {
        return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch);
    });
    return low == "license" || low == "licence" || low == "license.md" || low == "licence.md" ||
           low == "license.txt" || low == "licence.txt" || low == "copying";
}

util::Error no_text(const std::string& where) {
    return util::fail(
        util::Code::NotFound,
        "no license text in '" + where + "'",
        "name a file, folder or repository that has it: --from SOURCE"
    );
}

util::Result<GivenText> text_in_folder(util::Fs& fs, const std::string& folder) {
    RAILHUB_TRY(const std::vector<std::string> names, fs.list(folder));
    const auto found = std::find_if(names.begin(), names.end(), is_license_file);
    if (found == names.end()) {
        return no_text(folder);
    }
    const std::string path = util::join_path(folder, *found);
    RAILHUB_TRY(std::string text, util::read_file(fs, path, kMaxAttachedText));
    return GivenText{path, std::move(text)};
}

util::Result<GivenText> text_of_repository(Shell& shell, const std::string& name) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(name, ""));
    RAILHUB_TRY(const std::unique_ptr<Connection> connection, connect(shell));
    RAILHUB_TRY(
        const transfer::RepoInfo info, connection->hub.info(shell.ctx, spec.id, spec.revision)
    );
    const auto found = std::find_if(info.files.begin(), info.files.end(), is_license_file);
    if (found == info.files.end()) {
        return no_text(name);
    }
    RAILHUB_TRY(
        std::string text,
        connection->hub.text(shell.ctx, spec.id, info.sha, *found, kMaxAttachedText)
    );
    return GivenText{
        spec.id.full_name() + "@" + info.sha.substr(0, 12) + "/" + *found, std::move(text)};
}

util::Result<GivenText> given_text(Shell& shell, const Args& args, const std::string& folder) {
    if (!args.has("from")) {
        return text_in_folder(shell.fs, folder);
    }
    const std::string from = args.text("from");
    RAILHUB_TRY(const auto info, shell.fs.info(from));
    if (!info) {
        return text_of_repository(shell, from);
    }
    if (info->is_directory) {
        return text_in_folder(shell.fs, from);
    }
    RAILHUB_TRY(std::string text, util::read_file(shell.fs, from, kMaxAttachedText));
    return GivenText{from, std::move(text)};
}

bool names_record(
    const license::Catalogue& catalogue,
    const license::Record& record,
    const license::LicenseMatch& match
) {
    return catalogue.find(match.id) == &record ||
           std::any_of(match.also.begin(), match.also.end(), [&](const std::string& id) {
               return catalogue.find(id) == &record;
           });
}

bool is_known_text(const license::Catalogue& catalogue, const license::Record& record) {
    const auto& references = license::Fingerprints::built_in().references();
    return std::any_of(
        references.begin(),
        references.end(),
        [&](const license::Reference& reference) {
            return catalogue.find(reference.id) == &record ||
                   std::any_of(
                       reference.also.begin(),
                       reference.also.end(),
                       [&](const std::string& id) { return catalogue.find(id) == &record; }
                   );
        }
    );
}

// Why a text is not the license, or empty.
std::string objection(
    const license::Catalogue& catalogue,
    const license::Record& record,
    const license::Detection& found
) {
    const auto is_text = [](const license::LicenseMatch& match) {
        return match.kind == license::MatchKind::Text;
    };
    const auto first = std::find_if(found.matches.begin(), found.matches.end(), is_text);
    if (first == found.matches.end()) {
        return found.resembles.empty() ? "it is no license text that is known"
                                       : "it only resembles '" + found.resembles.front().id + "'";
    }
    if (!names_record(catalogue, record, *first)) {
        return "it is the text of '" + first->id + "'";
    }
    if (!first->candidates.empty()) {
        return "it may as well be '" + first->candidates.front() + "'";
    }
    if (first->fit == license::TextFit::Changed || first->fit == license::TextFit::Partial) {
        return first->fit == license::TextFit::Partial ? "it is cut short"
                                                       : "its terms were changed";
    }
    if (std::count_if(found.matches.begin(), found.matches.end(), is_text) > 1) {
        return "it holds other licenses too";
    }
    return found.added_terms.empty() ? "" : "it has terms beside those of the license";
}

util::Result<VerifiedText>
verified(const license::Catalogue& catalogue, const license::Record& record, GivenText given) {
    const auto found = license::detect(license::Fingerprints::built_in(), given.text);
    if (const std::string reason = objection(catalogue, record, found); !reason.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "the text of '" + given.source + "' is not that of '" + record.id + "': " + reason,
            "'railhub license detect' shows what differs"
        );
    }
    const auto match = std::find_if(found.matches.begin(), found.matches.end(), [](const auto& m) {
        return m.kind == license::MatchKind::Text;
    });
    return VerifiedText{std::move(given), *match};
}

std::vector<card::FieldEdit> card_edits(const license::Record& record) {
    const std::vector<std::string>& keys = card::license_ids();
    const bool has_key = std::find(keys.begin(), keys.end(), record.hub_key) != keys.end() &&
                         record.hub_key != "other";
    std::vector<card::FieldEdit> edits;
    edits.push_back({"license", {has_key ? record.hub_key : "other"}, false});
    const std::string name = record.hub_key.empty() ? record.id : record.hub_key;
    edits.push_back(
        {"license_name", has_key ? std::vector<std::string>() : std::vector{name}, false}
    );
    edits.push_back(
        {"license_link",
         has_key ? std::vector<std::string>() : std::vector{std::string(kLicenseFile)},
         false}
    );
    edits.push_back(
        {"use_restrictions",
         record.restriction_set.empty() ? std::vector<std::string>()
                                        : std::vector{record.restriction_set},
         true}
    );
    return edits;
}

// schemas/carried-restrictions.v1.schema.json
std::string restriction_file(const license::Catalogue& catalogue, const license::Record& record) {
    const license::RestrictionSet* set = catalogue.restriction_set(record.restriction_set);
    if (set == nullptr) {
        return {};
    }
    util::Json clauses = util::Json::array();
    for (const license::Clause& clause : set->clauses) {
        util::Json restrictions = util::Json::array();
        for (const license::Restriction& restriction : clause.restrictions) {
            restrictions.push_back(util::Json::object(
                {{"id", restriction.id},
                 {"variant",
                  restriction.variant.empty() ? util::Json() : util::Json(restriction.variant)},
                 {"meaning", std::string(catalogue.taxonomy().definition(restriction.id))}}
            ));
        }
        clauses.push_back(util::Json::object(
            {{"clause", clause.section}, {"restrictions", std::move(restrictions)}}
        ));
    }
    return util::Json::object({{"format", "carried-restrictions/1"},
                               {"license", record.id},
                               {"set", set->id},
                               {"terms", std::string(kLicenseFile)},
                               {"knowledge", catalogue.version()},
                               {"clauses", std::move(clauses)}}
    ).dump_pretty();
}

util::Result<PlannedFile>
planned(Shell& shell, const Args& args, const std::string& path, std::string text) {
    RAILHUB_TRY(const auto there, shell.fs.info(path));
    if (!there) {
        return PlannedFile{path, "create", std::move(text)};
    }
    RAILHUB_TRY(const std::string old, util::read_file(shell.fs, path, kMaxCardBytes));
    if (old == text) {
        return PlannedFile{path, "keep", std::move(text)};
    }
    const bool is_card = path.ends_with(kCardFile);
    if (!is_card && !args.has("replace")) {
        return util::fail(
            util::Code::AlreadyExists,
            "'" + path + "' is there and says something else",
            "--replace overwrites it"
        );
    }
    return PlannedFile{path, "replace", std::move(text)};
}

util::Result<std::string>
edited_card(Shell& shell, const license::Record& record, const std::string& path) {
    RAILHUB_TRY(const auto there, shell.fs.info(path));
    std::string readme;
    if (there) {
        RAILHUB_TRY(readme, util::read_file(shell.fs, path, kMaxCardBytes));
    }
    return card::with_fields(readme, card_edits(record)).with_context("'" + path + "'");
}

util::Result<std::vector<PlannedFile>> plan_files(
    Shell& shell,
    const Args& args,
    const license::Catalogue& catalogue,
    const license::Record& record,
    const VerifiedText& text,
    const std::string& folder
) {
    std::vector<PlannedFile> files;
    const auto add = [&](std::string_view name, std::string content) -> util::Result<> {
        RAILHUB_TRY(
            PlannedFile file,
            planned(shell, args, util::join_path(folder, name), std::move(content))
        );
        files.push_back(std::move(file));
        return {};
    };
    // A text that lies in the folder already stays under its name.
    if (args.has("from")) {
        RAILHUB_TRY(add(kLicenseFile, text.given.text));
    } else {
        files.push_back({text.given.source, "keep", text.given.text});
    }
    if (std::string restrictions = restriction_file(catalogue, record); !restrictions.empty()) {
        RAILHUB_TRY(add(kRestrictionFile, std::move(restrictions)));
    }
    RAILHUB_TRY(std::string readme, edited_card(shell, record, util::join_path(folder, kCardFile)));
    RAILHUB_TRY(add(kCardFile, std::move(readme)));
    return files;
}

util::Json attach_json(
    const Args& args,
    const license::Catalogue& catalogue,
    const license::Record& record,
    const VerifiedText& text,
    const std::vector<PlannedFile>& files
) {
    util::Json list = util::Json::array();
    for (const PlannedFile& file : files) {
        list.push_back(util::Json::object(
            {{"path", file.path}, {"action", file.action}, {"bytes", file.text.size()}}
        ));
    }
    return util::Json::object(
        {{"format", "license-attach/1"},
         {"license", record.id},
         {"dry_run", args.has("dry-run")},
         {"text",
          util::Json::object(
              {{"source", text.given.source},
               {"id", text.match.id},
               {"fit", license::fit_word(text.match.fit)},
               {"score", text.match.score}}
          )},
         {"files", std::move(list)},
         {"knowledge", catalogue.version()},
         {"fingerprints", license::Fingerprints::built_in().version()}}
    );
}

std::string attach_text(
    const Args& args,
    const license::Record& record,
    const VerifiedText& text,
    const std::vector<PlannedFile>& files
) {
    std::string out = "the text of '" + text.given.source + "' is that of '" + record.id + "' (" +
                      std::string(license::fit_word(text.match.fit)) + ")\n";
    for (const PlannedFile& file : files) {
        out += "  " + file.action + " " + file.path + "\n";
    }
    return args.has("dry-run") ? out + "nothing was written\n" : out;
}

util::Result<ExitCode> run_license_attach(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const license::Record* record, find_license(catalogue, args.text("ID")));
    if (!record->is_license() || !is_known_text(catalogue, *record)) {
        return util::fail(
            util::Code::InvalidInput,
            record->is_license()
                ? "the text of '" + record->id + "' is not known, so none can be verified"
                : "'" + record->id + "' is a label and no license",
            "'railhub license list' shows licenses"
        );
    }
    const std::string folder = args.has("FOLDER") ? args.text("FOLDER") : ".";
    RAILHUB_TRY(GivenText given, given_text(shell, args, folder));
    RAILHUB_TRY(const VerifiedText text, verified(catalogue, *record, std::move(given)));
    RAILHUB_TRY(
        const std::vector<PlannedFile> files,
        plan_files(shell, args, catalogue, *record, text, folder)
    );
    for (const PlannedFile& file : files) {
        if (file.action != "keep" && !args.has("dry-run")) {
            RAILHUB_TRY(util::write_atomic(shell.fs, file.path, util::as_bytes(file.text)));
        }
    }
    shell.print(
        attach_json(args, catalogue, *record, text, files), attach_text(args, *record, text, files)
    );
    return ExitCode::Done;
}

} // namespace

Command license_attach_command() {
    return {
        .name = "license attach",
        .group = "Licenses",
        .summary = "Put a folder under a license: card, verified text, use restrictions",
        .page = "license_attach",
        .options =
            {{.name = "from",
              .value = "SOURCE",
              .help = "File, folder or repository[@revision] with the text"},
             {.name = "replace",
              .kind = OptionKind::Switch,
              .help = "Overwrite a LICENSE that says something else"},
             {.name = "dry-run", .kind = OptionKind::Switch, .help = "Say what would be written"},
             licenses_option()},
        .operands =
            {{"ID", Need::Required, "License, by any of its names"},
             {"FOLDER", Need::Optional, "Folder with the card; the current one when left out"}},
        .run = run_license_attach};
}

} // namespace railhub::cli
