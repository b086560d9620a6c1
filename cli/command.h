// SPDX-License-Identifier: Apache-2.0
// Command: one verb as data (options, operands, summary) and the function that runs it. The table
// of all commands is commands.cpp; parsing, help, completions and docs/cli.md come from it.
#pragma once

#include "cli/exit_code.h"
#include "core/util/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::cli {

struct Shell;

enum class OptionKind : std::uint8_t {
    Switch, // present or not
    Text,
    List,         // may be given several times
    Number,       // decimal, checked while parsing
    Choice,       // one of `choices`
    OptionalText, // the value may be left out
};

struct OptionSpec {
    std::string name; // "revision": --revision
    char letter = 0;  // 'r': -r
    OptionKind kind = OptionKind::Text;
    std::string value = {}; // how help calls the value: "REV"
    std::string help = {};
    std::string fallback = {}; // value when absent; shown in help
    std::vector<std::string> choices = {};
};

enum class Need : std::uint8_t { Required, Optional, OneOrMore, AnyNumber };

struct OperandSpec {
    std::string name; // "REPO"
    Need need = Need::Required;
    std::string help = {};
};

// What was given on the command line, fallbacks filled in. Immutable once parsed.
class Args {
  public:
    void add(const std::string& name, std::vector<std::string> values) {
        values_[name] = std::move(values);
    }

    // Given on the command line (not merely a fallback).
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }

    // Last value, or the fallback, or empty.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    // Precondition: an option of kind Number with a value or fallback.
    [[nodiscard]] std::uint64_t number(std::string_view name) const;

    void set_fallback(const std::string& name, std::string value) {
        fallbacks_[name] = std::move(value);
    }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::map<std::string, std::string, std::less<>> fallbacks_;
};

// Who reacts to SIGINT and SIGTERM: the program (ctx.stop, then exit code 130) or the command.
enum class Signals : std::uint8_t { Watched, Own };

using RunFunction = util::Result<ExitCode> (*)(Shell& shell, const Args& args);

struct Command {
    std::string name;  // words separated by a blank: "repo create"
    std::string group; // heading in the overview
    std::string summary;
    std::string page; // commands/<page>.md: description and examples
    std::vector<OptionSpec> options = {};
    std::vector<OperandSpec> operands = {};
    RunFunction run = nullptr;
    Signals signals = Signals::Watched;
};

} // namespace railhub::cli
