// SPDX-License-Identifier: Apache-2.0
// Progress for a person: a sink, and a Task that ends itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace railhub::util {

// Safe from any thread.
class Progress {
  public:
    virtual ~Progress() = default;
    // total 0 = unknown. `unit` is "B" for bytes or a noun such as "files". Returns a task number.
    virtual std::uint64_t
    begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept = 0;
    virtual void advance(std::uint64_t task, std::uint64_t amount) noexcept = 0;
    virtual void end(std::uint64_t task) noexcept = 0;
};

class NullProgress final : public Progress {
  public:
    std::uint64_t begin(std::string_view, std::uint64_t, std::string_view) noexcept override {
        return 0;
    }

    void advance(std::uint64_t, std::uint64_t) noexcept override {}

    void end(std::uint64_t) noexcept override {}
};

// One unit of work shown to a person; ends when it goes out of scope. One thread at a time, except
// advance().
class Task {
  public:
    Task(Progress& progress, std::string_view title, std::uint64_t total, std::string_view unit)
        : progress_(&progress), id_(progress.begin(title, total, unit)) {}

    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    ~Task() { progress_->end(id_); }

    void advance(std::uint64_t amount) noexcept { progress_->advance(id_, amount); }

  private:
    Progress* progress_;
    std::uint64_t id_;
};

} // namespace railhub::util
