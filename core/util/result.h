// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error, never silently dropped. RAILHUB_TRY passes an Error up.
#pragma once

#include "core/util/assert.h"
#include "core/util/error.h"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace railhub::util {

template <class T = void>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    // Values and errors convert, as in std::expected.
    // NOLINTBEGIN(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }

    explicit operator bool() const noexcept { return ok(); }

    // Precondition: ok().
    T& value() & {
        RAILHUB_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }

    [[nodiscard]] const T& value() const& {
        RAILHUB_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }

    T&& value() && {
        RAILHUB_ASSERT(ok());
        return std::move(*std::get_if<0>(&state_));
    }

    T* operator->() { return &value(); }

    const T* operator->() const { return &value(); }

    T& operator*() & { return value(); }

    const T& operator*() const& { return value(); }

    T&& operator*() && { return std::move(*this).value(); }

    // Precondition: !ok().
    [[nodiscard]] const Error& error() const& {
        RAILHUB_ASSERT(!ok());
        return *std::get_if<1>(&state_);
    }

    Error&& error() && {
        RAILHUB_ASSERT(!ok());
        return std::move(*std::get_if<1>(&state_));
    }

    // The same result with `where` added to the error's context.
    Result with_context(std::string where) && {
        if (!ok()) {
            std::get_if<1>(&state_)->context.push_back(std::move(where));
        }
        return std::move(*this);
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;

    Result(Error error) : error_(std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }

    explicit operator bool() const noexcept { return ok(); }

    void value() const { RAILHUB_ASSERT(ok()); }

    [[nodiscard]] const Error& error() const& {
        RAILHUB_ASSERT(!ok());
        return *error_;
    }

    Error&& error() && {
        RAILHUB_ASSERT(!ok());
        return std::move(*error_);
    }

    Result with_context(std::string where) && {
        if (error_) {
            error_->context.push_back(std::move(where));
        }
        return std::move(*this);
    }

  private:
    std::optional<Error> error_;
};

inline Error fail(Code code, std::string message, std::string hint = {}) {
    return Error{code, std::move(message), std::move(hint), {}};
}

} // namespace railhub::util

// RAILHUB_TRY(expr)            returns the error, if any, from the enclosing function
// RAILHUB_TRY(auto x, expr)    the same, and binds the value
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define RAILHUB_TRY(...)                                                                           \
    RAILHUB_TRY_PICK(__VA_ARGS__, RAILHUB_TRY_BIND, RAILHUB_TRY_CHECK)(__VA_ARGS__)
#define RAILHUB_TRY_PICK(a, b, name, ...) name
#define RAILHUB_TRY_CHECK(expr)                                                                    \
    do {                                                                                           \
        if (auto railhub_result = (expr); !railhub_result.ok()) {                                  \
            return std::move(railhub_result).error();                                              \
        }                                                                                          \
    } while (false)
#define RAILHUB_TRY_BIND(declaration, expr)                                                        \
    RAILHUB_TRY_BIND_NAMED(declaration, expr, RAILHUB_TRY_JOIN(railhub_result_, __LINE__))
#define RAILHUB_TRY_BIND_NAMED(declaration, expr, name)                                            \
    auto name = (expr);                                                                            \
    if (!name.ok()) {                                                                              \
        return std::move(name).error();                                                            \
    }                                                                                              \
    declaration = std::move(name).value()
#define RAILHUB_TRY_JOIN(a, b) RAILHUB_TRY_JOIN_AGAIN(a, b)
#define RAILHUB_TRY_JOIN_AGAIN(a, b) a##b
// NOLINTEND(bugprone-macro-parentheses)
