// SPDX-License-Identifier: Apache-2.0
#include "core/scan/scan.h"

#include "core/scan/calls.h"
#include "core/scan/code_reader.h"
#include "core/scan/commands.h"
#include "core/scan/config.h"
#include "core/scan/embedded_python.h"
#include "core/scan/names.h"
#include "core/scan/notebook.h"
#include "core/scan/text_list.h"
#include "core/scan/weights.h"
#include "core/scan/windows_script.h"
#include "core/scan/words.h"
#include "core/util/text.h"
#include "core/util/thread_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <mutex>

namespace railhub::scan {

namespace {

constexpr std::size_t kSniffed = 8192;
constexpr std::uint64_t kMaxListBytes = 256U << 10;
constexpr std::size_t kLongLine = 600; // on average: written by a machine
// Of sources that are followed as one project; a syntax tree takes about nine
// times its text.
constexpr std::uint64_t kMaxProjectBytes = 12U << 20;

std::vector<std::string> trigger_words(const Tables& tables) {
    std::set<std::string> out = {
        "huggingface", "hf://", "hf.co", "@xenova", "MODEL_ID", "HF_MODEL"};
    for (const auto* rules : {&tables.python, &tables.javascript}) {
        for (const auto& [word, rows] : *rules) {
            for (const CallRule& rule : rows) {
                const bool has_package =
                    !rule.packages.empty() &&
                    std::find(rule.packages.begin(), rule.packages.end(), "?") ==
                        rule.packages.end();
                if (!has_package) {
                    out.insert(word);
                }
                for (const std::string& package : rule.packages) {
                    if (package != "?") {
                        out.insert(package);
                    }
                }
            }
        }
    }
    return {out.begin(), out.end()};
}

// The words of telling names as code writes them: model, Model, MODEL.
std::vector<std::string> topic_words(const Tables& tables) {
    constexpr std::size_t kShortestTopic = 4; // shorter ones stand in half of all words
    std::vector<std::string> out;
    for (const auto* words : {&tables.names.model, &tables.names.dataset}) {
        for (const std::string& word : *words) {
            if (word.size() < kShortestTopic) {
                continue;
            }
            std::string other = word;
            out.push_back(word);
            other.front() = static_cast<char>(other.front() - 'a' + 'A');
            out.push_back(other);
            for (char& ch : other) {
                ch = ch >= 'a' && ch <= 'z' ? static_cast<char>(ch - 'a' + 'A') : ch;
            }
            out.push_back(other);
        }
    }
    out.insert(
        out.end(),
        {"repo_id",
         "repoId",
         "REPO_ID",
         "hf_",
         "HF_",
         "llm",
         "LLM",
         "vlm",
         "VLM",
         "vae",
         "VAE",
         "gpt",
         "GPT",
         "asr",
         "ASR",
         "tts",
         "TTS"}
    );
    return out;
}

bool is_binary(std::string_view text) {
    return text.substr(0, kSniffed).find('\0') != std::string_view::npos;
}

bool is_generated(std::string_view text) {
    constexpr std::size_t kSmall = 50'000;
    if (text.size() < kSmall) {
        return false;
    }
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    return text.size() / lines > kLongLine;
}

// Pages: only what stands in script elements, at its lines.
std::string script_of_page(std::string text) {
    std::size_t at = 0;
    std::size_t keep_to = 0;
    while (at < text.size()) {
        const std::size_t open = text.find("<script", at);
        const std::size_t begin = open == std::string::npos
                                      ? text.size()
                                      : std::min(text.find('>', open), text.size() - 1) + 1;
        for (std::size_t i = keep_to; i < std::min(begin, text.size()); ++i) {
            text[i] = text[i] == '\n' ? '\n' : ' ';
        }
        if (open == std::string::npos) {
            break;
        }
        const std::size_t close = text.find("</script", begin);
        keep_to = close == std::string::npos ? text.size() : close;
        at = keep_to;
    }
    return text;
}

// Something is loaded by its address.
bool has_hub_address(std::string_view text) {
    return text.find("/resolve/") != std::string_view::npos ||
           text.find("huggingface.co/") != std::string_view::npos ||
           text.find("hf.co/") != std::string_view::npos;
}

bool speaks_of_hub(std::string_view text) {
    return text.find("hf_hub") != std::string_view::npos ||
           text.find("huggingface") != std::string_view::npos ||
           text.find("HuggingFace") != std::string_view::npos ||
           text.find("pretrained") != std::string_view::npos;
}

std::string_view base_of(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

bool is_page(std::string_view path) {
    return path.ends_with(".vue") || path.ends_with(".svelte") || path.ends_with(".html") ||
           path.ends_with(".htm") || path.ends_with(".astro");
}

// One scan from beginning to end.
class Scanner {
  public:
    Scanner(
        const util::Context& ctx,
        util::Fs& fs,
        const Tables& tables,
        std::string root,
        const ScanOptions& options
    )
        : ctx_(ctx), fs_(fs), tables_(tables), root_(std::move(root)), options_(options),
          triggers_(trigger_words(tables)), evidence_(tables.evidence),
          topics_(topic_words(tables)) {}

    util::Result<Findings> run() {
        RAILHUB_TRY(Walked walked, walk(ctx_, fs_, root_, options_.walk));
        files_ = std::move(walked.files);
        findings_.notes = std::move(walked.notes);
        findings_.files_seen = files_.size();
        for (const WalkedFile& file : files_) {
            paths_.push_back(file.path);
        }
        RAILHUB_TRY(const auto info, fs_.info(root_));
        is_file_ = !info->is_directory;
        read_all();
        RAILHUB_TRY(ctx_.check_stop());
        return finish();
    }

  private:
    // Why a source file is parsed.
    enum class Interest : std::uint8_t { None, Names, Calls };

    struct Slot {
        Interest interest = Interest::None;
        std::vector<Use> uses = {};
        std::vector<WeightsFile> weights = {};
        std::vector<Note> notes = {};
        bool was_read = false;
        bool has_calls = false;
    };

    [[nodiscard]] std::string real_path(const std::string& path) const {
        return is_file_ ? root_ : util::join_path(root_, path);
    }

    // Calls `work` with 0 .. count-1 on the threads of the options; order never
    // matters.
    void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
        constexpr std::size_t kBatch = 16;
        std::atomic<std::size_t> next{0};
        const std::size_t threads = std::max<std::size_t>(1, options_.threads);
        util::ThreadPool pool(threads, threads);
        for (std::size_t i = 0; i < threads; ++i) {
            pool.submit([&] {
                while (!ctx_.stop.stop_requested()) {
                    const std::size_t begin = next.fetch_add(kBatch);
                    if (begin >= count) {
                        return;
                    }
                    for (std::size_t at = begin; at < std::min(begin + kBatch, count); ++at) {
                        work(at);
                    }
                }
            });
        }
        pool.wait_idle();
    }

    // Each file into its own slot.
    void read_all() {
        slots_.resize(files_.size());
        in_parallel(files_.size(), [&](std::size_t at) { read_one(files_[at], slots_[at]); });
    }

    void read_one(const WalkedFile& file, Slot& slot) {
        // What is empty says nothing; pipes and devices are "empty", and would never end.
        const bool is_skipped =
            file.type == FileType::Other || file.size == 0 ||
            (file.type == FileType::Markdown && !util::lower(file.path).ends_with("readme.md")) ||
            std::find(options_.skipped.begin(), options_.skipped.end(), part_of(file.path)) !=
                options_.skipped.end();
        if (is_skipped) {
            return;
        }
        if (file.type == FileType::Weights) {
            read_weights(file, slot);
            return;
        }
        const std::uint64_t limit = file.type == FileType::Notebook ? options_.max_notebook_bytes
                                                                    : options_.max_source_bytes;
        if (file.type == FileType::Text && file.size > kMaxListBytes) {
            return; // data, no list that somebody wrote
        }
        if (file.size > limit) {
            slot.notes.push_back(
                {file.path,
                 "not read: " + util::human_bytes(file.size) + " is more than " +
                     util::human_bytes(limit)}
            );
            return;
        }
        auto text = util::read_file(fs_, real_path(file.path), limit);
        if (!text.ok()) {
            slot.notes.push_back({file.path, text.error().message});
            return;
        }
        if (is_binary(*text)) {
            slot.notes.push_back({file.path, "not read: not a text in UTF-8 or the like"});
            return;
        }
        read_text(file, std::move(*text), slot);
    }

    void read_weights(const WalkedFile& file, Slot& slot) {
        WeightsFile weights{file.path, file.path.substr(file.path.rfind('.') + 1), file.size};
        weights.format = util::lower(weights.format);
        Collector collector(tables_, [](const std::string&, const std::string&) { return false; });
        const auto read = read_weights_file(fs_, real_path(file.path), weights, collector);
        if (!read.ok()) {
            slot.notes.push_back({file.path, read.error().message});
            return;
        }
        slot.was_read = true;
        slot.uses = collector.take();
        slot.weights.push_back(std::move(weights));
    }

    void read_text(const WalkedFile& file, std::string text, Slot& slot) {
        switch (file.type) {
        case FileType::Other:
        case FileType::Weights:
            return;
        case FileType::Python:
            slot.interest = interest_in(text);
            slot.was_read = slot.interest != Interest::None;
            return;
        case FileType::Script:
            slot.interest = is_generated(text) ? Interest::None : interest_in(text);
            slot.was_read = slot.interest != Interest::None;
            return;
        case FileType::Notebook:
            read_notebook_file(file, text, slot);
            return;
        case FileType::Json:
            if (find_quoted_id(text, [](std::string_view) { return true; }) ||
                has_hub_address(text) || text.find("name_or_path") != std::string::npos ||
                text.find("\"--") != std::string::npos) {
                read_document(file, text, DocumentStyle::Json, slot);
            }
            return;
        case FileType::Yaml:
            read_document(file, text, DocumentStyle::Yaml, slot);
            slot.interest = interest_in(embedded_python(text));
            return;
        case FileType::Toml:
            read_document(file, text, DocumentStyle::Toml, slot);
            return;
        case FileType::Markdown:
            read_card(file, text, slot);
            return;
        case FileType::Code:
            if (has_hub_address(text) || has_named_id(text) || speaks_of_hub(text)) {
                collect(file, text, slot, [&](Collector& collector, const PlaceOf& place_of) {
                    read_code(tables_, file.path, text, place_of, collector);
                });
            }
            return;
        case FileType::Text:
            if (has_hub_address(text) || kind_by_name(tables_.names, base_of(file.path))) {
                collect(file, text, slot, [&](Collector& collector, const PlaceOf& place_of) {
                    read_text_list(tables_, file.path, text, place_of, collector);
                });
            }
            return;
        case FileType::PowerShell:
        case FileType::Batch:
        case FileType::Shell:
        case FileType::Environment:
        case FileType::Requirements:
        case FileType::Modelfile:
            read_lines(file, text, slot);
            return;
        }
    }

    // Calls by the words of the tables; names where an id stands in quotes in a file that speaks
    // of models at all.
    [[nodiscard]] Interest interest_in(std::string_view text) const {
        if (triggers_.matches(text)) {
            return Interest::Calls;
        }
        return has_named_id(text) ? Interest::Names : Interest::None;
    }

    [[nodiscard]] bool has_named_id(std::string_view text) const {
        if (!topics_.matches(text)) {
            return false;
        }
        return find_quoted_id(
                   text,
                   [&](std::string_view id) {
                       return read_hub_id(tables_, id, ArtifactKind::Model, {}, Evidence::Key)
                           .has_value();
                   }
               ) ||
               text.find("ollama") != std::string_view::npos;
    }

    // The collector of one file; what it found goes to the slot.
    template <class Read>
    void collect(const WalkedFile& file, std::string_view text, Slot& slot, Read read) {
        slot.was_read = true;
        const LineIndex lines(text);
        const PlaceOf place_of = [&](std::size_t offset) {
            const auto position = lines.at(offset);
            return Place{file.path, 0, position.line, position.column};
        };
        Collector collector(tables_, [this](const std::string& from, const std::string& id) {
            return is_path(from, id);
        });
        read(collector, place_of);
        slot.uses = collector.take();
        slot.has_calls = collector.has_calls() || (!slot.uses.empty() && evidence_.matches(text));
    }

    void
    read_document(const WalkedFile& file, std::string_view text, DocumentStyle style, Slot& slot) {
        collect(file, text, slot, [&](Collector& collector, const PlaceOf& place_of) {
            const auto entries = style == DocumentStyle::Json   ? read_json_entries(text)
                                 : style == DocumentStyle::Toml ? read_toml_entries(text)
                                                                : read_yaml_entries(text);
            const Part part = part_of(file.path);
            read_config(tables_, entries, {file.path, style, part}, place_of, collector);
            read_requirements(text, place_of, part, collector);
        });
    }

    // The front matter of a model's, dataset's or space's card.
    void read_card(const WalkedFile& file, std::string_view text, Slot& slot) {
        const std::size_t end =
            text.starts_with("---\n") ? text.find("\n---", 3) : std::string_view::npos;
        if (end == std::string_view::npos) {
            return;
        }
        const std::string_view front = text.substr(0, end + 1);
        collect(file, front, slot, [&](Collector& collector, const PlaceOf& place_of) {
            std::vector<Entry> entries;
            for (Entry& entry : read_yaml_entries(front)) {
                const std::string key = entry.path.empty() ? std::string() : entry.path.back();
                if (entry.path.size() == 1 &&
                    (key == "base_model" || key == "datasets" || key == "models")) {
                    entries.push_back(std::move(entry));
                }
            }
            read_config(
                tables_,
                entries,
                {file.path, DocumentStyle::Card, part_of(file.path)},
                place_of,
                collector
            );
        });
    }

    void read_lines(const WalkedFile& file, std::string_view text, Slot& slot) {
        collect(file, text, slot, [&](Collector& collector, const PlaceOf& place_of) {
            const Part part = part_of(file.path);
            if (file.type == FileType::Modelfile) {
                read_modelfile(text, place_of, part, collector);
                return;
            }
            read_requirements(text, place_of, part, collector);
            if (file.type == FileType::Requirements) {
                return;
            }
            slot.interest = interest_in(embedded_python(text));
            std::string plain(text);
            if (file.type == FileType::PowerShell) {
                plain = powershell_as_shell(std::move(plain));
            } else if (file.type == FileType::Batch) {
                plain = batch_as_shell(std::move(plain));
            } else {
                blank_array_form(plain);
            }
            read_command_words(tables_, split_command(plain, place_of), part, collector);
        });
    }

    // CMD ["a", "b"] of a Dockerfile reads as CMD  "a"  "b" .
    static void blank_array_form(std::string& text) {
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            const std::string_view line =
                util::trim(std::string_view(text).substr(begin, end - begin));
            if ((line.starts_with("CMD") || line.starts_with("ENTRYPOINT") ||
                 line.starts_with("RUN")) &&
                line.find('[') != std::string_view::npos) {
                for (std::size_t i = begin; i < end; ++i) {
                    text[i] = text[i] == '[' || text[i] == ']' || text[i] == ',' ? ' ' : text[i];
                }
            }
            begin = end + 1;
        }
    }

    void read_notebook_file(const WalkedFile& file, std::string_view text, Slot& slot) {
        auto notebook = read_notebook(text);
        if (!notebook.ok()) {
            slot.notes.push_back({file.path, "not a notebook: " + notebook.error().message});
            return;
        }
        slot.was_read = true;
        Collector collector(tables_, [this](const std::string& from, const std::string& id) {
            return is_path(from, id);
        });
        std::vector<CommandWord> words;
        for (const NotebookCommand& command : notebook->commands) {
            const Place place{file.path, command.cell, command.line, 1};
            for (CommandWord& word : split_command(command.text, place)) {
                words.push_back(std::move(word));
            }
            words.push_back({{}, {}, true});
        }
        read_command_words(tables_, words, part_of(file.path), collector);
        slot.uses = collector.take();
        slot.has_calls = collector.has_calls();
        slot.interest = interest_in(notebook->code);
    }

    // Reads and parses a source file; nullptr where that cannot be.
    std::unique_ptr<Unit> load(const std::string& path) const {
        const FileType type = type_of(path);
        const bool is_notebook = type == FileType::Notebook;
        const bool is_script = type == FileType::Shell || type == FileType::Yaml ||
                               type == FileType::PowerShell || type == FileType::Batch;
        if (type != FileType::Python && type != FileType::Script && !is_notebook && !is_script) {
            return nullptr;
        }
        const auto walked = std::lower_bound(
            files_.begin(),
            files_.end(),
            path,
            [](const WalkedFile& file, const std::string& wanted) { return file.path < wanted; }
        );
        if (walked == files_.end() || walked->path != path || walked->size == 0) {
            return nullptr;
        }
        const std::uint64_t limit =
            is_notebook ? options_.max_notebook_bytes : options_.max_source_bytes;
        auto text = util::read_file(fs_, real_path(path), limit);
        if (!text.ok() || is_binary(*text)) {
            return nullptr;
        }
        if (is_notebook) {
            auto notebook = read_notebook(*text);
            return notebook.ok() ? make_unit(
                                       path,
                                       Language::Python,
                                       std::move(notebook->code),
                                       std::move(notebook->cells)
                                   )
                                 : nullptr;
        }
        if (type == FileType::Python || is_script) {
            return make_unit(
                path, Language::Python, is_script ? embedded_python(*text) : std::move(*text)
            );
        }
        return make_unit(
            path,
            Language::JavaScript,
            is_page(path) ? script_of_page(std::move(*text)) : std::move(*text)
        );
    }

    // A file or folder of this tree, from the root or from the folder of `file`.
    [[nodiscard]] bool is_path(const std::string& file, const std::string& text) const {
        if (text.empty() || text.find("://") != std::string::npos) {
            return false;
        }
        const auto has = [&](const std::string& path) {
            const auto found = std::lower_bound(paths_.begin(), paths_.end(), path);
            if (found != paths_.end() && *found == path) {
                return true;
            }
            const std::string folder = path + '/';
            const auto inside = std::lower_bound(paths_.begin(), paths_.end(), folder);
            return inside != paths_.end() && inside->starts_with(folder);
        };
        if (text.find('/') == std::string::npos) {
            return false; // a name; folders called like a model hold its code
        }
        for (std::string folder = file; !folder.empty();) {
            const std::size_t slash = folder.rfind('/');
            folder.resize(slash == std::string::npos ? 0 : slash);
            if (has(folder.empty() ? text : folder + '/' + text)) {
                return true;
            }
        }
        return false;
    }

    // Which files make up the project: those with calls first, as many as memory
    // allows. The rest is looked at alone, a file at a time.
    void choose(std::vector<std::size_t>& together, std::vector<std::size_t>& alone) const {
        std::uint64_t bytes = 0;
        for (const Interest wanted : {Interest::Calls, Interest::Names}) {
            for (std::size_t i = 0; i < slots_.size(); ++i) {
                if (slots_[i].interest == wanted) {
                    bytes += files_[i].size;
                    (bytes <= kMaxProjectBytes ? together : alone).push_back(i);
                }
            }
        }
        std::sort(together.begin(), together.end());
    }

    // Parses in parallel.
    std::vector<std::unique_ptr<Unit>> parse(const std::vector<std::size_t>& files) {
        std::vector<std::unique_ptr<Unit>> units(files.size());
        in_parallel(files.size(), [&](std::size_t at) {
            units[at] = load(files_[files[at]].path);
        });
        return units;
    }

    void read_project(std::vector<std::unique_ptr<Unit>> parsed, Collector& collector) {
        Project project(paths_, [this](const std::string& path) { return load(path); });
        std::vector<const Unit*> units;
        for (auto& unit : parsed) {
            if (unit != nullptr) {
                units.push_back(unit.get());
                project.add(std::move(unit));
            }
        }
        CallReader reader(project, tables_, collector);
        for (const Unit* unit : units) {
            reader.read_calls(*unit);
            has_evidence_ = has_evidence_ || reader.imports_known_package(*unit);
        }
        NameReader names(tables_, collector);
        for (const Unit* unit : units) {
            names.read(*unit);
        }
    }

    Findings finish() {
        std::vector<std::size_t> together;
        std::vector<std::size_t> alone;
        choose(together, alone);
        Collector collector(tables_, [this](const std::string& from, const std::string& id) {
            return is_path(from, id);
        });
        read_project(parse(together), collector);
        for (const std::size_t file : alone) {
            if (ctx_.stop.stop_requested()) {
                break;
            }
            std::vector<std::unique_ptr<Unit>> one;
            one.push_back(load(files_[file].path));
            read_project(std::move(one), collector);
        }
        findings_.uses = collector.take();
        findings_.unresolved = collector.take_unresolved();
        has_evidence_ = has_evidence_ || collector.has_calls();
        for (Slot& slot : slots_) {
            findings_.files_read += slot.was_read ? 1 : 0;
            has_evidence_ = has_evidence_ || slot.has_calls;
            std::move(slot.notes.begin(), slot.notes.end(), std::back_inserter(findings_.notes));
            std::move(slot.uses.begin(), slot.uses.end(), std::back_inserter(findings_.uses));
            std::move(
                slot.weights.begin(), slot.weights.end(), std::back_inserter(findings_.weights)
            );
            has_evidence_ = has_evidence_ || !slot.weights.empty();
        }
        sort_findings();
        return std::move(findings_);
    }

    void sort_findings() {
        // Where nothing at all has to do with models, names alone say nothing.
        std::erase_if(findings_.uses, [&](const Use& use) {
            return (use.confidence < Confidence::High && !has_evidence_) || is_left_out(use.part);
        });
        std::sort(findings_.uses.begin(), findings_.uses.end(), [](const Use& a, const Use& b) {
            return std::tie(a.place, a.id, a.component) < std::tie(b.place, b.id, b.component);
        });
        std::sort(findings_.notes.begin(), findings_.notes.end(), [](const Note& a, const Note& b) {
            return std::tie(a.file, a.message) < std::tie(b.file, b.message);
        });
    }

    [[nodiscard]] bool is_left_out(Part part) const {
        return std::find(options_.skipped.begin(), options_.skipped.end(), part) !=
               options_.skipped.end();
    }

    const util::Context& ctx_;
    util::Fs& fs_;
    const Tables& tables_;
    std::string root_;
    ScanOptions options_;
    WordFinder triggers_;
    WordFinder evidence_;
    WordFinder topics_;
    bool has_evidence_ = false;
    bool is_file_ = false;
    std::vector<WalkedFile> files_;
    std::vector<std::string> paths_;
    std::vector<Slot> slots_;
    Findings findings_;
};

} // namespace

util::Result<Findings> scan(
    const util::Context& ctx,
    util::Fs& fs,
    const Tables& tables,
    const std::string& root,
    const ScanOptions& options
) {
    return Scanner(ctx, fs, tables, root, options).run();
}

} // namespace railhub::scan
