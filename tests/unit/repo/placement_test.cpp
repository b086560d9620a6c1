// SPDX-License-Identifier: Apache-2.0
// Attributes and ignore rules against git itself, on random files and paths; the upload decision.
#include "core/repo/detail/wildmatch.h"
#include "core/repo/placement.h"
#include "core/util/text.h"
#include "tests/unit/repo/repo_world.h"

#include <filesystem>
#include <random>

namespace railhub::repo::tests {

namespace {

namespace fs = std::filesystem;

// Words that make patterns and paths meet often.
class Chooser {
  public:
    explicit Chooser(unsigned seed) : random_(seed) {}

    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

    std::string word() {
        constexpr std::array<const char*, 10> kWords = {
            "a", "b", "ab", "model", "x.bin", "y.txt", "z", "saved_model", "a b", "x.lfs.y"};
        return kWords.at(static_cast<std::size_t>(below(kWords.size())));
    }

    std::string path_text() {
        std::string text = word();
        for (int depth = below(4); depth > 0; --depth) {
            text += "/" + word();
        }
        return text;
    }

    std::string glob() {
        constexpr std::array<const char*, 18> kPieces = {
            "*",
            "**",
            "?",
            "[ab]",
            "[!a]",
            "[a-m]*",
            "*.bin",
            "*.lfs.*",
            "a",
            "ab",
            "model",
            "x*",
            "[[:alpha:]]",
            "saved_model",
            "\\*",
            "[",
            "*b*",
            "x.bin"};
        std::string text = below(6) == 0 ? "/" : "";
        const int parts = 1 + below(3);
        for (int i = 0; i < parts; ++i) {
            text += i == 0 ? "" : "/";
            text += kPieces.at(static_cast<std::size_t>(below(kPieces.size())));
        }
        return text;
    }

  private:
    std::mt19937 random_;
};

std::vector<std::string> distinct_paths(Chooser& chooser, int count) {
    std::vector<std::string> paths;
    for (int i = 0; i < count; ++i) {
        paths.push_back(chooser.path_text());
    }
    return paths;
}

std::string lines_of(const std::vector<std::string>& lines) {
    return util::join(lines, "\n") + "\n";
}

std::string random_attributes(Chooser& chooser) {
    constexpr std::array<const char*, 9> kValues = {
        "filter=lfs diff=lfs merge=lfs -text",
        "-filter",
        "!filter",
        "filter",
        "filter=other",
        "text",
        "big",
        "-big",
        "filter=lfs -filter"};
    std::string text;
    for (int lines = 1 + chooser.below(6); lines > 0; --lines) {
        std::string glob = chooser.glob();
        if (chooser.below(8) == 0) {
            glob = "\"" + chooser.word() + "\"";
        }
        text += chooser.below(10) == 0 ? "# comment " : "";
        text += glob + (chooser.below(3) == 0 ? "\t" : " ");
        text += kValues.at(static_cast<std::size_t>(chooser.below(kValues.size())));
        text += chooser.below(6) == 0 ? " \r\n" : "\n";
    }
    return text;
}

std::string random_ignores(Chooser& chooser) {
    std::string text;
    for (int lines = 1 + chooser.below(6); lines > 0; --lines) {
        text += chooser.below(4) == 0 ? "!" : "";
        text += chooser.glob();
        text += chooser.below(4) == 0 ? "/" : "";
        text += chooser.below(6) == 0 ? "  \n" : "\n";
    }
    return text;
}

} // namespace

TEST_CASE("attributes decide as git check-attr does") {
    TempDir folder;
    const std::string git = folder.file("work");
    run("git init -q " + git);
    Chooser chooser(4711);
    for (int round = 0; round < 60; ++round) {
        std::string script = "cd " + git + " && rm -rf * .gitattributes\n";
        Attributes attributes;
        const std::string macro = chooser.below(2) == 0 ? "[attr]big filter=lfs -text\n" : "";
        for (const std::string where : {"", "a", "model", "a/b"}) {
            if (!where.empty() && chooser.below(2) == 0) {
                continue;
            }
            const std::string text = (where.empty() ? macro : "") + random_attributes(chooser);
            const std::string file =
                write_text(folder.file("rules" + std::to_string(script.size())), text);
            const std::string target = where.empty() ? "." : where;
            script += "mkdir -p " + target + " && cp " + file + " " + target + "/.gitattributes\n";
            attributes.add(where, text);
        }
        const std::vector<std::string> paths = distinct_paths(chooser, 60);
        const std::string list = write_text(folder.file("paths"), lines_of(paths));
        const std::string output =
            run(script + "git check-attr --stdin filter < " + list + " 2>/dev/null");
        const auto lines = util::split(output, '\n');
        REQUIRE(lines.size() == paths.size() + 1);
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const Attributes::Lfs expected = lines[i].ends_with(": lfs") ? Attributes::Lfs::Yes
                                             : lines[i].ends_with(": unspecified")
                                                 ? Attributes::Lfs::Unspecified
                                                 : Attributes::Lfs::No;
            INFO("round " << round << " " << lines[i]);
            REQUIRE(attributes.lfs(paths[i]) == expected);
        }
    }
}

TEST_CASE("ignore rules decide as git check-ignore does") {
    TempDir folder;
    const std::string git = folder.file("work");
    run("git init -q " + git);
    Chooser chooser(815);
    for (int round = 0; round < 80; ++round) {
        std::string script = "cd " + git + " && rm -rf * .gitignore\n";
        IgnoreRules rules;
        for (const std::string where : {"", "a", "model"}) {
            if (!where.empty() && chooser.below(2) == 0) {
                continue;
            }
            const std::string text = random_ignores(chooser);
            const std::string file =
                write_text(folder.file("rules" + std::to_string(script.size())), text);
            const std::string target = where.empty() ? "." : where;
            script += "mkdir -p " + target + " && cp " + file + " " + target + "/.gitignore\n";
            rules.add(where, text);
        }
        const std::vector<std::string> paths = distinct_paths(chooser, 60);
        const std::string list = write_text(folder.file("paths"), lines_of(paths));
        // Paths that are files for us must be none of the folders made above.
        const std::string output =
            run(script + "git check-ignore --no-index --stdin -v -n < " + list +
                " 2>/dev/null || true");
        const auto lines = util::split(output, '\n');
        REQUIRE(lines.size() == paths.size() + 1);
        for (std::size_t i = 0; i < paths.size(); ++i) {
            if (paths[i] == "a" || paths[i] == "model") {
                continue;
            }
            // "<file>:<line>:<pattern>\t<path>"; "::" without a match; '!' patterns keep.
            const std::string_view source = lines[i].substr(0, lines[i].find('\t'));
            const std::size_t first = source.find(':');
            const std::string_view pattern = source.substr(source.find(':', first + 1) + 1);
            const bool is_ignored = source != "::" && !pattern.starts_with('!');
            INFO("round " << round << " " << lines[i]);
            REQUIRE(rules.ignores(paths[i]) == is_ignored);
        }
    }
}

TEST_CASE("the rules of a new repo cover the formats of weights") {
    Attributes attributes;
    attributes.add("", default_gitattributes(types::RepoKind::Model));
    for (const char* const name :
         {"model.safetensors",
          "deep/er/pytorch_model.bin",
          "saved_model/variables/x",
          "saved_model/x",
          "a.lfs.b",
          "events.out.tfevents.1",
          "x.tar.gz"}) {
        INFO(name);
        REQUIRE(attributes.lfs(name) == Attributes::Lfs::Yes);
    }
    for (const char* const name : {"README.md", "config.json", "a/saved_model/x", "photo.png"}) {
        INFO(name);
        REQUIRE(attributes.lfs(name) == Attributes::Lfs::Unspecified);
    }
    Attributes dataset;
    dataset.add("", default_gitattributes(types::RepoKind::Dataset));
    REQUIRE(dataset.lfs("photo.png") == Attributes::Lfs::Yes);
}

TEST_CASE("the upload mode follows attributes, size and content") {
    Attributes attributes;
    attributes.add("", "*.dat filter=lfs\nsmall/*.dat -filter\n");
    const auto mode = [&](std::string_view name, std::uint64_t size, std::string_view sample) {
        return upload_mode(attributes, name, size, util::as_bytes(sample));
    };
    REQUIRE(mode("x.dat", 0, "") == UploadMode::Regular);
    REQUIRE(mode("x.dat", 5, "hello") == UploadMode::Lfs);
    REQUIRE(mode("small/x.dat", 5, "hello") == UploadMode::Regular);
    REQUIRE(mode("small/x.dat", 3, std::string_view("a\0b", 3)) == UploadMode::Lfs);
    REQUIRE(mode("x.txt", kLfsThreshold, "hello") == UploadMode::Regular);
    REQUIRE(mode("x.txt", kLfsThreshold + 1, "hello") == UploadMode::Lfs);
    REQUIRE(mode("x.txt", 5, "h\xc3\xa9\xc3") == UploadMode::Regular); // cut inside a character
    REQUIRE(mode("x.txt", 5, "h\xff\xfe") == UploadMode::Lfs);
}

TEST_CASE("a pattern of many stars takes no time") {
    std::string pattern;
    for (int i = 0; i < 200; ++i) {
        pattern += "*a";
    }
    REQUIRE_FALSE(detail::wildmatch(pattern + "b", std::string(900, 'a')));
}

TEST_CASE("rule files of a commit are found where paths need them") {
    RepoWorld world;
    const auto commit = world.commit(
        "main",
        {put(".gitattributes", "*.a filter=lfs\n"),
         put("d/.gitattributes", "*.b filter=lfs\n"),
         put("e/.gitattributes", "*.c filter=lfs\n"),
         put(".gitignore", "*.tmp\n"),
         put("d/f.txt", "x")}
    );
    world.read([&](Repository& repository) {
        const Attributes some = value(attributes_for(repository, commit, {"d/x"}));
        REQUIRE(some.lfs("d/x.a") == Attributes::Lfs::Yes);
        REQUIRE(some.lfs("d/x.b") == Attributes::Lfs::Yes);
        REQUIRE(some.lfs("e/x.c") == Attributes::Lfs::Unspecified);
        const Attributes all = value(attributes_of(repository, commit));
        REQUIRE(all.lfs("e/x.c") == Attributes::Lfs::Yes);
        const IgnoreRules ignores = value(ignore_rules_for(repository, commit, {"d/x.tmp"}));
        REQUIRE(ignores.ignores("d/x.tmp"));
        REQUIRE_FALSE(ignores.ignores("d/x.txt"));
    });
}

} // namespace railhub::repo::tests
