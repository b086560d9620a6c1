// SPDX-License-Identifier: Apache-2.0
#include "core/scan/walk.h"

#include "core/repo/changed_files.h"
#include "core/repo/placement.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxWalkDepth = 64;
constexpr std::uint64_t kMaxIgnoreFile = 1 << 20;

struct EndingType {
    std::string_view ending;
    FileType type;
};

constexpr std::array<EndingType, 82> kEndingTypes = {{
    {"py", FileType::Python},
    {"pyw", FileType::Python},
    {"pyi", FileType::Other},
    {"ipynb", FileType::Notebook},
    {"js", FileType::Script},
    {"mjs", FileType::Script},
    {"cjs", FileType::Script},
    {"jsx", FileType::Script},
    {"ts", FileType::Script},
    {"mts", FileType::Script},
    {"cts", FileType::Script},
    {"tsx", FileType::Script},
    {"vue", FileType::Script},
    {"svelte", FileType::Script},
    {"html", FileType::Script},
    {"htm", FileType::Script},
    {"astro", FileType::Script},
    {"json", FileType::Json},
    {"json5", FileType::Json},
    {"jsonc", FileType::Json},
    {"yaml", FileType::Yaml},
    {"yml", FileType::Yaml},
    {"toml", FileType::Toml},
    {"cfg", FileType::Toml},
    {"ini", FileType::Toml},
    {"conf", FileType::Toml},
    {"sh", FileType::Shell},
    {"bash", FileType::Shell},
    {"zsh", FileType::Shell},
    {"slurm", FileType::Shell},
    {"sbatch", FileType::Shell},
    {"mk", FileType::Shell},
    {"dockerfile", FileType::Shell},
    {"env", FileType::Environment},
    {"modelfile", FileType::Modelfile},
    {"rs", FileType::Code},
    {"go", FileType::Code},
    {"java", FileType::Code},
    {"kt", FileType::Code},
    {"kts", FileType::Code},
    {"scala", FileType::Code},
    {"groovy", FileType::Code},
    {"gradle", FileType::Code},
    {"cs", FileType::Code},
    {"c", FileType::Code},
    {"cc", FileType::Code},
    {"cpp", FileType::Code},
    {"cxx", FileType::Code},
    {"h", FileType::Code},
    {"hh", FileType::Code},
    {"hpp", FileType::Code},
    {"mm", FileType::Code},
    {"swift", FileType::Code},
    {"dart", FileType::Code},
    {"php", FileType::Code},
    {"rb", FileType::Code},
    {"ex", FileType::Code},
    {"exs", FileType::Code},
    {"jl", FileType::Code},
    {"r", FileType::Code},
    {"lua", FileType::Code},
    {"tf", FileType::Code},
    {"hcl", FileType::Code},
    {"nix", FileType::Code},
    {"txt", FileType::Text},
    {"lst", FileType::Text},
    {"list", FileType::Text},
    {"xml", FileType::Text},
    {"csproj", FileType::Text},
    {"props", FileType::Text},
    {"plist", FileType::Text},
    {"cmake", FileType::Text},
    {"properties", FileType::Toml},
    {"ps1", FileType::PowerShell},
    {"psm1", FileType::PowerShell},
    {"bat", FileType::Batch},
    {"cmd", FileType::Batch},
    {"md", FileType::Markdown},
    {"tpl", FileType::Yaml},
    {"gguf", FileType::Weights},
    {"safetensors", FileType::Weights},
    {"onnx", FileType::Weights},
}};

constexpr std::array<std::string_view, 22> kVendored = {
    "node_modules",   "bower_components", ".venv",         "venv",        "virtualenv",
    "site-packages",  "__pycache__",      ".tox",          ".nox",        ".eggs",
    "__pypackages__", ".mypy_cache",      ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints",
    ".yarn",          ".pnpm-store",      ".next",         ".nuxt",       ".cache",
    ".gradle",        ".terraform",
};

constexpr std::array<std::string_view, 4> kNeverEntered = {".git", ".hg", ".svn", ".jj"};

// Written by machines; names there are packages.
constexpr std::array<std::string_view, 24> kMachineFiles = {
    ".eslintrc.json",    ".prettierrc.json", ".stylelintrc.json", "angular.json",
    "babel.config.json", "components.json",  "lerna.json",        "nx.json",
    "turbo.json",        "vercel.json",      "package.json",      "package-lock.json",
    "composer.json",     "composer.lock",    "tsconfig.json",     "pnpm-lock.yaml",
    "tokenizer.json",    "vocab.json",       "merges.json",       "CITATION.cff",
    "renovate.json",     "Pipfile.lock",     "mkdocs.yml",        "added_tokens.json",
};

class Walker {
  public:
    Walker(const util::Context& ctx, util::Fs& fs, std::string root, const WalkOptions& options)
        : ctx_(ctx), fs_(fs), root_(std::move(root)), options_(options) {}

    util::Result<Walked> run() {
        RAILHUB_TRY(const auto info, fs_.info(root_));
        if (!info) {
            return util::fail(
                util::Code::NotFound, "cannot scan '" + root_ + "': no such file or folder"
            );
        }
        if (!info->is_directory && !info->is_symlink) {
            const std::size_t slash = root_.rfind('/');
            const std::string name = slash == std::string::npos ? root_ : root_.substr(slash + 1);
            out_.files.push_back({name, type_of(name), info->size});
            return std::move(out_);
        }
        RAILHUB_TRY(const auto names, fs_.list(root_));
        RAILHUB_TRY(enter("", names, nullptr, 0));
        std::sort(
            out_.files.begin(),
            out_.files.end(),
            [](const WalkedFile& a, const WalkedFile& b) { return a.path < b.path; }
        );
        return std::move(out_);
    }

  private:
    using Rules = std::shared_ptr<const repo::IgnoreRules>; // shared down the folders,
                                                            // never changed

    util::Result<> enter(
        const std::string& folder,
        const std::vector<std::string>& names,
        Rules rules,
        std::size_t depth
    ) {
        RAILHUB_TRY(ctx_.check_stop());
        if (options_.ignored == Include::Sources &&
            std::binary_search(names.begin(), names.end(), ".gitignore")) {
            rules = are_rules_kept() ? with_file(folder, rules) : nullptr;
        }
        for (const std::string& name : names) {
            const std::string path = folder.empty() ? name : folder + '/' + name;
            const auto info = fs_.info(util::join_path(root_, path));
            if (!info.ok() || !info->has_value()) {
                continue; // gone meanwhile
            }
            const util::FileInfo& file = **info;
            if (file.is_symlink) {
                continue;
            }
            if (file.is_directory) {
                if (is_entered(name, path, rules, depth)) {
                    RAILHUB_TRY(descend(path, rules, depth));
                }
                continue;
            }
            if (rules != nullptr && rules->ignores(path) && !is_tracked(path)) {
                continue;
            }
            out_.files.push_back({path, type_of(path), file.size});
        }
        return {};
    }

    util::Result<> descend(const std::string& path, const Rules& rules, std::size_t depth) {
        const auto inside = fs_.list(util::join_path(root_, path));
        if (!inside.ok()) {
            out_.notes.push_back({path, "folder cannot be read: " + inside.error().message});
            return {};
        }
        return enter(path, *inside, rules, depth + 1);
    }

    bool is_entered(
        const std::string& name, const std::string& path, const Rules& rules, std::size_t depth
    ) {
        if (std::find(kNeverEntered.begin(), kNeverEntered.end(), name) != kNeverEntered.end()) {
            return false;
        }
        if (depth >= kMaxWalkDepth) {
            out_.notes.push_back({path, "folder lies too deep"});
            return false;
        }
        if (options_.vendored == Include::Sources &&
            std::find(kVendored.begin(), kVendored.end(), name) != kVendored.end()) {
            return false;
        }
        // The rules judge files; a folder is ignored when all in it would be.
        return rules == nullptr || !rules->ignores(path + "/.") || is_tracked(path + '/');
    }

    // Outside of a work tree somebody chose every file: .gitignore has had its say. Asked when the
    // first one is met.
    bool are_rules_kept() {
        if (!is_in_work_tree_) {
            auto tracked = repo::tracked_files(root_);
            is_in_work_tree_ = tracked.ok();
            tracked_ = tracked.ok() ? std::move(*tracked) : std::vector<std::string>();
        }
        return *is_in_work_tree_;
    }

    // What git keeps it does not ignore: a file, or a folder ("a/") with one in it.
    [[nodiscard]] bool is_tracked(const std::string& path) const {
        const auto found = std::lower_bound(tracked_.begin(), tracked_.end(), path);
        return found != tracked_.end() &&
               (path.ends_with('/') ? found->starts_with(path) : *found == path);
    }

    Rules with_file(const std::string& folder, const Rules& above) {
        const std::string path =
            util::join_path(root_, folder.empty() ? ".gitignore" : folder + "/.gitignore");
        const auto info = fs_.info(path);
        const bool is_text = info.ok() && *info && !(*info)->is_directory && (*info)->size > 0;
        if (!is_text) {
            return above;
        }
        const auto text = util::read_file(fs_, path, kMaxIgnoreFile);
        if (!text.ok()) {
            return above;
        }
        auto rules = above == nullptr ? std::make_shared<repo::IgnoreRules>()
                                      : std::make_shared<repo::IgnoreRules>(*above);
        rules->add(folder, *text);
        return rules;
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    std::string root_;
    WalkOptions options_;
    std::optional<bool> is_in_work_tree_ = {};
    std::vector<std::string> tracked_ = {}; // sorted
    Walked out_;
};

} // namespace

FileType type_of(std::string_view path) {
    const std::string_view name =
        path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
    const std::string low = util::lower(name);
    if (std::find(kMachineFiles.begin(), kMachineFiles.end(), name) != kMachineFiles.end() ||
        low.ends_with(".min.js") || low.ends_with(".d.ts") || low.ends_with("-lock.json")) {
        return FileType::Other;
    }
    if (low.starts_with("modelfile")) {
        return FileType::Modelfile;
    }
    if (low.starts_with("dockerfile") || low.starts_with("containerfile") || low == "makefile" ||
        low == "justfile" || low == "procfile" || low == "snakefile") {
        return FileType::Shell;
    }
    if (low.starts_with(".env")) {
        return FileType::Environment;
    }
    if ((low.find("requirement") != std::string::npos || low.find("constraint") != std::string::npos
        ) &&
        (low.ends_with(".txt") || low.ends_with(".in"))) {
        return FileType::Requirements;
    }
    if (low == "pipfile") {
        return FileType::Toml;
    }
    const std::size_t dot = low.rfind('.');
    if (dot == std::string::npos) {
        return FileType::Other;
    }
    const std::string_view ending = std::string_view(low).substr(dot + 1);
    for (const EndingType& row : kEndingTypes) {
        if (row.ending == ending) {
            return row.type;
        }
    }
    return FileType::Other;
}

util::Result<Walked>
walk(const util::Context& ctx, util::Fs& fs, const std::string& root, const WalkOptions& options) {
    return Walker(ctx, fs, root, options).run();
}

} // namespace railhub::scan
