// SPDX-License-Identifier: Apache-2.0
// One small script per shell: the words that may follow a chain of words are listed by the binary
// at print time, so that the script needs no second call.
#include "cli/completion.h"

#include "cli/args.h"
#include "core/util/text.h"

#include <map>
#include <set>

namespace railhub::cli {

namespace {

// "repo" -> {create, list, ...}; "" -> first words. Options of a command are added with their
// dashes.
std::map<std::string, std::set<std::string>> next_words(std::span<const Command> table) {
    std::map<std::string, std::set<std::string>> next;
    for (const auto& command : table) {
        std::string chain;
        for (const auto word : util::split(command.name, ' ')) {
            next[chain].insert(std::string(word));
            chain += (chain.empty() ? "" : " ") + std::string(word);
        }
        auto& words = next[chain];
        for (const auto& option : command.options) {
            words.insert("--" + option.name);
        }
    }
    return next;
}

std::string global_words() {
    std::string words = "--help";
    for (const auto& option : global_options()) {
        words += " --" + option.name;
    }
    return words;
}

std::string case_lines(std::span<const Command> table) {
    std::string lines;
    for (const auto& [chain, words] : next_words(table)) {
        lines += "        '" + chain + "') words='";
        for (const auto& word : words) {
            lines += word + " ";
        }
        lines += "' ;;\n";
    }
    return lines;
}

std::string bash_script(std::span<const Command> table) {
    return "# bash completion for railhub\n"
           "_railhub_words() {\n"
           "    local words=''\n"
           "    case \"$1\" in\n" +
           case_lines(table) +
           "    esac\n"
           "    printf '%s' \"$words\"\n"
           "}\n"
           "_railhub() {\n"
           "    local current=\"${COMP_WORDS[COMP_CWORD]}\" chain='' word known\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        known=\" $(_railhub_words \"$chain\") \"\n"
           "        if [[ \"$word\" != -* && \"$known\" == *\" $word \"* ]]; then\n"
           "            chain=\"${chain:+$chain }$word\"\n"
           "        fi\n"
           "    done\n"
           "    COMPREPLY=($(compgen -W \"$(_railhub_words \"$chain\") " +
           global_words() +
           "\" -- \"$current\"))\n"
           "    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then\n"
           "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
           "    fi\n"
           "}\n"
           "complete -o filenames -F _railhub railhub\n";
}

std::string zsh_script(std::span<const Command> table) {
    return "#compdef railhub\n"
           "_railhub_words() {\n"
           "    local words=''\n"
           "    case \"$1\" in\n" +
           case_lines(table) +
           "    esac\n"
           "    print -rn -- \"$words\"\n"
           "}\n"
           "_railhub() {\n"
           "    local chain='' word known\n"
           "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
           "        known=\" $(_railhub_words \"$chain\") \"\n"
           "        if [[ \"$word\" != -* && \"$known\" == *\" $word \"* ]]; then\n"
           "            chain=\"${chain:+$chain }$word\"\n"
           "        fi\n"
           "    done\n"
           "    compadd -- ${=$(_railhub_words \"$chain\")} " +
           global_words() +
           "\n"
           "    _files\n"
           "}\n"
           "compdef _railhub railhub\n";
}

std::string fish_quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? "\\'" : std::string(1, c);
    }
    return quoted + "'";
}

std::string fish_option(const std::string& condition, const OptionSpec& option) {
    std::string line = "complete -c railhub" + condition + " -l " + option.name;
    if (option.letter != 0) {
        line += std::string(" -s ") + option.letter;
    }
    if (option.kind != OptionKind::Switch && option.kind != OptionKind::OptionalText) {
        line += " -r";
    }
    if (!option.choices.empty()) {
        line += " -f -a " + fish_quoted(util::join(option.choices, " "));
    }
    return line + " -d " + fish_quoted(option.help) + "\n";
}

std::string fish_script(std::span<const Command> table) {
    std::string text = "# fish completion for railhub\n";
    std::set<std::string> said;
    for (const auto& command : table) {
        std::string condition = " -n __fish_use_subcommand";
        std::string seen;
        for (const auto word : util::split(command.name, ' ')) {
            const std::string line =
                "complete -c railhub" + condition + " -f -a " + std::string(word);
            const bool is_last = seen + std::string(word) == command.name;
            if (said.insert(line).second) {
                text +=
                    line + (is_last ? " -d " + fish_quoted(command.summary) : std::string()) + "\n";
            }
            seen += std::string(word) + " ";
            condition = " -n '__fish_seen_subcommand_from " + std::string(word) + "'";
        }
        for (const auto& option : command.options) {
            text += fish_option(condition, option);
        }
    }
    for (const auto& option : global_options()) {
        text += fish_option("", option);
    }
    return text;
}

} // namespace

util::Result<std::string>
completion_script(std::span<const Command> table, std::string_view shell) {
    if (shell == "bash") {
        return bash_script(table);
    }
    if (shell == "zsh") {
        return zsh_script(table);
    }
    if (shell == "fish") {
        return fish_script(table);
    }
    return util::fail(
        util::Code::InvalidInput,
        "no completions for '" + std::string(shell) + "'",
        "choose bash, zsh or fish"
    );
}

} // namespace railhub::cli
