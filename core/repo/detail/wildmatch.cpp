// SPDX-License-Identifier: Apache-2.0
// Backtracking that remembers where it failed, so that no pattern is slow.
#include "core/repo/detail/wildmatch.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <vector>

namespace railhub::repo::detail {

namespace {

struct ClassRow {
    std::string_view name;
    int (*contains)(int);
};

constexpr std::array kClasses = {
    ClassRow{"alnum", std::isalnum},
    ClassRow{"alpha", std::isalpha},
    ClassRow{"blank", std::isblank},
    ClassRow{"cntrl", std::iscntrl},
    ClassRow{"digit", std::isdigit},
    ClassRow{"graph", std::isgraph},
    ClassRow{"lower", std::islower},
    ClassRow{"print", std::isprint},
    ClassRow{"punct", std::ispunct},
    ClassRow{"space", std::isspace},
    ClassRow{"upper", std::isupper},
    ClassRow{"xdigit", std::isxdigit},
};

// "[...]" at the front of a pattern.
struct Bracket {
    std::size_t length = 0; // of the whole expression
    bool matches = false;
};

// Reads one bracket expression and tells whether `c` is in it; nullopt when it is malformed.
class BracketReader {
  public:
    BracketReader(std::string_view pattern, unsigned char c) : pattern_(pattern), c_(c) {}

    std::optional<Bracket> read() {
        const bool is_negated = at_ < pattern_.size() && (peek() == '!' || peek() == '^');
        at_ += is_negated ? 1 : 0;
        const std::size_t first = at_;
        while (at_ < pattern_.size()) {
            if (peek() == ']' && at_ != first) {
                return Bracket{at_ + 1, is_found_ != is_negated};
            }
            if (!read_item()) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

  private:
    [[nodiscard]] char peek() const { return pattern_[at_]; }

    std::optional<unsigned char> read_char() {
        if (at_ < pattern_.size() && peek() == '\\') {
            ++at_;
        }
        if (at_ >= pattern_.size()) {
            return std::nullopt;
        }
        return static_cast<unsigned char>(pattern_[at_++]);
    }

    bool read_class() {
        const std::size_t end = pattern_.find(":]", at_ + 2);
        const std::string_view name = pattern_.substr(at_ + 2, end - at_ - 2);
        for (const ClassRow& row : kClasses) {
            if (row.name == name) {
                is_found_ = is_found_ || row.contains(c_) != 0;
                at_ = end + 2;
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool is_at_class() const {
        // As git: "[:" begins a class only when the next ']' ends it with ":]".
        if (pattern_.substr(at_, 2) != "[:") {
            return false;
        }
        const std::size_t close = pattern_.find(']', at_ + 2);
        return close != pattern_.npos && close > at_ + 2 && pattern_[close - 1] == ':';
    }

    bool read_item() {
        if (is_at_class()) {
            return read_class();
        }
        const auto low = read_char();
        if (!low) {
            return false;
        }
        const bool is_range =
            at_ + 1 < pattern_.size() && peek() == '-' && pattern_[at_ + 1] != ']';
        auto high = low;
        if (is_range) {
            ++at_;
            high = read_char();
        }
        is_found_ = is_found_ || (high && c_ >= *low && c_ <= *high);
        return high.has_value();
    }

    std::string_view pattern_;
    unsigned char c_;
    std::size_t at_ = 1; // behind '['
    bool is_found_ = false;
};

class Matcher {
  public:
    Matcher(std::string_view pattern, std::string_view text)
        : pattern_(pattern), text_(text), entered_(pattern.size() * (text.size() + 1)),
          failed_(entered_.size()) {}

    // Straight on until a star, which branches.
    bool match(std::size_t p, std::size_t t) {
        while (p < pattern_.size()) {
            if (pattern_[p] == '*') {
                return match_star(p, t);
            }
            if (t >= text_.size()) {
                return false;
            }
            if (pattern_[p] == '[') {
                const auto c = static_cast<unsigned char>(text_[t]);
                const auto bracket = BracketReader(pattern_.substr(p), c).read();
                if (!bracket || !bracket->matches || c == '/') {
                    return false;
                }
                p += bracket->length;
            } else if (pattern_[p] == '?') {
                if (text_[t] == '/') {
                    return false;
                }
                ++p;
            } else {
                p += pattern_[p] == '\\' && p + 1 < pattern_.size() ? 1 : 0;
                if (pattern_[p] != text_[t]) {
                    return false;
                }
                ++p;
            }
            ++t;
        }
        return t == text_.size();
    }

  private:
    bool match_star(std::size_t first, std::size_t t) {
        const std::size_t place = first * (text_.size() + 1) + t;
        if (entered_[place]) {
            return false; // else the search would be over
        }
        entered_[place] = true;
        std::size_t p = pattern_.find_first_not_of('*', first);
        p = p == pattern_.npos ? pattern_.size() : p;
        const bool begins_component = first == 0 || pattern_[first - 1] == '/';
        const bool ends_component =
            p == pattern_.size() || pattern_[p] == '/' || pattern_.substr(p, 2) == "\\/";
        const bool crosses = p - first > 1 && begins_component && ends_component;
        if (crosses && p < pattern_.size() && pattern_[p] == '/' && match(p + 1, t)) {
            return true; // no folder at all
        }
        return stretch(first, p, t, crosses ? Slashes::Taken : Slashes::Stop);
    }

    enum class Slashes : std::uint8_t { Stop, Taken };

    // The star takes one byte more each time; where it stood in vain before, all that follows is in
    // vain too.
    bool stretch(std::size_t first, std::size_t p, std::size_t t, Slashes slashes) {
        for (std::size_t end = t; end <= text_.size(); ++end) {
            const std::size_t place = first * (text_.size() + 1) + end;
            if (failed_[place]) {
                return false;
            }
            if (match(p, end)) {
                return true;
            }
            failed_[place] = true;
            if (end < text_.size() && text_[end] == '/' && slashes == Slashes::Stop) {
                return false;
            }
        }
        return false;
    }

    std::string_view pattern_;
    std::string_view text_;
    // By pattern and text position of a star.
    std::vector<bool> entered_;
    std::vector<bool> failed_;
};

} // namespace

bool wildmatch(std::string_view pattern, std::string_view text) {
    return Matcher(pattern, text).match(0, 0);
}

bool path_pattern_matches(
    std::string_view folder, std::string_view pattern, std::string_view path
) {
    if (!folder.empty()) {
        const bool is_below =
            path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
        if (!is_below) {
            return false;
        }
        path.remove_prefix(folder.size() + 1);
    }
    if (pattern.find('/') == pattern.npos) {
        const std::size_t slash = path.rfind('/');
        return wildmatch(pattern, slash == path.npos ? path : path.substr(slash + 1));
    }
    pattern.remove_prefix(pattern.starts_with('/') ? 1 : 0);
    return wildmatch(pattern, path);
}

} // namespace railhub::repo::detail
