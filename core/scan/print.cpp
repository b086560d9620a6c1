// SPDX-License-Identifier: Apache-2.0
#include "core/scan/print.h"

#include "core/util/text.h"

#include <set>

namespace railhub::scan {

namespace {

using util::Json;

// Names of files and pieces of code may be anything; output is UTF-8.
std::string printable(std::string_view text) {
    if (util::is_valid_utf8(text)) {
        return std::string(text);
    }
    std::string out;
    for (const char ch : text) {
        out += static_cast<unsigned char>(ch) < 0x80 ? ch : '?';
    }
    return out;
}

std::string place_text(const Place& place) {
    std::string out = printable(place.file);
    out += place.cell == 0 ? "" : " cell " + std::to_string(place.cell);
    out += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
    return out;
}

Json text_or_null(std::string_view text) {
    return text.empty() ? Json() : Json(printable(text));
}

Json place_json(const Place& place) {
    return Json::object(
        {{"file", printable(place.file)},
         {"line", place.line},
         {"column", place.column},
         {"cell", place.cell == 0 ? Json() : Json(place.cell)}}
    );
}

Json use_json(const Use& use) {
    Json places = Json::array();
    for (const Place& place : use.used_at) {
        places.push_back(place_json(place));
    }
    Json out = place_json(use.place);
    out.set("kind", name_of(use.kind));
    out.set("id", printable(use.id));
    out.set("written", text_or_null(use.written));
    out.set("source", use.source);
    out.set("role", name_of(use.role));
    out.set("part", name_of(use.part));
    out.set("component", text_or_null(use.component));
    out.set("revision", text_or_null(use.revision));
    out.set("pinned", use.is_pinned);
    out.set("confidence", name_of(use.confidence));
    out.set("found_by", printable(use.found_by));
    out.set("used_at", std::move(places));
    return out;
}

Json weights_json(const WeightsFile& weights) {
    Json made_from = Json::array();
    for (const std::string& id : weights.made_from) {
        made_from.push_back(printable(id));
    }
    return Json::object(
        {{"file", printable(weights.file)},
         {"format", weights.format},
         {"size", weights.size},
         {"license", text_or_null(weights.license)},
         {"made_from", std::move(made_from)}}
    );
}

std::string weights_text(const WeightsFile& weights) {
    std::string out = printable(weights.file) + "  weights file  " + weights.format + ", " +
                      util::human_bytes(weights.size);
    out +=
        weights.license.empty() ? ", states no license" : ", license " + printable(weights.license);
    for (const std::string& id : weights.made_from) {
        out += ", made from " + printable(id);
    }
    return out + '\n';
}

std::string use_text(const Use& use) {
    std::string out =
        place_text(use.place) + "  " + std::string(name_of(use.kind)) + "  " + printable(use.id);
    out += use.revision.empty() ? "" : '@' + printable(use.revision);
    out += "  " + std::string(name_of(use.role));
    out += use.component.empty() ? "" : " (" + use.component + ')';
    out += use.part == Part::Product ? "" : ", " + std::string(name_of(use.part));
    out += use.source == "huggingface" ? "" : ", " + use.source;
    out += use.is_pinned || use.kind == ArtifactKind::Metric ? "" : ", not pinned";
    out += use.confidence == Confidence::High
               ? ""
               : ", " + std::string(name_of(use.confidence)) + " confidence";
    return out + "  [" + printable(use.found_by) + "]\n";
}

} // namespace

std::string to_text(const Findings& findings) {
    std::string out;
    std::set<std::string> ids;
    for (const Use& use : findings.uses) {
        out += use_text(use);
        ids.insert(use.source + ' ' + std::string(name_of(use.kind)) + ' ' + use.id);
    }
    for (const Unresolved& one : findings.unresolved) {
        out += place_text(one.place) + "  " + std::string(name_of(one.kind)) +
               "  decided at run time  [" + printable(one.found_by) + "]\n";
    }
    for (const WeightsFile& one : findings.weights) {
        out += weights_text(one);
    }
    out += out.empty() ? "" : "\n";
    out += std::to_string(findings.uses.size()) + " uses of " + std::to_string(ids.size()) +
           " artifacts";
    out += findings.unresolved.empty()
               ? ""
               : ", " + std::to_string(findings.unresolved.size()) + " decided at run time";
    return out + "; " + std::to_string(findings.files_seen) + " files, " +
           std::to_string(findings.files_read) + " read\n";
}

util::Json to_json(const Findings& findings) {
    Json uses = Json::array();
    for (const Use& use : findings.uses) {
        uses.push_back(use_json(use));
    }
    Json unresolved = Json::array();
    for (const Unresolved& one : findings.unresolved) {
        Json item = place_json(one.place);
        item.set("kind", name_of(one.kind));
        item.set("found_by", printable(one.found_by));
        unresolved.push_back(std::move(item));
    }
    Json weights = Json::array();
    for (const WeightsFile& one : findings.weights) {
        weights.push_back(weights_json(one));
    }
    Json notes = Json::array();
    for (const Note& note : findings.notes) {
        notes.push_back(
            Json::object({{"file", printable(note.file)}, {"message", printable(note.message)}})
        );
    }
    return Json::object(
        {{"format", "scan-report/1"},
         {"uses", std::move(uses)},
         {"unresolved", std::move(unresolved)},
         {"weights", std::move(weights)},
         {"notes", std::move(notes)},
         {"files_seen", findings.files_seen},
         {"files_read", findings.files_read}}
    );
}

} // namespace railhub::scan
