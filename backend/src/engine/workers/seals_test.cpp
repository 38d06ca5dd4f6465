// What the database holds of jobs that were worked on while there was a key.
#include "engine/workers/testing.h"

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const std::string secret_word = "heliotrope";

struct Word {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(Word, (), (word))

struct Script {
    int steps = 0;
    int failures_left = 0;
};

// Keeps the word in a step, and gives it as its result.
class Keeps : public orchestration::WorkflowOf<Word> {
public:
    explicit Keeps(Script& script) : script_(script) {}
    orchestration::Plan steps() const override { return {{.name = "keep"}}; }

protected:
    Task<void> run(orchestration::Run& run, Word given) override {
        auto kept = co_await run.step<Word>("keep", given, [this](const Word& word) {
            ++script_.steps;
            return word;
        });
        if (script_.failures_left-- > 0)
            throw Error(ErrorKind::upstream, "model.away", "The model was away.");
        co_await run.finish([&](sql::Tx&) -> Task<Word> { co_return kept; });
    }

private:
    Script& script_;
};

// Writes nothing but its result, with others in a batch.
class Says : public orchestration::WorkflowOf<Word> {
protected:
    Task<void> run(orchestration::Run& run, Word given) override {
        run.conclude(given);
        co_return;
    }
};

class SealsTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "s.keeps"}, std::make_unique<Keeps>(script));
        workflows.add({.name = "s.says"}, std::make_unique<Says>());
        seal_with({'a'});
        subject = open_worker();
    }
    void seal_with(std::vector<char> letters) {
        std::vector<std::string> keys;
        for (auto letter : letters) keys.emplace_back(32, letter);
        types.seal_with(jobs::PayloadSeal(std::move(keys)));
    }
    jobs::JobId ask(std::string type) {
        return enqueue({.type = std::move(type), .payload = jobs::payload_of(Word{secret_word})})
            .id;
    }
    std::vector<std::string> kept(sql::Statement statement) { return run(read_kept(statement)); }
    Task<std::vector<std::string>> read_kept(sql::Statement statement) {
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto texts = co_await tx->all<std::string>(statement);
        co_return texts;
    }
    std::string word_of(jobs::JobId id) {
        return std::string(job(id).result->at("word").as_string());
    }

    static constexpr sql::Statement results{
        "test.results", "SELECT CAST(result AS text) FROM job WHERE result IS NOT NULL"
    };
    static constexpr sql::Statement outputs{
        "test.outputs", "SELECT CAST(output AS text) FROM job_step"
    };
    Script script;
};

TEST_P(SealsTest, KeepNoStepAndNoResultThatTheDatabaseCanTell) {
    auto keeps = ask("s.keeps");
    auto says = ask("s.says");

    work();

    EXPECT_THAT(kept(results), SizeIs(2));
    EXPECT_THAT(kept(results), Each(Not(HasSubstr(secret_word))));
    EXPECT_THAT(kept(outputs), SizeIs(1));
    EXPECT_THAT(kept(outputs), Each(Not(HasSubstr(secret_word))));
    EXPECT_EQ(word_of(keeps), secret_word);
    EXPECT_EQ(word_of(says), secret_word);
    for (const auto& one : listed({}).items)
        EXPECT_EQ(one.result->at("word").as_string(), secret_word);
}

TEST_P(SealsTest, OpenForTheNextAttemptUnderANewKey) {
    auto id = ask("s.keeps");
    script.failures_left = 1;
    work();
    seal_with({'b', 'a'});
    clock.advance(10min);

    work();

    EXPECT_EQ(script.steps, 1);
    EXPECT_EQ(word_of(id), secret_word);
    seal_with({'c', 'b'});
    EXPECT_EQ(word_of(id), secret_word);
}

TEST_P(SealsTest, FailAJobWhoseKeyIsGone) {
    auto id = ask("s.keeps");
    script.failures_left = 1;
    work();
    seal_with({'b'});
    clock.advance(10min);

    work();

    EXPECT_EQ(job(id).error->code, "job.unreadable_payload");
}

TEST_P(SealsTest, HideAResultWhoseKeyIsGoneAndNothingElse) {
    auto lost = ask("s.says");
    work();
    seal_with({'b'});
    clock.advance(1s);
    auto kept = ask("s.says");
    work();

    auto page = listed({}).items;

    ASSERT_THAT(page, SizeIs(2));
    EXPECT_EQ(page[0].id, kept);
    EXPECT_FALSE(page[0].result_unreadable);
    EXPECT_EQ(page[1].status, jobs::Status::success);
    EXPECT_TRUE(page[1].result_unreadable);
    EXPECT_FALSE(page[1].result);
    EXPECT_TRUE(job(lost).result_unreadable);
    EXPECT_EQ(word_of(kept), secret_word);
}

TEST_P(SealsTest, LeaveWhatWasKeptBeforeThereWasAKey) {
    types.seal_with(jobs::PayloadSeal());
    auto id = ask("s.keeps");
    work();

    seal_with({'a'});

    EXPECT_EQ(word_of(id), secret_word);
}

INSTANTIATE_TEST_SUITE_P(Databases, SealsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
