#include "infra/http/query.h"

#include <gmock/gmock.h>

namespace afterresume::http {

struct Wanted {
    std::int64_t page_size = 20;
    std::optional<LocalDate> from;
    std::optional<bool> hidden;
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (page_size, from, hidden, q))

constexpr auto notes(Wanted*) {
    using namespace describe;
    return std::tuple{
        note(&Wanted::page_size, "Items", range{1, 100}), note(&Wanted::q, "Words", length{1, 10})
    };
}

namespace {

using ::testing::ElementsAre;

std::vector<FieldError> errors_of(std::string_view query) {
    try {
        read_query<Wanted>(query);
    } catch (const Error& error) {
        return error.fields();
    }
    return {};
}

TEST(Query, KeepsDefaultsOfWhatIsNotGiven) {
    auto wanted = read_query<Wanted>("");

    EXPECT_EQ(wanted.page_size, 20);
    EXPECT_FALSE(wanted.from || wanted.hidden || wanted.q);
}

TEST(Query, ReadsEachKindOfParameter) {
    auto wanted = read_query<Wanted>("page_size=5&from=2026-03-01&hidden=true&q=caf%C3%A9+au");

    EXPECT_EQ(wanted.page_size, 5);
    EXPECT_EQ(wanted.from->text(), "2026-03-01");
    EXPECT_TRUE(*wanted.hidden);
    EXPECT_EQ(*wanted.q, "café au");
}

TEST(Query, NamesUnknownRepeatedAndWrongParameters) {
    EXPECT_THAT(errors_of("nope=1"), ElementsAre(FieldError{"?nope", "is not a known parameter"}));
    EXPECT_THAT(errors_of("q=a&q=b"), ElementsAre(FieldError{"?q", "is given twice"}));
    EXPECT_THAT(
        errors_of("page_size=many"), ElementsAre(FieldError{"?page_size", "must be a whole number"})
    );
    EXPECT_THAT(
        errors_of("page_size=101"), ElementsAre(FieldError{"?page_size", "must be from 1 to 100"})
    );
    EXPECT_THAT(
        errors_of("from=2026-02-30"),
        ElementsAre(FieldError{"?from", "must be an existing date like 2026-03-01"})
    );
}

TEST(Query, RefusesBytesThatAreNoText) {
    EXPECT_THROW(query_pairs("q=%ff"), Error);
    EXPECT_THROW(query_pairs("q=%zz"), Error);
}

}  // namespace
}  // namespace afterresume::http
