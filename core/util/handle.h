// SPDX-License-Identifier: Apache-2.0
// Handle<T, free_fn>: a unique_ptr over a C handle in one line; Out(h): fills it through a T**.
#pragma once

#include <memory>

namespace railhub::util {

template <auto free_fn>
struct Deleter {
    template <class T>
    void operator()(T* pointer) const noexcept {
        free_fn(pointer);
    }
};

template <class T, auto free_fn>
using Handle = std::unique_ptr<T, Deleter<free_fn>>;

// Temporary for C functions with a T** output: `git_repository_open(Out(repo), path)`. The handle
// is set when the full expression ends.
template <class T, auto free_fn>
class Out {
  public:
    explicit Out(Handle<T, free_fn>& target) : target_(target) {}

    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;

    ~Out() { target_.reset(raw_); }

    operator T**() { return &raw_; } // NOLINT(google-explicit-constructor): the point of the class

  private:
    Handle<T, free_fn>& target_;
    T* raw_ = nullptr;
};

template <class T, auto free_fn>
Out(Handle<T, free_fn>&) -> Out<T, free_fn>;

} // namespace railhub::util
