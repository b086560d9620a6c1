// SPDX-License-Identifier: Apache-2.0
// Repository paths: what is accepted stays below its root and splits into folder and name.
#include "core/types/repo_path.h"

#include "tests/fuzz/fuzz.h"

#include <filesystem>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto path = railhub::types::RepoPath::parse(railhub::tests::fuzz_text(data, size));
    if (!path.ok()) {
        return 0;
    }
    const std::string& text = path->text();
    RAILHUB_ASSERT(text.find('\0') == std::string::npos && text.find('\\') == std::string::npos);
    RAILHUB_ASSERT(std::filesystem::path(text).lexically_normal().native() == text);
    RAILHUB_ASSERT(text.front() != '/' && text.back() != '/' && !text.starts_with("../"));
    const std::string folder(path->folder());
    const std::string name(path->file_name());
    RAILHUB_ASSERT((folder.empty() ? name : folder + "/" + name) == text);
    return 0;
}
