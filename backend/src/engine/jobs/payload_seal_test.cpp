#include "engine/jobs/payload_seal.h"

#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret_word = "heliotrope";
const std::string payload = R"({"note":"heliotrope"})";

PayloadSeal with_keys(std::vector<char> letters) {
    std::vector<std::string> keys;
    for (auto letter : letters) keys.emplace_back(32, letter);
    return PayloadSeal(std::move(keys));
}

TEST(PayloadSealTest, OpensWhatItSealedAndTellsNothingOfIt) {
    auto seal = with_keys({'a'});
    auto job = Uuid::random();

    auto kept = seal.seal(TenantId{1}, job, payload);

    EXPECT_THAT(kept, Not(HasSubstr(secret_word)));
    EXPECT_EQ(seal.open(TenantId{1}, job, kept), payload);
}

TEST(PayloadSealTest, OpensWhatAFormerKeySealed) {
    auto job = Uuid::random();
    auto kept = with_keys({'a'}).seal(TenantId{1}, job, payload);

    EXPECT_EQ(with_keys({'b', 'a'}).open(TenantId{1}, job, kept), payload);
    EXPECT_THROW(with_keys({'b'}).open(TenantId{1}, job, kept), Error);
    EXPECT_THROW(PayloadSeal().open(TenantId{1}, job, kept), Error);
}

TEST(PayloadSealTest, OpensNothingInAnotherPlaceOrChanged) {
    auto seal = with_keys({'a'});
    auto job = Uuid::random();
    auto kept = seal.seal(TenantId{1}, job, payload);
    auto changed = kept;
    changed[changed.size() - 3] = changed[changed.size() - 3] == 'A' ? 'B' : 'A';

    EXPECT_THROW(seal.open(TenantId{2}, job, kept), Error);
    EXPECT_THROW(seal.open(TenantId{1}, Uuid::random(), kept), Error);
    EXPECT_THROW(seal.open(TenantId{1}, job, changed), Error);
    EXPECT_THROW(seal.open(TenantId{1}, job, "\"sealed:"), Error);
}

TEST(PayloadSealTest, LeavesThingsAsTheyAreWithoutAKey) {
    EXPECT_EQ(PayloadSeal().seal(TenantId{1}, Uuid::random(), payload), payload);
    EXPECT_EQ(with_keys({'a'}).open(TenantId{1}, Uuid::random(), payload), payload);
}

class SealedQueueTest : public JobsTest {
protected:
    SealedQueueTest() { types.seal_with(with_keys({'a'})); }

    std::string kept(JobId id) { return run(read_kept(id)); }
    Task<std::string> read_kept(JobId id) {
        static constexpr sql::Statement statement{
            "test.payload", "SELECT payload FROM job WHERE id = :id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto text = co_await tx->one<std::string>(statement, sql::named("id", id));
        co_return text;
    }
    Task<std::vector<JobId>> enqueue_many(std::vector<Node> nodes) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto ids = queue.enqueue_all(*tx, origin_of(scratch->alice()), std::move(nodes));
        co_await tx->commit();
        co_return ids;
    }
};

TEST_P(SealedQueueTest, KeepsNoPayloadThatTheDatabaseCanTell) {
    auto id = enqueue({.type = "a.one", .payload = payload}).id;

    EXPECT_THAT(kept(id), Not(HasSubstr(secret_word)));
    EXPECT_EQ(queue.given(claim(worker, 1).at(0)), payload);
}

TEST_P(SealedQueueTest, KeepsNoneOfManyEither) {
    auto ids = run(enqueue_many({{{"a.one", payload}}, {{"a.one", payload}}}));

    for (auto id : ids) EXPECT_THAT(kept(id), Not(HasSubstr(secret_word)));
    for (const auto& job : claim(worker, 2)) EXPECT_EQ(queue.given(job), payload);
}

TEST_P(SealedQueueTest, GivesWhatWasKeptBeforeThereWasAKey) {
    types.seal_with(PayloadSeal());
    enqueue({.type = "a.one", .payload = payload});
    types.seal_with(with_keys({'b'}));

    auto given = describe::parse_json(queue.given(claim(worker, 1).at(0)));

    EXPECT_EQ(given, describe::parse_json(payload));
}

TEST_P(SealedQueueTest, OpensItAgainInAnotherGeneration) {
    auto id = enqueue({.type = "a.one", .payload = payload}).id;
    end(claim(worker, 1).at(0), Status::failed);

    retry(id);

    EXPECT_EQ(queue.given(claim(worker, 1).at(0)), payload);
}

INSTANTIATE_TEST_SUITE_P(Databases, SealedQueueTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
