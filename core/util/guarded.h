// SPDX-License-Identifier: Apache-2.0
// Guarded<T>: a value that can be reached only under its lock.
#pragma once

#include <mutex>
#include <utility>

namespace railhub::util {

template <class T>
class Guarded {
  public:
    template <class... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

    class Access {
      public:
        explicit Access(Guarded& guarded) : lock_(guarded.mutex_), value_(guarded.value_) {}

        T& operator*() { return value_; }

        T* operator->() { return &value_; }

        // For condition variables.
        std::unique_lock<std::mutex>& lock() { return lock_; }

      private:
        std::unique_lock<std::mutex> lock_;
        T& value_;
    };

    // Holds the lock as long as the Access lives.
    Access access() { return Access(*this); }

  private:
    std::mutex mutex_;
    T value_;
};

} // namespace railhub::util
