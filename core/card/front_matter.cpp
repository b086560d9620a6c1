// SPDX-License-Identifier: Apache-2.0
// yaml-cpp is used as a scanner only: its events build the value here, where the limits are.
// Aliases are expanded against a budget, so a "billion laughs" document fails after a few kilobytes
// of work.
#include "core/card/front_matter.h"

#include "core/card/scalar.h"
#include "core/util/text.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <set>
#include <sstream>

namespace railhub::card {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

constexpr std::size_t kMaxPointer = 256;
constexpr std::string_view kFence = "---";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Thrown by the event handler through yaml-cpp and caught in parse_block; it never leaves this
// file.
struct Refused {
    Code code;
    std::string reason;
    YAML::Mark mark;
};

struct Cost {
    std::size_t values = 0;
    std::size_t text = 0;
};

std::string pointer_part(std::string_view key) {
    std::string out = "/";
    for (const char ch : key) {
        if (ch == '~') {
            out += "~0";
        } else if (ch == '/') {
            out += "~1";
        } else {
            out += ch;
        }
    }
    return out;
}

// A mapping or sequence that is not complete yet.
struct Open {
    enum class Kind : std::uint8_t { Sequence, Mapping } kind;
    std::string pointer;
    YAML::anchor_t anchor = 0;
    Cost cost_before = {};
    util::JsonArray items = {};
    util::JsonObject members = {};
    std::set<std::string> keys = {};
    std::optional<std::string> key = {}; // read, its value not yet
};

struct Anchored {
    Json value;
    Cost cost;
};

class Builder final : public YAML::EventHandler {
  public:
    Builder(const FrontMatterLimits& limits, std::uint32_t first_line)
        : limits_(limits), first_line_(first_line) {}

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        scalar(mark, anchor, Json(), "null");
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            throw Refused{Code::InvalidInput, "an alias stands inside what it names", mark};
        }
        if (expects_key()) {
            throw Refused{Code::InvalidInput, "a key is an alias", mark};
        }
        charge(found->second.cost, mark);
        place(mark, found->second.value);
    }

    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        const std::string& value
    ) override {
        std::optional<Json> resolved = resolve_scalar(tag, value);
        if (!resolved) {
            throw Refused{Code::InvalidInput, "unsupported tag '" + tag + "'", mark};
        }
        scalar(mark, anchor, std::move(*resolved), value);
    }

    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& /*tag*/,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/
    ) override {
        open(mark, anchor, Open::Kind::Sequence);
    }

    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& /*tag*/,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/
    ) override {
        open(mark, anchor, Open::Kind::Mapping);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapEnd() override { close(); }

    [[nodiscard]] Json take() { return std::move(root_); }

    [[nodiscard]] Positions take_positions() { return std::move(positions_); }

  private:
    [[nodiscard]] bool expects_key() const {
        return !stack_.empty() && stack_.back().kind == Open::Kind::Mapping && !stack_.back().key;
    }

    void charge(const Cost& cost, const YAML::Mark& mark) {
        spent_.values += cost.values;
        spent_.text += cost.text;
        if (spent_.values > limits_.max_values || spent_.text > limits_.max_text) {
            throw Refused{Code::TooLarge, "too many values", mark};
        }
    }

    void
    scalar(const YAML::Mark& mark, YAML::anchor_t anchor, Json value, const std::string& text) {
        charge({1, text.size()}, mark);
        if (expects_key()) {
            take_key(mark, text);
            return;
        }
        if (anchor != 0) {
            anchors_.insert_or_assign(anchor, Anchored{value, {1, text.size()}});
        }
        place(mark, std::move(value));
    }

    void take_key(const YAML::Mark& mark, const std::string& text) {
        Open& mapping = stack_.back();
        if (text.size() > limits_.max_key) {
            throw Refused{Code::TooLarge, "a key is too long", mark};
        }
        if (!mapping.keys.insert(text).second) {
            throw Refused{Code::InvalidInput, "duplicate key '" + text + "'", mark};
        }
        mapping.key = text;
    }

    void open(const YAML::Mark& mark, YAML::anchor_t anchor, Open::Kind kind) {
        if (expects_key()) {
            throw Refused{Code::InvalidInput, "a key is not a plain text", mark};
        }
        if (stack_.size() >= limits_.max_depth) {
            throw Refused{Code::TooLarge, "nested too deeply", mark};
        }
        const Cost before = spent_;
        charge({1, 0}, mark);
        std::string pointer = next_pointer();
        remember(pointer, mark);
        stack_.push_back(Open{kind, std::move(pointer), anchor, before});
    }

    void close() {
        Open done = std::move(stack_.back());
        stack_.pop_back();
        Json value = done.kind == Open::Kind::Sequence ? Json(std::move(done.items))
                                                       : Json(std::move(done.members));
        if (done.anchor != 0) {
            const Cost cost{
                spent_.values - done.cost_before.values, spent_.text - done.cost_before.text};
            anchors_.insert_or_assign(done.anchor, Anchored{value, cost});
        }
        append(std::move(value));
    }

    void place(const YAML::Mark& mark, Json value) {
        remember(next_pointer(), mark);
        append(std::move(value));
    }

    void append(Json value) {
        if (stack_.empty()) {
            root_ = std::move(value);
            return;
        }
        Open& parent = stack_.back();
        if (parent.kind == Open::Kind::Sequence) {
            parent.items.push_back(std::move(value));
            return;
        }
        parent.members.emplace_back(std::move(*parent.key), std::move(value));
        parent.key.reset();
    }

    [[nodiscard]] std::string next_pointer() const {
        if (stack_.empty()) {
            return {};
        }
        const Open& parent = stack_.back();
        if (parent.pointer.size() > kMaxPointer) {
            return parent.pointer;
        }
        return parent.pointer + (parent.kind == Open::Kind::Sequence
                                     ? "/" + std::to_string(parent.items.size())
                                     : pointer_part(*parent.key));
    }

    void remember(const std::string& pointer, const YAML::Mark& mark) {
        if (pointer.size() <= kMaxPointer) {
            positions_.emplace(pointer, position(mark));
        }
    }

    [[nodiscard]] Position position(const YAML::Mark& mark) const {
        return {
            first_line_ + static_cast<std::uint32_t>(std::max(mark.line, 0)),
            1 + static_cast<std::uint32_t>(std::max(mark.column, 0)),
        };
    }

    const FrontMatterLimits& limits_;
    std::uint32_t first_line_;
    Cost spent_;
    std::vector<Open> stack_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    Json root_;
    Positions positions_;
};

struct Block {
    std::string_view text;
    std::uint32_t first_line = 1; // of the text, in the README
    std::size_t body_offset = 0;
    std::string_view name = "front matter"; // in messages
};

std::string_view without_line_end(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

// The lines between the fences. Blank lines may precede the first one, as hubs allow.
std::optional<Block> find_block(std::string_view readme) {
    std::size_t at = readme.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    std::uint32_t line_number = 0;
    std::optional<Block> block;
    std::size_t text_begin = 0;
    while (at < readme.size()) {
        const std::size_t end = std::min(readme.find('\n', at), readme.size());
        const std::string_view line = without_line_end(readme.substr(at, end - at));
        const std::size_t next = std::min(end + 1, readme.size());
        ++line_number;
        if (!block) {
            if (util::trim(line) == kFence) {
                block = Block{{}, line_number + 1, 0};
                text_begin = next;
            } else if (!util::trim(line).empty()) {
                return std::nullopt;
            }
        } else if (line == kFence) {
            block->text = readme.substr(text_begin, at - text_begin);
            block->body_offset = next;
            return block;
        }
        at = next;
    }
    return std::nullopt; // never closed: a rule in the prose, not a front matter
}

util::Error
refused(Code code, const std::string& reason, const YAML::Mark& mark, const Block& block) {
    const bool known = mark.line >= 0;
    const std::string where =
        known ? " at line " +
                    std::to_string(block.first_line + static_cast<std::uint32_t>(mark.line)) +
                    ", column " + std::to_string(mark.column + 1)
              : std::string();
    return fail(code, "invalid " + std::string(block.name) + where + ": " + reason);
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char ch) {
        const auto byte = static_cast<unsigned char>(ch);
        return (byte < 0x20 && ch != '\n' && ch != '\r' && ch != '\t') || byte == 0x7F;
    });
}

Result<> parse_block(const Block& block, const FrontMatterLimits& limits, FrontMatter& out) {
    Builder builder(limits, block.first_line);
    try {
        std::istringstream stream{std::string(block.text)};
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
    } catch (const Refused& stop) {
        return refused(stop.code, stop.reason, stop.mark, block);
    } catch (const YAML::Exception& error) {
        return refused(Code::InvalidInput, error.msg, error.mark, block);
    } catch (const std::exception& error) {
        return fail(Code::InvalidInput, "invalid " + std::string(block.name) + ": " + error.what());
    }
    out.data = builder.take();
    out.positions = builder.take_positions();
    return {};
}

// What every block must be before it is parsed.
Result<> check_text(const Block& block, const FrontMatterLimits& limits) {
    const std::string name(block.name);
    if (block.text.size() > limits.max_bytes) {
        return fail(
            Code::TooLarge,
            name + " is larger than " + util::human_bytes(limits.max_bytes),
            block.first_line > 1 ? "move prose below the closing '---'" : ""
        );
    }
    if (!util::is_valid_utf8(block.text)) {
        return fail(Code::InvalidInput, name + " is not UTF-8");
    }
    if (has_control_character(block.text)) {
        return fail(Code::InvalidInput, name + " holds a control character");
    }
    return {};
}

} // namespace

Position position_of(const Positions& positions, std::string_view pointer) {
    while (true) {
        if (const auto found = positions.find(pointer); found != positions.end()) {
            return found->second;
        }
        if (pointer.empty()) {
            return {};
        }
        pointer = pointer.substr(0, pointer.rfind('/'));
    }
}

util::Result<FrontMatter>
parse_front_matter(std::string_view readme, const FrontMatterLimits& limits) {
    FrontMatter front;
    const std::optional<Block> block = find_block(readme);
    if (!block) {
        return front;
    }
    front.body_offset = block->body_offset;
    RAILHUB_TRY(check_text(*block, limits));
    RAILHUB_TRY(parse_block(*block, limits, front));
    if (!front.data.is_null() && !front.data.is_object()) {
        return fail(
            Code::InvalidInput,
            "invalid front matter at line " + std::to_string(block->first_line) +
                ": it is not a mapping",
            "write 'key: value' lines"
        );
    }
    return front;
}

util::Result<util::Json> parse_yaml(std::string_view text, const FrontMatterLimits& limits) {
    const Block block{
        text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text, 1, 0, "YAML"};
    RAILHUB_TRY(check_text(block, limits));
    FrontMatter parsed;
    RAILHUB_TRY(parse_block(block, limits, parsed));
    return std::move(parsed.data);
}

} // namespace railhub::card
