#include "promise.h"

#include <fmt/format.h>

#include <set>

namespace afterresume::contract {

namespace {

std::vector<Promise> batches() {
    auto post = [](std::string sentence, std::string body, int status,
                   std::vector<std::string> has) {
        return Promise{std::move(sentence), ada,    "POST",        "/api/jobs/batch/",
                       std::move(body),     status, std::move(has)};
    };
    return {
        post(
            "Takes what is good of a batch and says what is not",
            R"({"op":"enqueue","items":[{"type":"resume.refresh"},{"type":"resume.refresh","payload":{"colour":1}}]})",
            200, {R"("succeeded":1)", R"("failed":1)", "/payload/colour"}
        ),
        post(
            "Enqueues nothing that is not for people",
            R"({"op":"enqueue","items":[{"type":"tenant.purge"}]})", 200, {"job.not_requestable"}
        ),
        post(
            "Has no résumé made as a report",
            R"({"op":"enqueue","items":[{"type":"report.generate","payload":{"kind":"resume"}}]})",
            200, {"/payload/kind"}
        ),
        post(
            "Says of each of a batch why it is not cancelled",
            R"({"op":"cancel","ids":["{ada.job}","0190b6e8-0000-7000-8000-000000000000"]})", 200,
            {R"("status":409)", "job.finished", R"("status":404)"}
        ),
        post("Takes no operation that is none", R"({"op":"repeat","ids":[]})", 422, {"/op"}),
        post("Takes items to enqueue alone", R"({"op":"cancel","items":[{}]})", 422, {"/items"}),
        {"Knows no job of another tenant in a batch",
         bob,
         "POST",
         "/api/jobs/batch/",
         R"({"op":"retry","ids":["{ada.job}"]})",
         200,
         {R"("status":404)"}},
    };
}

}  // namespace

class Batches : public PromiseTest {};
TEST_P(Batches, AreAnsweredItemByItem) { keep(); }
INSTANTIATE_TEST_SUITE_P(Engines, Batches, promises({batches()}), promise_name);

class Jobs : public ProgramTest {};

TEST_P(Jobs, OfABatchAreFoundByIt) {
    auto batch = call(
        "POST", "/api/jobs/batch/", ada,
        R"({"op":"enqueue","items":[
            {"type":"report.generate","payload":{"kind":"status"}},
            {"type":"report.generate","payload":{"kind":"weekly"},"run_at":"2100-01-01T00:00:00Z"}]})"
    );
    auto id = batch.text("/batch_id");
    program().work();

    auto found = call("GET", "/api/jobs/?batch_id=" + id, ada);

    EXPECT_EQ(batch.number("/items/0/status"), 202) << batch.body;
    EXPECT_EQ(found.count("/items"), 2U);
    EXPECT_EQ(found.text("/items/0/batch_id"), id);
    EXPECT_THAT(
        (std::set{found.text("/items/0/status"), found.text("/items/1/status")}),
        testing::ElementsAre("queued", "success")
    );
    EXPECT_EQ(call("GET", "/api/jobs/?batch_id=" + id, bob).count("/items"), 0U);
}

TEST_P(Jobs, AreEnqueuedOnceByAKeyedBatch) {
    const Headers key{{"idempotency-key", "a batch of one"}};
    auto body =
        R"({"op":"enqueue","items":[{"type":"report.generate","payload":{"kind":"status"}}]})";

    auto first = call("POST", "/api/jobs/batch/", ada, body, key);
    auto second = call("POST", "/api/jobs/batch/", ada, body, key);

    EXPECT_EQ(first.body, second.body);
    auto found = call("GET", "/api/jobs/?batch_id=" + first.text("/batch_id"), ada);
    EXPECT_EQ(found.count("/items"), 1U);
}

TEST_P(Jobs, AreCancelledByAFilter) {
    auto later =
        R"({"op":"enqueue","items":[{"type":"report.generate","payload":{"kind":"status"},)"
        R"("run_at":"2100-01-01T00:00:00Z"}]})";
    auto id = call("POST", "/api/jobs/batch/", ada, later).text("/items/0/id");

    auto answer = call(
        "POST", "/api/jobs/batch/", ada, R"({"op":"cancel","filter":{"type":"report.generate"}})"
    );

    EXPECT_THAT(answer.body, testing::HasSubstr(id));
    EXPECT_EQ(call("GET", "/api/jobs/" + id + "/", ada).text("/status"), "cancelled");
}

TEST_P(Jobs, ShowTheStepsThatTheyPlan) {
    auto later =
        R"({"op":"enqueue","items":[{"type":"report.generate","payload":{"kind":"status"},)"
        R"("run_at":"2100-01-01T00:00:00Z"}]})";
    auto id = call("POST", "/api/jobs/batch/", ada, later).text("/items/0/id");

    auto job = call("GET", "/api/jobs/" + id + "/", ada);

    EXPECT_EQ(job.text("/steps/0/name"), "compose") << job.body;
    EXPECT_EQ(job.text("/steps/0/status"), "planned");
}

TEST_P(Jobs, KeepEveryPromiseThatIsChecked) {
    call("POST", "/api/worklogs/", ada, R"({"content":"Left a test behind."})");
    program().work();

    auto answer = call("GET", "/api/jobs/check/", ada);

    EXPECT_EQ(answer.body, R"({"violations":[]})");
}

TEST_P(Jobs, NameTheJobsThatTheyLedTo) {
    auto id = call("POST", "/api/worklogs/", ada, R"({"content":"Wrote the parser in Rust."})")
                  .text("/job_ids/0");
    program().work();

    auto job = call("GET", "/api/jobs/" + id + "/", ada);

    EXPECT_EQ(job.count("/parents"), 0U);
    ASSERT_EQ(job.count("/children"), 1U) << job.body;
    EXPECT_EQ(job.text("/children/0/type"), "skills.extract");
    auto child = call("GET", "/api/jobs/" + job.text("/children/0/id") + "/", ada);
    EXPECT_EQ(child.text("/root_id"), id);
}

INSTANTIATE_TEST_SUITE_P(Engines, Jobs, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
