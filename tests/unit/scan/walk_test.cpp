// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/walk and of what a scan says about odd files.
#include "core/scan/scan.h"
#include "core/scan/walk.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace railhub::tests {

namespace {

void put(const TempDir& dir, const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(dir.file(name)).parent_path());
    std::ofstream(dir.file(name), std::ios::binary) << text;
}

std::string walked(const TempDir& dir, const scan::WalkOptions& options = {}) {
    TestContext test;
    const auto fs = util::make_posix_fs();
    std::string out;
    for (const auto& file : value(scan::walk(test.context(), *fs, dir.path(), options)).files) {
        out += file.path + ' ';
    }
    return out;
}

scan::Findings found_in(const TempDir& dir, const scan::ScanOptions& options = {}) {
    TestContext test;
    const auto fs = util::make_posix_fs();
    return value(scan::scan(test.context(), *fs, scan::builtin_tables(), dir.path(), options));
}

// The real disk, where nobody may read what begins with a path.
class ClosedFs final : public util::Fs {
  public:
    explicit ClosedFs(std::string closed) : closed_(std::move(closed)) {}

    util::Result<std::unique_ptr<util::File>>
    open(const std::string& path, util::OpenMode mode) override {
        RAILHUB_TRY(check(path));
        return real_->open(path, mode);
    }

    util::Result<> rename(const std::string& from, const std::string& /*to*/) override {
        return refuse(from);
    }

    util::Result<> remove(const std::string& path) override { return refuse(path); }

    util::Result<> remove_tree(const std::string& path) override { return refuse(path); }

    util::Result<> make_dirs(const std::string& path) override { return refuse(path); }

    util::Result<> sync_dir(const std::string& path) override { return refuse(path); }

    util::Result<std::optional<util::FileInfo>> info(const std::string& path) override {
        return real_->info(path);
    }

    util::Result<std::vector<std::string>> list(const std::string& path) override {
        RAILHUB_TRY(check(path));
        return real_->list(path);
    }

    util::Result<> make_symlink(const std::string& target, const std::string& /*link*/) override {
        return refuse(target);
    }

  private:
    static util::Error refuse(const std::string& path) {
        return {util::Code::Io, "cannot read '" + path + "': permission denied"};
    }

    [[nodiscard]] util::Result<> check(const std::string& path) const {
        if (path.starts_with(closed_)) {
            return refuse(path);
        }
        return {};
    }

    std::string closed_;
    std::unique_ptr<util::Fs> real_ = util::make_posix_fs();
};

} // namespace

TEST_CASE("ignored and vendored folders are not entered") {
    const TempDir dir;
    put(dir, "a.py", "");
    put(dir, "node_modules/x.js", "");
    REQUIRE(std::system(("git init -q '" + dir.path() + "'").c_str()) == 0); // NOLINT(cert-env33-c)
    put(dir, ".gitignore", "out/\n*.tmp.py\n");
    put(dir, "out/b.py", "");
    put(dir, "c.tmp.py", "");
    put(dir, "sub/.gitignore", "!d.tmp.py\n/e.py\n");
    put(dir, "sub/d.tmp.py", "");
    put(dir, "sub/e.py", "");
    CHECK(walked(dir) == ".gitignore a.py sub/.gitignore sub/d.tmp.py ");
    scan::WalkOptions all;
    all.vendored = scan::Include::Everything;
    all.ignored = scan::Include::Everything;
    CHECK(walked(dir, all).find("node_modules/x.js out/b.py") != std::string::npos);
}

TEST_CASE("what git keeps is read though its rules ignore it") {
    const TempDir dir;
    put(dir, ".gitignore", "out/\n*.ipynb\n");
    put(dir, "out/kept/b.py", "");
    put(dir, "out/made/c.py", "");
    put(dir, "kept.ipynb", "{}");
    put(dir, "made.ipynb", "{}");
    // Outside of a work tree somebody chose every file that is there.
    CHECK(walked(dir) == ".gitignore kept.ipynb made.ipynb out/kept/b.py out/made/c.py ");
    const std::string git =
        "cd '" + dir.path() + "' && git init -q . && git add -f out/kept kept.ipynb";
    REQUIRE(std::system(git.c_str()) == 0); // NOLINT(cert-env33-c)
    CHECK(walked(dir) == ".gitignore kept.ipynb out/kept/b.py ");
}

TEST_CASE("symlinks in a circle are not followed") {
    const TempDir dir;
    put(dir, "a/b.py", "");
    std::filesystem::create_directory_symlink(dir.path(), dir.file("a/loop"));
    std::filesystem::create_symlink("nowhere", dir.file("dangling.py"));
    CHECK(walked(dir) == "a/b.py ");
}

TEST_CASE("a root that is not there is an error") {
    const TempDir dir;
    TestContext test;
    const auto fs = util::make_posix_fs();
    REQUIRE_ERROR(
        scan::scan(test.context(), *fs, scan::builtin_tables(), dir.file("none"), {}),
        util::Code::NotFound
    );
}

TEST_CASE("huge and binary files are noted, not read") {
    const TempDir dir;
    const std::string use =
        "from transformers import AutoModel\nAutoModel.from_pretrained('a1/b1')\n";
    put(dir, "big.py", use + std::string(5'000, '#'));
    put(dir, "binary.py", use + std::string(1, '\0'));
    put(dir, "utf16.py", std::string("\xff\xfe") + std::string("a\0b\0", 4));
    put(dir, std::string("odd\xff.py"), use);
    scan::ScanOptions options;
    options.max_source_bytes = 4'000;
    const auto found = found_in(dir, options);
    CHECK(found.uses.size() == 1);
    REQUIRE(found.notes.size() == 3);
    CHECK_THAT(found.notes[0].message, ContainsSubstring("more than"));
    CHECK_THAT(found.notes[1].message, ContainsSubstring("not a text"));
}

TEST_CASE("pipes are not waited for") {
    const TempDir dir;
    for (const char* name : {"pipe.py", "pipe.json", "pipe.gguf", ".gitignore", "pipe.ipynb"}) {
        REQUIRE(::mkfifo(dir.file(name).c_str(), 0600) == 0);
    }
    put(dir, "a.py", "import pipe\nfrom pipe import MODEL\nx = from_pretrained(MODEL)\n");
    const auto found = found_in(dir);
    CHECK(found.uses.empty());
    CHECK(found.files_seen == 6);
}

TEST_CASE("what cannot be read is noted, and the rest is read") {
    const TempDir dir;
    const std::string use =
        "from transformers import AutoModel\nAutoModel.from_pretrained('a1/b1')\n";
    put(dir, "closed/a.py", use);
    put(dir, "closed_file.py", use);
    put(dir, "open.py", use);
    TestContext test;
    ClosedFs fs(dir.file("closed"));
    const auto found =
        value(scan::scan(test.context(), fs, scan::builtin_tables(), dir.path(), {}));
    REQUIRE(found.uses.size() == 1);
    CHECK(found.uses.front().place.file == "open.py");
    REQUIRE(found.notes.size() == 2);
    CHECK(found.notes[0].file == "closed");
    CHECK_THAT(found.notes[0].message, ContainsSubstring("cannot be read"));
    CHECK(found.notes[1].file == "closed_file.py");
}

TEST_CASE("a scan ends when somebody asks it to") {
    const TempDir dir;
    put(dir, "a.py", "");
    TestContext test;
    test.stop.request_stop();
    const auto fs = util::make_posix_fs();
    REQUIRE_ERROR(
        scan::scan(test.context(), *fs, scan::builtin_tables(), dir.path(), {}),
        util::Code::Cancelled
    );
}

} // namespace railhub::tests
