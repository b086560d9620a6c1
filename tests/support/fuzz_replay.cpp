// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer: runs a fuzz target once over every file of the folders given as
// arguments.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    // A copy of exactly this size, so that a sanitizer sees every read past its end.
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

} // namespace

int main(int argc, char** argv) {
    std::size_t count = 0;
    for (const std::string& folder : std::vector<std::string>(argv + 1, argv + argc)) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
            run_file(entry.path());
            ++count;
        }
    }
    std::cout << "replayed " << count << " inputs\n";
    // An empty corpus means a wrong path or a forgotten one.
    return count > 0 ? 0 : 1;
}
