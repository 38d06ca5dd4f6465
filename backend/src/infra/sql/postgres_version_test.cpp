#include "infra/sql/postgres_version.h"

#include "core/error.h"

#include <gmock/gmock.h>

namespace afterresume::sql {

namespace {

using testing::HasSubstr;

std::string refusal(int version) {
    try {
        require_supported(version);
    } catch (const Error& error) {
        return error.code() + " " + error.what();
    }
    return "none";
}

TEST(PostgresVersion, IsOneWhoseFencesHold) {
    for (int held :
         {15'00'10, 15'00'18, 16'00'06, 16'00'10, 17'00'02, 17'00'06, 18'00'00, 19'00'01})
        EXPECT_EQ(refusal(held), "none") << held;
}

TEST(PostgresVersion, IsRefusedWhereTheyAreBrokenOrThereAreNone) {
    for (int broken :
         {9'06'24, 14'00'99, 15'00'00, 15'00'09, 16'00'00, 16'00'05, 17'00'00, 17'00'01})
        EXPECT_THAT(refusal(broken), HasSubstr("sql.version")) << broken;
}

TEST(PostgresVersion, IsNamedBesideWhatIsNeeded) {
    auto message = refusal(15'00'09);

    EXPECT_THAT(message, HasSubstr("PostgreSQL 15.9;"));
    EXPECT_THAT(message, HasSubstr("15.10, 16.6, 17.2"));
}

}  // namespace

}  // namespace afterresume::sql
