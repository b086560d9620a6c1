// SPDX-License-Identifier: Apache-2.0
// Days: reading, printing, counting.
#include "core/project/project.h"
#include "tests/support/catch.h"

namespace railhub::project {

TEST_CASE("days that exist are read, others are not") {
    CHECK(parse_date("2027-01-31") == Date{2027, 1, 31});
    CHECK(parse_date("2028-02-29") == Date{2028, 2, 29});
    for (const char* text :
         {"", "2027-02-29", "2027-13-01", "2027-1-31", "2027/01/31", "27-01-31", "2027-01-3x"}) {
        INFO(text);
        CHECK_FALSE(parse_date(text).has_value());
    }
    CHECK(to_text(Date{2027, 1, 5}) == "2027-01-05");
}

TEST_CASE("days are counted over months and years") {
    CHECK(plus_days({2026, 11, 22}, 90) == Date{2027, 2, 20});
    CHECK(days_between({2026, 12, 31}, {2027, 1, 1}) == 1);
    CHECK(days_between({2027, 1, 1}, {2026, 12, 31}) == -1);
    CHECK(date_of(0) == Date{1970, 1, 1});
    CHECK(date_of(1'767'323'045'006) == Date{2026, 1, 2});
    CHECK(Date{2026, 12, 31} < Date{2027, 1, 1});
}

} // namespace railhub::project
