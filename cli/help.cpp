// SPDX-License-Identifier: Apache-2.0
// Rendering of help and of the reference page.
#include "cli/help.h"

#include "cli/args.h"
#include "cli/pages.h"
#include "cli/terminal.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::cli {

namespace {

std::string_view embedded_page(const std::string& path) {
    for (const auto& file : cli_pages::files()) {
        if (file.path == path) {
            return file.text;
        }
    }
    return {};
}

std::string option_label(const OptionSpec& spec) {
    std::string label = spec.letter != 0 ? std::string("-") + spec.letter + ", " : "    ";
    label += "--" + spec.name;
    if (spec.kind == OptionKind::OptionalText) {
        label += "[=" + spec.value + "]";
    } else if (spec.kind != OptionKind::Switch) {
        label += " " + (spec.value.empty() ? "TEXT" : spec.value);
    }
    return label;
}

std::string option_sentence(const OptionSpec& spec) {
    std::string text = spec.help;
    if (spec.kind == OptionKind::Choice &&
        spec.help.find(spec.choices.front()) == std::string::npos) {
        text += ": " + util::join(spec.choices, ", ");
    }
    if (spec.kind == OptionKind::List) {
        text += " (may be repeated)";
    }
    if (!spec.fallback.empty()) {
        text += " [" + spec.fallback + "]";
    }
    return text;
}

std::string operand_label(const OperandSpec& spec) {
    switch (spec.need) {
    case Need::Required:
        return spec.name;
    case Need::Optional:
        return "[" + spec.name + "]";
    case Need::OneOrMore:
        return spec.name + "...";
    case Need::AnyNumber:
        return "[" + spec.name + "...]";
    }
    return spec.name;
}

std::string usage_of(const Command& command) {
    std::string usage = "railhub " + command.name;
    if (!command.options.empty()) {
        usage += " [options]";
    }
    for (const auto& operand : command.operands) {
        usage += " " + operand_label(operand);
    }
    return usage;
}

std::string option_list(std::span<const OptionSpec> options) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& spec : options) {
        rows.push_back({"  " + option_label(spec), option_sentence(spec)});
    }
    return align(rows);
}

// Options that a group above the command brings ("admin --data").
std::vector<OptionSpec> inherited_options(std::span<const Command> table, const Command& command) {
    std::vector<OptionSpec> options;
    for (const auto& other : table) {
        if (other.run == nullptr && command.name.starts_with(other.name + " ")) {
            options.insert(options.end(), other.options.begin(), other.options.end());
        }
    }
    return options;
}

// A page as plain text: no fences, code indented, headings bare.
std::string plain_page(std::string_view page) {
    std::string text;
    bool in_code = false;
    for (const auto line : util::split(page, '\n')) {
        if (line.starts_with("```")) {
            in_code = !in_code;
        } else if (in_code) {
            text += "  " + std::string(line) + "\n";
        } else if (line.starts_with("#")) {
            text += std::string(util::trim(line.substr(line.find_first_not_of('#')))) + ":\n";
        } else {
            text += std::string(line) + "\n";
        }
    }
    while (text.ends_with("\n\n")) {
        text.pop_back();
    }
    return text;
}

std::string exit_code_list() {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : exit_codes()) {
        rows.push_back({"  " + std::to_string(static_cast<int>(row.code)), std::string(row.meaning)}
        );
    }
    return align(rows);
}

std::string command_help(std::span<const Command> table, const Command& command) {
    std::string text = command.summary + "\n\nUsage: " + usage_of(command) + "\n";
    const std::string page = plain_page(page_text(command.page));
    if (!page.empty()) {
        text += "\n" + page;
    }
    std::vector<std::vector<std::string>> operands;
    for (const auto& operand : command.operands) {
        operands.push_back({"  " + operand.name, operand.help});
    }
    if (!operands.empty()) {
        text += "\nArguments:\n" + align(operands);
    }
    std::vector<OptionSpec> options = command.options;
    const auto inherited = inherited_options(table, command);
    options.insert(options.end(), inherited.begin(), inherited.end());
    if (!options.empty()) {
        text += "\nOptions:\n" + option_list(options);
    }
    text += "\nOptions of every command:\n" + option_list(global_options());
    return text + "\nExit codes:\n" + exit_code_list();
}

std::string group_help(std::span<const Command> table, std::string_view topic) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& command : table) {
        if (command.run != nullptr && command.name.starts_with(std::string(topic) + " ")) {
            rows.push_back({"  " + usage_of(command), command.summary});
        }
    }
    return rows.empty() ? std::string()
                        : "Commands of 'railhub " + std::string(topic) + "':\n" + align(rows);
}

const Command* find_command(std::span<const Command> table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Command& command) {
        return command.name == name;
    });
    return found == table.end() ? nullptr : &*found;
}

std::vector<std::string> groups_in_order(std::span<const Command> table) {
    std::vector<std::string> groups;
    for (const auto& command : table) {
        if (std::find(groups.begin(), groups.end(), command.group) == groups.end()) {
            groups.push_back(command.group);
        }
    }
    return groups;
}

std::string escape_cell(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        escaped += c == '|' ? "\\|" : std::string(1, c);
    }
    return escaped;
}

std::string option_table(std::span<const OptionSpec> options) {
    std::string text = "| option | meaning |\n| --- | --- |\n";
    for (const auto& spec : options) {
        text += "| `" + escape_cell(std::string(util::trim(option_label(spec)))) + "` | " +
                escape_cell(option_sentence(spec)) + " |\n";
    }
    return text;
}

// Headings of a page two levels down.
std::string lowered_page(std::string_view page) {
    std::string text;
    for (const auto line : util::split(page, '\n')) {
        text += (line.starts_with("#") ? "##" : "") + std::string(line) + "\n";
    }
    while (text.ends_with("\n\n")) {
        text.pop_back();
    }
    return text;
}

std::string reference_section(std::span<const Command> table, const Command& command) {
    std::string text = "### railhub " + command.name + "\n\n" + command.summary + ".\n\n```\n" +
                       usage_of(command) + "\n```\n";
    if (const auto page = page_text(command.page); !page.empty()) {
        text += "\n" + lowered_page(page);
    }
    if (!command.operands.empty()) {
        text += "\n| argument | meaning |\n| --- | --- |\n";
        for (const auto& operand : command.operands) {
            text += "| `" + operand_label(operand) + "` | " + escape_cell(operand.help) + " |\n";
        }
    }
    std::vector<OptionSpec> options = command.options;
    const auto inherited = inherited_options(table, command);
    options.insert(options.end(), inherited.begin(), inherited.end());
    if (!options.empty()) {
        text += "\n" + option_table(options);
    }
    return text + "\n";
}

} // namespace

std::string_view page_text(std::string_view name) {
    return embedded_page("commands/" + std::string(name) + ".md");
}

std::string_view example_page(std::string_view code) {
    return embedded_page("rules/" + std::string(code) + ".md");
}

std::string overview(std::span<const Command> table) {
    std::string text = "railhub: a hub for models and datasets whose licenses travel with them\n\n"
                       "Usage: railhub COMMAND [options] [arguments]\n";
    for (const auto& group : groups_in_order(table)) {
        std::vector<std::vector<std::string>> rows;
        for (const auto& command : table) {
            if (command.group == group && command.run != nullptr) {
                rows.push_back({"  " + command.name, command.summary});
            }
        }
        text += "\n" + group + ":\n" + align(rows);
    }
    return text + "\n'railhub COMMAND --help' says more; docs/cli.md has all of it.\n";
}

util::Result<std::string> help_text(std::span<const Command> table, std::string_view topic) {
    if (topic.empty()) {
        return overview(table);
    }
    const Command* command = find_command(table, topic);
    if (command != nullptr && command->run != nullptr) {
        return command_help(table, *command);
    }
    std::string text = group_help(table, topic);
    if (text.empty()) {
        std::vector<std::string> names;
        for (const auto& known : table) {
            names.push_back(known.name);
        }
        const std::string near = util::nearest(topic, names);
        return util::fail(
            util::Code::NotFound,
            "no command '" + std::string(topic) + "'",
            near.empty() ? "see 'railhub help'" : "did you mean '" + near + "'?"
        );
    }
    if (command != nullptr && !command->options.empty()) {
        text += "\nOptions of the group:\n" + option_list(command->options);
    }
    return text;
}

std::string reference_page(std::span<const Command> table) {
    std::string text =
        "# Command line\n\nPrinted from the table in `cli/commands.cpp` and the pages "
        "in `cli/commands/`; a test compares.\n\n## Options of every command\n\n";
    text += option_table(global_options());
    text += "\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n";
    for (const auto& row : exit_codes()) {
        text += "| " + std::to_string(static_cast<int>(row.code)) + " | " +
                std::string(row.meaning) + " |\n";
    }
    for (const auto& group : groups_in_order(table)) {
        text += "\n## " + group + "\n\n";
        for (const auto& command : table) {
            if (command.group == group && command.run != nullptr) {
                text += reference_section(table, command);
            }
        }
        text.pop_back();
    }
    return text;
}

} // namespace railhub::cli
