// SPDX-License-Identifier: Apache-2.0
// The only includer of CLI11: builds a parser from the table, runs it, turns its exceptions into
// errors with suggestions. Help is ours (help.cpp); the library's is switched off.
#include "cli/args.h"

#include "core/util/text.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

namespace railhub::cli {

namespace {

const std::vector<OptionSpec>& global_table() {
    static const std::vector<OptionSpec> kTable = {
        {.name = "endpoint", .value = "URL", .help = "Hub to talk to (variable HF_ENDPOINT)"},
        {.name = "token", .value = "TOKEN", .help = "Access token (variable HF_TOKEN)"},
        {.name = "json", .kind = OptionKind::Switch, .help = "Print the result as JSON"},
        {.name = "quiet",
         .letter = 'q',
         .kind = OptionKind::Switch,
         .help = "No progress and no talk on stderr, errors only"},
        {.name = "verbose", .letter = 'v', .kind = OptionKind::Switch, .help = "Log what is done"},
        {.name = "offline",
         .kind = OptionKind::Switch,
         .help = "Never use the network (variable HF_HUB_OFFLINE)"},
        {.name = "color",
         .kind = OptionKind::Choice,
         .value = "WHEN",
         .help = "Colours: auto, always or never (variable NO_COLOR)",
         .fallback = "auto",
         .choices = {"auto", "always", "never"}},
    };
    return kTable;
}

// One option or operand and the library's object for it.
struct Slot {
    const OptionSpec* option = nullptr;
    const OperandSpec* operand = nullptr;
    CLI::Option* handle = nullptr;
};

struct Node {
    std::string words; // "repo create"
    CLI::App* app = nullptr;
    const Command* command = nullptr; // null: a group or the root
    std::vector<Slot> slots;
};

class Parser {
  public:
    explicit Parser(std::span<const Command> table) {
        root_.set_help_flag();
        root_.fallthrough();
        root_.require_subcommand(0, 1);
        nodes_.push_back({"", &root_, nullptr, {}});
        root_.add_flag("-h,--help");
        for (const auto& spec : global_table()) {
            add_option(nodes_.front(), spec);
        }
        for (const auto& command : table) {
            add_command(command);
        }
    }

    util::Result<ParsedLine> parse(std::vector<std::string> words) {
        const std::vector<std::string> given = words;
        std::reverse(words.begin(), words.end()); // the library takes them from the back
        std::string problem;
        try {
            root_.parse(words);
        } catch (const CLI::ParseError& error) {
            problem = error.what();
        }
        const Node& node = reached();
        const bool wants_help = root_.get_option("--help")->count() > 0;
        if (!wants_help && !problem.empty()) {
            return explain(node, problem);
        }
        return collect(node, wants_help);
    }

  private:
    static bool ignore_results(const CLI::results_t& /*results*/) { return true; }

    static void add_option(Node& node, const OptionSpec& spec) {
        const std::string names =
            (spec.letter != 0 ? std::string("-") + spec.letter + "," : std::string()) + "--" +
            spec.name;
        CLI::Option* handle = nullptr;
        if (spec.kind == OptionKind::Switch) {
            handle = node.app->add_flag(names);
        } else {
            handle = node.app->add_option(names, CLI::callback_t(ignore_results))
                         ->type_size(1)
                         ->expected(1);
            handle->multi_option_policy(
                spec.kind == OptionKind::List ? CLI::MultiOptionPolicy::TakeAll
                                              : CLI::MultiOptionPolicy::TakeLast
            );
            handle->allow_extra_args(false);
            if (spec.kind == OptionKind::OptionalText) {
                handle->expected(0, 1);
            }
        }
        node.slots.push_back({&spec, nullptr, handle});
    }

    static void add_operand(Node& node, const OperandSpec& spec) {
        CLI::Option* handle =
            node.app->add_option(spec.name, CLI::callback_t(ignore_results))->type_size(1);
        const bool many = spec.need == Need::OneOrMore || spec.need == Need::AnyNumber;
        if (many) {
            handle->expected(1, CLI::detail::expected_max_vector_size);
            handle->allow_extra_args(true);
            handle->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        } else {
            handle->expected(1);
        }
        handle->required(spec.need == Need::Required || spec.need == Need::OneOrMore);
        node.slots.push_back({nullptr, &spec, handle});
    }

    void add_command(const Command& command) {
        CLI::App* app = &root_;
        std::string words;
        for (const auto word : util::split(command.name, ' ')) {
            words += (words.empty() ? "" : " ") + std::string(word);
            app = child(*app, std::string(word), words);
        }
        Node& node = *find(words);
        node.command = &command;
        for (const auto& spec : command.options) {
            add_option(node, spec);
        }
        for (const auto& spec : command.operands) {
            add_operand(node, spec);
        }
    }

    CLI::App* child(CLI::App& parent, const std::string& word, const std::string& words) {
        if (Node* known = find(words)) {
            return known->app;
        }
        CLI::App* app = parent.add_subcommand(word);
        app->set_help_flag();
        app->fallthrough();
        app->require_subcommand(0, 1);
        nodes_.push_back({words, app, nullptr, {}});
        return app;
    }

    Node* find(std::string_view words) {
        for (auto& node : nodes_) {
            if (node.words == words) {
                return &node;
            }
        }
        return nullptr;
    }

    // The deepest command the words led to.
    const Node& reached() {
        const CLI::App* app = &root_;
        while (!app->get_subcommands().empty()) {
            app = app->get_subcommands().back();
        }
        for (const auto& node : nodes_) {
            if (node.app == app) {
                return node;
            }
        }
        return nodes_.front();
    }

    [[nodiscard]] std::vector<std::string> children_of(const Node& node) const {
        std::vector<std::string> names;
        for (const CLI::App* app :
             node.app->get_subcommands([](const CLI::App*) { return true; })) {
            names.push_back(app->get_name());
        }
        return names;
    }

    [[nodiscard]] std::vector<std::string> options_of(const Node& node) const {
        std::vector<std::string> names;
        for (const auto& other : nodes_) {
            const bool applies =
                other.words.empty() || &other == &node || node.words.starts_with(other.words + " ");
            for (const auto& slot : other.slots) {
                if (applies && slot.option != nullptr) {
                    names.push_back("--" + slot.option->name);
                }
            }
        }
        return names;
    }

    [[nodiscard]] util::Error explain(const Node& node, const std::string& problem) const {
        const std::string help =
            "see 'railhub " + (node.words.empty() ? std::string() : node.words + " ") + "--help'";
        const std::vector<std::string> extras = root_.remaining(true);
        if (extras.empty()) {
            return util::fail(util::Code::InvalidInput, plain(node, problem), help);
        }
        std::string word = extras.front();
        const bool is_option = word.starts_with("-");
        if (is_option) {
            word = word.substr(0, word.find('='));
        }
        const std::vector<std::string> known = is_option ? options_of(node) : children_of(node);
        const std::string near = util::nearest(word, known);
        const std::string what = is_option       ? "unknown option"
                                 : known.empty() ? "unexpected argument"
                                                 : "unknown command";
        return util::fail(
            util::Code::InvalidInput,
            what + " '" + word + "'",
            near.empty() ? help : "did you mean '" + near + "'?"
        );
    }

    // The library's sentence in our form: lower case, no full stop.
    static std::string plain(const Node& node, const std::string& problem) {
        for (const auto& slot : node.slots) {
            if (slot.operand != nullptr && slot.handle->get_required() &&
                slot.handle->count() == 0) {
                return "'" + slot.operand->name + "' is missing";
            }
        }
        std::string text = problem;
        if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') {
            text.front() = static_cast<char>(text.front() - 'A' + 'a');
        }
        while (text.ends_with('.') || text.ends_with('\n')) {
            text.pop_back();
        }
        return text;
    }

    [[nodiscard]] util::Result<ParsedLine> collect(const Node& last, bool wants_help) const {
        ParsedLine line;
        line.command = last.command;
        line.wants_help = wants_help;
        line.help_topic = last.words;
        for (const auto& node : nodes_) {
            const bool applies = node.words.empty() || node.words == last.words ||
                                 last.words.starts_with(node.words + " ");
            if (applies) {
                RAILHUB_TRY(collect_node(node, line.args));
            }
        }
        return line;
    }

    static util::Result<> collect_node(const Node& node, Args& args) {
        for (const auto& slot : node.slots) {
            const std::string& name =
                slot.option != nullptr ? slot.option->name : slot.operand->name;
            if (slot.option != nullptr && !slot.option->fallback.empty()) {
                args.set_fallback(name, slot.option->fallback);
            }
            if (slot.handle->count() > 0) {
                if (slot.option != nullptr) {
                    RAILHUB_TRY(check_value(*slot.option, slot.handle->results().back()));
                }
                args.add(name, slot.handle->results());
            }
        }
        return {};
    }

    static util::Result<> check_value(const OptionSpec& spec, const std::string& value) {
        if (spec.kind == OptionKind::Number && !util::parse_decimal(value)) {
            return util::fail(
                util::Code::InvalidInput,
                "'--" + spec.name + "' needs a number, not '" + value + "'"
            );
        }
        if (spec.kind == OptionKind::Choice &&
            std::find(spec.choices.begin(), spec.choices.end(), value) == spec.choices.end()) {
            const std::string near = util::nearest(value, spec.choices);
            return util::fail(
                util::Code::InvalidInput,
                "'--" + spec.name + "' cannot be '" + value + "'",
                near.empty() ? "choose one of " + util::join(spec.choices, ", ")
                             : "did you mean '" + near + "'?"
            );
        }
        return {};
    }

    CLI::App root_;
    std::vector<Node> nodes_;
};

} // namespace

std::string Args::text(std::string_view name) const {
    if (const auto found = values_.find(name); found != values_.end() && !found->second.empty()) {
        return found->second.back();
    }
    const auto fallback = fallbacks_.find(name);
    return fallback == fallbacks_.end() ? std::string() : fallback->second;
}

std::vector<std::string> Args::list(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::uint64_t Args::number(std::string_view name) const {
    const auto value = util::parse_decimal(text(name));
    RAILHUB_ASSERT(value.has_value());
    return *value;
}

std::span<const OptionSpec> global_options() {
    return global_table();
}

util::Result<ParsedLine>
parse_line(std::span<const Command> table, const std::vector<std::string>& words) {
    try {
        Parser parser(table);
        return parser.parse(words);
    } catch (const CLI::Error& error) {
        return util::fail(util::Code::InvalidInput, error.what());
    }
}

} // namespace railhub::cli
