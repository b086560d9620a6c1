// SPDX-License-Identifier: Apache-2.0
// railhub license detect
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/license_scan.h"

#include <algorithm>

namespace railhub::cli {

namespace {

std::string_view significance_word(license::Significance significance) {
    switch (significance) {
    case license::Significance::Ignorable:
        return "ignorable";
    case license::Significance::Wording:
        return "wording";
    case license::Significance::Terms:
        return "terms";
    }
    return "";
}

util::Json
differences_json(const license::LicenseMatch& match, const std::vector<std::string>& texts) {
    util::Json list = util::Json::array();
    for (std::size_t i = 0; i < match.differences.size(); ++i) {
        const license::Difference& difference = match.differences[i];
        list.push_back(util::Json::object(
            {{"significance", significance_word(difference.significance)},
             {"added_words", difference.added_words},
             {"missing_words", difference.missing_words},
             {"place", place_json(difference.place)},
             {"text", texts[i]}}
        ));
    }
    return list;
}

util::Json match_json(const license::LicenseMatch& match, const std::vector<std::string>& texts) {
    return util::Json::object(
        {{"kind", license::match_kind_word(match.kind)},
         {"fit", license::fit_word(match.fit)},
         {"id", match.id.empty() ? util::Json() : util::Json(match.id)},
         {"expression", match.expression.empty() ? util::Json() : util::Json(match.expression)},
         {"exception", match.is_exception},
         {"choice", match.is_choice},
         {"score", match.score},
         {"same_text", util::Json::array_of(match.also)},
         {"candidates", util::Json::array_of(match.candidates)},
         {"place", place_json(match.place)},
         {"differences", differences_json(match, texts)}}
    );
}

util::Json file_json(const ScannedFile& file) {
    util::Json matches = util::Json::array();
    for (std::size_t i = 0; i < file.detection.matches.size(); ++i) {
        matches.push_back(match_json(file.detection.matches[i], file.difference_texts[i]));
    }
    util::Json added = util::Json::array();
    for (std::size_t i = 0; i < file.added_texts.size(); ++i) {
        added.push_back(util::Json::object(
            {{"place", place_json(file.detection.added_terms[i])}, {"text", file.added_texts[i]}}
        ));
    }
    util::Json resembles = util::Json::array();
    for (const license::Resemblance& near : file.detection.resembles) {
        resembles.push_back(util::Json::object({{"id", near.id}, {"score", near.score}}));
    }
    return util::Json::object(
        {{"path", file.path},
         {"expression", file.expression.empty() ? util::Json() : util::Json(file.expression)},
         {"expressions", util::Json::array_of(file.expressions)},
         {"matches", std::move(matches)},
         {"added_terms", std::move(added)},
         {"resembles", std::move(resembles)},
         {"words", file.detection.words},
         {"binary", file.detection.is_binary},
         {"cut", file.detection.is_cut},
         {"error", file.error.empty() ? util::Json() : util::Json(file.error)}}
    );
}

// One line of a passage, for people.
std::string shortened(std::string text) {
    constexpr std::size_t kShown = 90;
    std::replace_if(
        text.begin(),
        text.end(),
        [](char ch) { return ch == '\n' || ch == '\r' || ch == '\t'; },
        ' '
    );
    if (text.size() <= kShown) {
        return text;
    }
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end) + "...";
}

std::string difference_text(const license::Difference& difference, const std::string& text) {
    std::string out = "      " + lines_text(difference.place) + ": ";
    if (difference.added_words > 0) {
        out += std::to_string(difference.added_words) + " words added: \"" + shortened(text) + "\"";
    }
    if (difference.missing_words > 0) {
        out += (difference.added_words > 0 ? ", " : "") + std::to_string(difference.missing_words) +
               " words of the license missing";
    }
    return out + "\n";
}

std::string match_text(const license::LicenseMatch& match, const std::vector<std::string>& texts) {
    std::string out = "    " + lines_text(match.place) + ": " +
                      std::string(license::match_kind_word(match.kind)) + " of " +
                      (match.id.empty() ? match.expression : match.id);
    if (match.kind == license::MatchKind::Text || match.kind == license::MatchKind::Notice) {
        const auto hundredths = static_cast<unsigned>(match.score * 100);
        out += ", " + std::string(license::fit_word(match.fit)) + ", " +
               std::to_string(hundredths / 100) + "." + std::to_string(hundredths % 100 / 10) +
               " %";
    }
    for (const std::string& id : match.candidates) {
        out += ", or " + id;
    }
    out += "\n";
    for (std::size_t i = 0; i < match.differences.size(); ++i) {
        if (match.differences[i].significance != license::Significance::Ignorable) {
            out += difference_text(match.differences[i], texts[i]);
        }
    }
    return out;
}

std::string file_text(const Shell& shell, const ScannedFile& file) {
    if (!file.error.empty()) {
        return file.path + ": not read: " + file.error + "\n";
    }
    const std::string verdict = !file.expression.empty()   ? file.expression
                                : file.detection.is_binary ? "binary file"
                                                           : "no license found";
    std::string out = shell.terminal.styled(Style::Bold, file.path) + ": " + verdict + "\n";
    for (std::size_t i = 0; i < file.detection.matches.size(); ++i) {
        out += match_text(file.detection.matches[i], file.difference_texts[i]);
    }
    for (std::size_t i = 0; i < file.added_texts.size(); ++i) {
        out += "    " + lines_text(file.detection.added_terms[i]) +
               ": terms of no known license: \"" + shortened(file.added_texts[i]) + "\"\n";
    }
    for (const license::Resemblance& near : file.detection.resembles) {
        out += "    resembles " + near.id + " (" + std::to_string(static_cast<int>(near.score)) +
               " %)\n";
    }
    return out;
}

// A person should look: terms of no known license, or a license that was changed or is undecided.
bool is_open(const ScannedFile& file) {
    const auto& matches = file.detection.matches;
    return !file.detection.added_terms.empty() ||
           std::any_of(matches.begin(), matches.end(), [](const license::LicenseMatch& match) {
               return match.fit == license::TextFit::Changed || !match.candidates.empty();
           });
}

util::Result<ExitCode> run_license_detect(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const std::vector<std::string> paths, files_below(shell.fs, args.list("PATH")));
    const std::vector<ScannedFile> files = scan_files(shell.fs, catalogue, paths);
    util::Json list = util::Json::array();
    std::string text;
    for (const ScannedFile& file : files) {
        if (shell.is_json()) {
            list.push_back(file_json(file));
        } else if (!file.expression.empty() || !file.error.empty() || files.size() == 1) {
            text += file_text(shell, file);
        }
    }
    shell.print(
        util::Json::object(
            {{"format", "license-detection/1"},
             {"knowledge", catalogue.version()},
             {"fingerprints", license::Fingerprints::built_in().version()},
             {"files", std::move(list)}}
        ),
        text.empty() ? "no license found in " + std::to_string(files.size()) + " files\n" : text
    );
    const auto failed = [](const ScannedFile& file) { return !file.error.empty(); };
    if (std::any_of(files.begin(), files.end(), failed)) {
        return ExitCode::Failed;
    }
    return std::any_of(files.begin(), files.end(), is_open) ? ExitCode::Findings : ExitCode::Done;
}

} // namespace

Command license_detect_command() {
    return {
        .name = "license detect",
        .group = "Licenses",
        .summary = "Say which licenses files state, and what differs from them",
        .page = "license_detect",
        .options = {licenses_option()},
        .operands = {{"PATH", Need::OneOrMore, "Files, or folders to walk"}},
        .run = run_license_detect};
}

} // namespace railhub::cli
