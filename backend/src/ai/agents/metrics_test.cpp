#include "ai/agents/entry_analysis.h"

#include <gmock/gmock.h>

namespace afterresume::agents {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

EntryText entry(std::string content) {
    return {std::nullopt, std::move(content), std::nullopt, {}, LocalDate(2026, 3, 2)};
}

Metric only_metric(const EntryText& text) {
    auto metrics = analyse_entry(text).metrics;
    EXPECT_THAT(metrics, SizeIs(1));
    return metrics.empty() ? Metric{} : metrics.front();
}

TEST(Metrics, ReadsAChangeFromOneValueToAnother) {
    auto text = entry("Cut p99 from 900 ms to 120 ms.");

    auto metric = only_metric(text);

    EXPECT_EQ(metric.metric, "p99");
    EXPECT_EQ(metric.from, 900);
    EXPECT_EQ(metric.to, 120);
    EXPECT_EQ(metric.unit, "ms");
    EXPECT_EQ(metric.direction, MetricDirection::down);
    EXPECT_NEAR(metric.ratio.value_or(0), 0.1333, 0.001);
    EXPECT_EQ(
        text.content.substr(
            static_cast<std::size_t>(metric.start),
            static_cast<std::size_t>(metric.end - metric.start)
        ),
        "p99 from 900 ms to 120 ms"
    );
}

TEST(Metrics, ConvertsUnitsOfOneDimension) {
    auto metric = only_metric(entry("Onboarding went from 4 hours to 20 minutes."));

    EXPECT_EQ(metric.from, 240);
    EXPECT_EQ(metric.to, 20);
    EXPECT_EQ(metric.unit, "min");
    EXPECT_EQ(metric.direction, MetricDirection::down);
}

TEST(Metrics, ReadsSharesFactorsAndMoney) {
    auto share = only_metric(entry("This gave a roughly 40% improvement in build times."));
    auto signed_share = only_metric(entry("Conversion +15% after the redesign."));
    auto factor = only_metric(entry("The importer is 3x faster now."));
    auto money = only_metric(entry("Renegotiated hosting and saved 12k €/month."));

    EXPECT_EQ(share.metric, "build times");
    EXPECT_NEAR(share.ratio.value_or(0), 1.4, 1e-9);
    EXPECT_EQ(signed_share.direction, MetricDirection::up);
    EXPECT_NEAR(signed_share.ratio.value_or(0), 1.15, 1e-9);
    EXPECT_EQ(factor.ratio, 3);
    EXPECT_EQ(money.value, 12'000);
    EXPECT_EQ(money.unit, "EUR/month");
    EXPECT_EQ(money.direction, MetricDirection::down);
}

TEST(Metrics, CountsPeopleAndThingsThatWereWorkedOn) {
    auto metric = only_metric(entry("Trained 30 nurses on the new pump."));

    EXPECT_EQ(metric.value, 30);
    EXPECT_EQ(metric.unit, "nurses");
}

TEST(Metrics, UnderstandsGermanBasics) {
    auto metric = only_metric(entry("Ladezeit von 3,5 Sekunden auf 0,8 Sekunden gesenkt."));

    EXPECT_EQ(metric.from, 3.5);
    EXPECT_EQ(metric.to, 0.8);
    EXPECT_EQ(metric.unit, "s");
}

class NoMetric : public testing::TestWithParam<const char*> {};

TEST_P(NoMetric, IsFoundInNamesOfThings) {
    auto found = analyse_entry(entry(GetParam())).metrics;

    EXPECT_THAT(found, IsEmpty()) << (found.empty() ? "" : found.front().text);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NoMetric,
    testing::Values(
        "Upgraded to v1.2.3 and Node 18.", "Fixed #1234 and reviewed (#99).",
        "Released on 2026-03-01 at 08:35.", "Moved the service to port 8080.",
        "Reverted 78f80fa1c2.", "Ran it like this:\n```\nreduced by 40% from 10 ms to 5 ms\n```\n",
        "Read https://example.com/a/from-10-to-20?x=50%25 today.",
        "Set the timeout in `sleep 30 s`.", "Fixed issue 12 in chapter 3.",
        "Moved to Python 3.12 and Angular 17."
    )
);

TEST(Metrics, AreNamedByTheFieldTheyStandIn) {
    EntryText text{
        "Faster search", "Added an index.", "Reduced search time by 60%", {}, LocalDate(2026, 3, 2)
    };

    auto metrics = analyse_entry(text).metrics;

    ASSERT_THAT(metrics, SizeIs(1));
    EXPECT_EQ(metrics[0].field, SourceField::outcome);
    EXPECT_EQ(metrics[0].metric, "search time");
    EXPECT_NEAR(metrics[0].ratio.value_or(0), 0.4, 1e-9);
}

}  // namespace
}  // namespace afterresume::agents
