// SPDX-License-Identifier: Apache-2.0
// Use: one place where a code base names a model or a dataset; and what a scan
// returns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

enum class ArtifactKind : std::uint8_t { Model, Dataset, Space, Metric };

// What the code does with it; a guess from the call, the key and the file.
enum class Role : std::uint8_t {
    Runtime,     // loaded and run
    Training,    // trained on, or trained from
    Evaluation,  // measured with
    Adapter,     // put on a base model
    AdapterBase, // the base that an adapter belongs to
    MergeSource, // one of several that become one model
    Teacher,     // distilled from
    Component,   // part of another model: a tokenizer, a decoder, a draft model
    Conversion,  // converted or quantized
    Metadata,    // named by a card or a recorded configuration
};

// Which part of the project names it, by its path.
enum class Part : std::uint8_t { Product, Test, Example, Documentation };

enum class Confidence : std::uint8_t { Low, Medium, High };

std::string_view name_of(ArtifactKind kind);
std::string_view name_of(Role role);
std::string_view name_of(Part part);
std::string_view name_of(Confidence confidence);

struct Place {
    std::string file;         // below the scanned root, '/' between parts
    std::uint32_t cell = 0;   // 1-based, notebooks only; else 0
    std::uint32_t line = 0;   // 1-based; of the file, or of the cell
    std::uint32_t column = 0; // 1-based, in bytes

    friend auto operator<=>(const Place&, const Place&) = default;
};

struct Use {
    Place place; // where the id stands; where it is implied, the call
    ArtifactKind kind = ArtifactKind::Model;
    std::string id;        // as the hub knows it today
    std::string written;   // as the code has it; empty where it is implied (a
                           // task's default)
    std::string source;    // "huggingface", or the catalogue the id belongs to: "ollama" ...
    std::string component; // a part with a lineage of its own, or empty
    Role role = Role::Runtime;
    Part part = Part::Product;
    Confidence confidence = Confidence::High;
    std::string revision; // as written, or the default's; empty: whatever is newest
    bool is_pinned = false;
    std::string found_by;            // the call, key or command: "AutoModel.from_pretrained"
    std::vector<Place> used_at = {}; // calls elsewhere that use what stands here
};

// A call that surely loads something, but what is decided at run time.
struct Unresolved {
    Place place;
    ArtifactKind kind = ArtifactKind::Model;
    std::string found_by;
};

// Weights that lie in the tree themselves, and what their own header says of them. The models they
// were made from are uses too.
struct WeightsFile {
    std::string file;   // below the scanned root
    std::string format; // "gguf", "safetensors", "onnx"
    std::uint64_t size = 0;
    std::string license = {};                // as written; empty where the file says none
    std::vector<std::string> made_from = {}; // ids, as the hub knows them today
};

// Something the scan passed over, with the reason.
struct Note {
    std::string file;
    std::string message;
};

// Sorted by place.
struct Findings {
    std::vector<Use> uses = {};
    std::vector<Unresolved> unresolved = {};
    std::vector<WeightsFile> weights = {};
    std::vector<Note> notes = {};
    std::uint64_t files_seen = 0;
    std::uint64_t files_read = 0; // that could name something
};

} // namespace railhub::scan
