// SPDX-License-Identifier: Apache-2.0
// Days as std::chrono counts them.
#include "core/project/project.h"
#include "core/util/text.h"

#include <chrono>

namespace railhub::project {

namespace {

std::chrono::year_month_day calendar_day(const Date& date) {
    return std::chrono::year(date.year) / std::chrono::month(date.month) /
           std::chrono::day(date.day);
}

Date date_from(std::chrono::sys_days days) {
    const std::chrono::year_month_day day(days);
    return {
        static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()),
        static_cast<unsigned>(day.day())};
}

std::string digits(unsigned number, std::size_t width) {
    std::string out = std::to_string(number);
    return std::string(width > out.size() ? width - out.size() : 0, '0') + out;
}

} // namespace

std::string to_text(const Date& date) {
    return digits(static_cast<unsigned>(date.year), 4) + "-" + digits(date.month, 2) + "-" +
           digits(date.day, 2);
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = util::parse_decimal(text.substr(0, 4));
    const auto month = util::parse_decimal(text.substr(5, 2));
    const auto day = util::parse_decimal(text.substr(8, 2));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const Date date{
        static_cast<int>(*year), static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
    return calendar_day(date).ok() ? std::optional(date) : std::nullopt;
}

Date date_of(std::int64_t millis) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(millis)};
    return date_from(std::chrono::floor<std::chrono::days>(time));
}

Date plus_days(const Date& date, int days) {
    return date_from(std::chrono::sys_days(calendar_day(date)) + std::chrono::days(days));
}

std::int64_t days_between(const Date& from, const Date& to) {
    return (std::chrono::sys_days(calendar_day(to)) - std::chrono::sys_days(calendar_day(from)))
        .count();
}

} // namespace railhub::project
