// SPDX-License-Identifier: Apache-2.0
// Step 5 and the whole way: words, their spelling and their hash.
#include "core/license/normalize.h"

#include "core/license/fold_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

namespace railhub::license {

namespace {

constexpr std::size_t kBinaryProbe = 8192;
constexpr std::size_t kMaxWordBytes = 64;

using Spellings = std::unordered_map<std::string_view, std::string_view>;

// British and American forms, and pairs that the SPDX guidelines hold equal.
const Spellings& variants() {
    static const Spellings kVariants = {
        {"acknowledgement", "acknowledgment"},
        {"acknowledgements", "acknowledgments"},
        {"analogue", "analog"},
        {"analyse", "analyze"},
        {"artefact", "artifact"},
        {"artefacts", "artifacts"},
        {"authorisation", "authorization"},
        {"authorise", "authorize"},
        {"authorised", "authorized"},
        {"authorising", "authorizing"},
        {"calibre", "caliber"},
        {"canceled", "cancelled"},
        {"capitalisations", "capitalizations"},
        {"catalogue", "catalog"},
        {"categorise", "categorize"},
        {"centre", "center"},
        {"characterise", "characterize"},
        {"customise", "customize"},
        {"customised", "customized"},
        {"defence", "defense"},
        {"emphasised", "emphasized"},
        {"favour", "favor"},
        {"favourite", "favorite"},
        {"fulfil", "fulfill"},
        {"fulfilment", "fulfillment"},
        {"honour", "honor"},
        {"https", "http"},
        {"initialise", "initialize"},
        {"judgement", "judgment"},
        {"labelling", "labeling"},
        {"labour", "labor"},
        {"licence", "license"},
        {"licences", "licenses"},
        {"licenced", "licensed"},
        {"licencee", "licensee"},
        {"licencor", "licensor"},
        {"licencing", "licensing"},
        {"maximise", "maximize"},
        {"minimise", "minimize"},
        {"modelled", "modeled"},
        {"modelling", "modeling"},
        {"offence", "offense"},
        {"offences", "offenses"},
        {"optimise", "optimize"},
        {"organisation", "organization"},
        {"organisations", "organizations"},
        {"organise", "organize"},
        {"organised", "organized"},
        {"practise", "practice"},
        {"programme", "program"},
        {"programmes", "programs"},
        {"realise", "realize"},
        {"recognise", "recognize"},
        {"recognised", "recognized"},
        {"signalling", "signaling"},
        {"utilisation", "utilization"},
        {"utilise", "utilize"},
        {"whilst", "while"},
        {"wilful", "willful"},
        {"holder", "owner"},
        {"holders", "owners"},
        {"behaviour", "behavior"},
        {"colour", "color"},
        {"neighbouring", "neighboring"}};
    return kVariants;
}

// Lengths of the words above, by first letter: nearly no word needs to be looked up.
bool may_vary(std::string_view word) {
    static const std::array<std::uint32_t, 256> kLengths = [] {
        std::array<std::uint32_t, 256> lengths = {};
        for (const auto& [spelling, same] : variants()) {
            lengths.at(static_cast<unsigned char>(spelling[0])) |= 1U << spelling.size();
        }
        return lengths;
    }();
    return !word.empty() && word.size() < 32 &&
           (kLengths.at(static_cast<unsigned char>(word[0])) >> word.size() & 1U) != 0;
}

bool is_word_byte(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
           static_cast<unsigned char>(ch) >= 0x80;
}

bool is_letter_byte(char ch) {
    return is_word_byte(ch) && !(ch >= '0' && ch <= '9');
}

bool is_digit_byte(char ch) {
    return ch >= '0' && ch <= '9';
}

bool is_blank(char ch) {
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\v' || ch == '\f';
}

// Between a number of a list and what is around it; Markdown puts signs there.
bool is_apart(char ch) {
    return is_blank(ch) || std::string_view("*_#>|\"'\\").find(ch) != std::string_view::npos;
}

// Letters that scanners take for each other count as one.
char scanned(char ch) {
    switch (ch) {
    case '0':
        return 'o';
    case '1':
    case 'i':
    case '|':
        return 'l';
    case '5':
        return 's';
    default:
        return ch;
    }
}

std::uint64_t mixed(std::uint64_t hash) {
    hash ^= hash >> 32U;
    hash *= 0xD6E8FEB86659FD93U;
    hash ^= hash >> 32U;
    return hash;
}

bool is_roman(std::string_view word) {
    return word.size() <= 5 && word.find_first_not_of("ivx") == std::string_view::npos;
}

// "1", "12", "b", "iv": what a list may count with.
bool can_number(std::string_view word) {
    const bool digits = word.size() <= 2 && std::all_of(word.begin(), word.end(), is_digit_byte);
    return digits || (word.size() == 1 && is_letter_byte(word[0])) || is_roman(word);
}

// After these a number is part of the sentence.
bool takes_number(std::string_view word) {
    return word == "version" || word == "v" || word == "section" || word == "sections" ||
           word == "clause" || word == "paragraph" || word == "article" || word == "license" ||
           word == "exhibit" || word == "appendix" || word == "attachment";
}

class WordSplitter {
  public:
    explicit WordSplitter(const MarkedText& in) : in_(in), text_(in.text) {}

    void run(NormalText& out) {
        out.words.reserve(text_.size() / 6);
        out.spellings.reserve(text_.size());
        while (next_word()) {
            add(out);
        }
    }

  private:
    // Fills word_, begin_ and end_ (positions in text_).
    bool next_word() {
        while (at_ < text_.size() && !is_word_byte(text_[at_]) && text_[at_] != kSingle && !is_and()
        ) {
            ++at_;
        }
        if (at_ >= text_.size()) {
            return false;
        }
        begin_ = at_;
        word_.clear();
        if (text_[at_] == '&') {
            word_ = "and";
            end_ = ++at_;
        } else if (text_[at_] == kSingle) {
            take_single();
        } else {
            take_word();
        }
        return true;
    }

    [[nodiscard]] bool is_and() const {
        return text_[at_] == '&' && at_ > 0 && is_blank(text_[at_ - 1]) && at_ + 1 < text_.size() &&
               is_blank(text_[at_ + 1]);
    }

    void take_single() {
        ++at_;
        do {
            word_ += text_[at_++];
        } while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0U) == 0x80U);
        end_ = at_;
    }

    void take_word() {
        while (at_ < text_.size()) {
            const char ch = text_[at_];
            if (is_word_byte(ch)) {
                if (word_.size() < kMaxWordBytes) {
                    word_ += ch;
                }
                end_ = ++at_;
            } else if (const std::size_t after = joint(); after != 0) {
                if (ch == '.') {
                    word_ += '.';
                }
                at_ = after;
            } else {
                break;
            }
        }
    }

    // Where the word goes on after an apostrophe, a dot between digits or a hyphen; else 0.
    [[nodiscard]] std::size_t joint() const {
        const std::size_t next = at_ + 1;
        if (next >= text_.size() || at_ == 0) {
            return 0;
        }
        const char before = text_[at_ - 1];
        switch (text_[at_]) {
        case '\'':
            return is_letter_byte(before) && is_letter_byte(text_[next]) ? next : 0;
        case '.':
            return is_digit_byte(before) && is_digit_byte(text_[next]) ? next : 0;
        case '-':
            return is_letter_byte(before) ? after_hyphen(next) : 0;
        default:
            return 0;
        }
    }

    [[nodiscard]] std::size_t after_hyphen(std::size_t at) const {
        // A text that was wrapped anew has a blank where its line ended.
        const bool breaks = is_blank(text_[at]);
        const std::size_t next = breaks ? text_.find_first_not_of(" \t\n*/#%;>|\"", at) : at;
        return next != std::string_view::npos && is_letter_byte(text_[next]) ? next : 0;
    }

    void add(NormalText& out) {
        if (is_numbering(out) || ends_reservation(out)) {
            return;
        }
        const auto variant = may_vary(word_) ? variants().find(word_) : variants().end();
        push(out, variant == variants().end() ? std::string_view(word_) : variant->second, end_);
        if (at_ < text_.size() && text_[at_] == '+' && is_digit_byte(text_[at_ - 1])) {
            push(out, "+", end_ + 1);
        }
    }

    void push(NormalText& out, std::string_view spelling, std::size_t end) const {
        Word word;
        word.hash = word_hash(spelling);
        word.begin = in_.origin[begin_];
        word.end = end < in_.origin.size() ? in_.origin[end] : in_.origin.back() + 1;
        word.end = std::max(word.end, in_.origin[end_ - 1] + 1);
        word.spelling = static_cast<std::uint32_t>(out.spellings.size());
        word.length = static_cast<std::uint32_t>(spelling.size());
        out.spellings += spelling;
        out.words.push_back(word);
    }

    [[nodiscard]] bool is_numbering(const NormalText& out) const {
        if (!can_number(word_)) {
            return false;
        }
        const char before = begin_ == 0 ? ' ' : text_[begin_ - 1];
        const char after = at_ < text_.size() ? text_[at_] : ' ';
        if (after == ')') {
            return before == '(' || is_apart(before);
        }
        const bool closes = at_ + 1 >= text_.size() || is_apart(text_[at_ + 1]);
        const bool follows = !out.words.empty() && takes_number(out.spelling(out.words.size() - 1));
        return after == '.' && closes && is_apart(before) && !follows;
    }

    // "all rights reserved" goes with copyright lines.
    [[nodiscard]] bool ends_reservation(NormalText& out) const {
        const std::size_t count = out.words.size();
        if (word_ != "reserved" || count < 2 || out.spelling(count - 1) != "rights" ||
            out.spelling(count - 2) != "all") {
            return false;
        }
        out.words.resize(count - 2);
        return true;
    }

    const MarkedText& in_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::string word_;
};

bool looks_binary(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, kBinaryProbe);
    const bool is_utf16 = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
    return !is_utf16 && head.find('\0') != std::string_view::npos;
}

std::vector<std::uint32_t> line_starts_of(std::string_view bytes) {
    std::vector<std::uint32_t> starts = {0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool lone_cr = bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n');
        if (bytes[i] == '\n' || lone_cr) {
            starts.push_back(static_cast<std::uint32_t>(i + 1));
        }
    }
    return starts;
}

} // namespace

std::uint64_t word_hash(std::string_view spelling) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    const auto eat = [&hash](char ch) {
        hash = (hash ^ static_cast<unsigned char>(ch)) * 0x100000001B3U;
    };
    for (std::size_t i = 0; i < spelling.size(); ++i) {
        const std::string_view pair = spelling.substr(i, 2);
        if (pair == "rn" || pair == "vv") {
            eat(pair == "rn" ? 'm' : 'w');
            ++i;
        } else {
            eat(scanned(spelling[i]));
        }
    }
    return mixed(hash);
}

std::uint32_t NormalText::line_of(std::uint32_t byte) const {
    const auto after = std::upper_bound(line_starts.begin(), line_starts.end(), byte);
    return static_cast<std::uint32_t>(after - line_starts.begin());
}

NormalText normalize(std::string_view bytes) {
    NormalText out;
    out.is_cut = bytes.size() > kMaxTextBytes;
    bytes = bytes.substr(0, kMaxTextBytes);
    out.is_binary = looks_binary(bytes);
    if (out.is_binary) {
        return out;
    }
    out.line_starts = line_starts_of(bytes);
    MarkedText text = strip_markup(fold_characters(bytes));
    blank_leaders(text);
    out.statements = blank_copyright_lines(text);
    if (!text.text.empty()) {
        WordSplitter(text).run(out);
    }
    return out;
}

} // namespace railhub::license
