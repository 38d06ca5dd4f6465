#include "ai/agents/verifier.h"

#include <gmock/gmock.h>

namespace afterresume::agents {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const Evidence entry{
    "e1", "entry",
    "fix(api): cut p99 from 900 ms to 120 ms by caching prices in Redis (#42)\n\n1,000 customers "
    "were affected, 40% of them in Berlin.\nDone with Maria on 2024-03-12. Reduced costs by "
    "1.5k € per month. It took three days.\nUpdated to v2.3.1. Renamed `loadPrices` to "
    "fetch_prices."
};
const Evidence position{
    "p1", "position",
    "Acme GmbH\nSenior Engineer\nHamburg\n2019-05\n2021-11\nBuilt the billing system."
};

Verdict check(std::string_view line) {
    std::vector evidence{entry, position};
    return verify_line(line, evidence);
}

class FaithfulLine : public testing::TestWithParam<const char*> {};

TEST_P(FaithfulLine, IsVerified) {
    auto verdict = check(GetParam());

    EXPECT_EQ(verdict.kind, VerdictKind::verified);
    EXPECT_THAT(verdict.words, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rewordings, FaithfulLine,
    testing::Values(
        "Cut p99 from 900 ms to 120 ms by caching prices in Redis",
        "Reduced p99 to 0.12 s with a Redis cache",
        "Helped 1000 customers, 40 percent of them in Berlin", "Saved 1,500 € per month",
        "Worked with Maria in March 2024",
        "Built the billing system at Acme GmbH as Senior Engineer", "Took 3 days",
        "Updated to v2.3.1", "Renamed loadPrices to fetch_prices",
        "Senior Engineer at Acme from May 2019 to November 2021"
    )
);

struct Planted {
    const char* line;
    const char* word;
};

class PlantedLine : public testing::TestWithParam<Planted> {};

TEST_P(PlantedLine, IsUnverifiedAndNamesTheWord) {
    auto verdict = check(GetParam().line);

    EXPECT_EQ(verdict.kind, VerdictKind::unverified);
    EXPECT_THAT(verdict.words, Contains(HasSubstr(GetParam().word)));
}

INSTANTIATE_TEST_SUITE_P(
    Contradictions, PlantedLine,
    testing::Values(
        Planted{"Cut p99 from 900 ms to 20 ms", "20 ms"},
        Planted{"Cut p99 from 900 s to 120 s", "900 s"},
        Planted{"Cut p95 from 900 ms to 120 ms", "p95"},
        Planted{"Cut p99 from 120 ms to 900 ms", "120 ms"},
        Planted{"Increased p99 from 900 ms to 120 ms", "Increased"},
        Planted{"Cached prices in Memcached", "Memcached"},
        Planted{"Cached prices using kubernetes", "kubernetes"},
        Planted{"Built the billing system at Globex", "Globex"},
        Planted{"Built the billing system in 2018", "2018"},
        Planted{"Worked with Maria in April 2024", "April 2024"},
        Planted{"Director at Acme GmbH", "Director"}, Planted{"Helped 2,000 customers", "2,000"},
        Planted{"Helped 45% of customers", "45%"}, Planted{"Updated to v2.4.0", "v2.4.0"},
        Planted{"Saved 1.5k $ per month", "1.5k $"}, Planted{"Took four days", "four days"},
        Planted{"Doubled revenue", "Doubled"},
        Planted{"Renamed loadOrders to fetch_prices", "loadOrders"},
        Planted{"Organised wonderful gardening festivals", "gardening"}
    )
);

TEST(Verifier, AcceptsCountedFiguresOnlyWhenTheyAreNamed) {
    std::vector evidence{entry};
    std::vector<std::string> counted{"12", "3"};

    auto named = verify_line("12 entries in 3 projects", evidence, counted);
    auto other = verify_line("13 entries in 3 projects", evidence, counted);
    auto claimed = verify_line("12 entries in 3 projects at Globex", evidence, counted);

    EXPECT_EQ(named.kind, VerdictKind::verified);
    EXPECT_THAT(other.words, Contains(HasSubstr("13")));
    EXPECT_THAT(claimed.words, Contains("Globex"));
}

TEST(Verifier, VerifiesNothingWithoutEvidence) {
    auto verdict = verify_line("Migrated billing to Kubernetes", {});

    EXPECT_EQ(verdict.kind, VerdictKind::unverified);
}

}  // namespace
}  // namespace afterresume::agents
