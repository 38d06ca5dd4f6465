#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using testing::SizeIs;

class RelativesTest : public JobsTest {};

TEST_P(RelativesTest, ShowsWhatAJobWaitsForAndWhatComesAfterIt) {
    auto top = enqueue({.type = "a.one"}).id;
    NewJob second{"a.one"};
    second.after.push_back({top, OnFailure::run});
    auto middle = enqueue(std::move(second)).id;
    auto origin = origin_of(scratch->alice());
    origin.parent = middle;
    origin.root = top;
    auto made = run(enqueue_from(origin, scratch->alice(), {.type = "a.one"})).id;

    auto view = job(middle);

    ASSERT_THAT(view.parents, SizeIs(1));
    EXPECT_EQ(view.parents.at(0).id, top);
    EXPECT_EQ(view.parents.at(0).on_failure, OnFailure::run);
    ASSERT_THAT(view.children, SizeIs(1));
    EXPECT_EQ(view.children.at(0).id, made);
    EXPECT_EQ(view.children.at(0).on_failure, std::nullopt);
    EXPECT_EQ(view.root_id, top);
    EXPECT_THAT(job(top).children, SizeIs(1));
    EXPECT_EQ(job(top).children.at(0).on_failure, OnFailure::run);
}

INSTANTIATE_TEST_SUITE_P(Databases, RelativesTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
