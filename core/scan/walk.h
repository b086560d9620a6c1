// SPDX-License-Identifier: Apache-2.0
// Walk: the files of a folder that may name a model, by their names; what
// .gitignore names and what package managers put there is left out.
#pragma once

#include "core/scan/use.h"
#include "core/util/context.h"
#include "core/util/fs.h"

#include <string>
#include <vector>

namespace railhub::scan {

enum class FileType : std::uint8_t {
    Other, // known to be there, never read
    Python,
    Notebook,
    Script, // JavaScript, TypeScript and pages with such code
    Json,
    Yaml,
    Toml, // and INI, properties
    Shell,
    PowerShell,
    Batch,
    Code, // languages read without a grammar of their own
    Text, // lists and markup: addresses alone
    Requirements,
    Environment, // .env
    Modelfile,
    Markdown,
    Weights, // GGUF, safetensors, ONNX: the header alone
};

FileType type_of(std::string_view path);

struct WalkedFile {
    std::string path; // below the root
    FileType type = FileType::Other;
    std::uint64_t size = 0;
};

enum class Include : std::uint8_t { Sources, Everything };

struct WalkOptions {
    Include vendored = Include::Sources; // node_modules, .venv, site-packages ...
    Include ignored = Include::Sources;  // what .gitignore names
};

struct Walked {
    std::vector<WalkedFile> files = {}; // sorted by path
    std::vector<Note> notes = {};       // what could not be read
};

// Symlinks are not followed. Fails only when the root itself cannot be listed.
util::Result<Walked>
walk(const util::Context& ctx, util::Fs& fs, const std::string& root, const WalkOptions& options);

} // namespace railhub::scan
