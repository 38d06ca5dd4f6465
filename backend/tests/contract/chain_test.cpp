#include "fixture.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::contract {

class Chain : public ProgramTest {
protected:
    // Writes an entry and lets everything follow from it.
    std::string write(const std::string& content, const std::string& more = {}, Actor as = ada) {
        auto written = call(
            "POST", "/api/worklogs/", as, fmt::format(R"({{"content":"{}"{}}})", content, more)
        );
        program().work();
        return written.header("Location");
    }
    // The entry as it stands when its jobs have run.
    Answer read_written(const std::string& content, const std::string& more) {
        return call("GET", write(content, more), ada);
    }
    // The path of ada's skill; empty when she has none by that slug.
    std::string skill(const std::string& slug, Actor as = ada) {
        auto list = call("GET", "/api/skills/?hidden=true&page_size=100&q=" + slug, as);
        for (std::size_t i = 0; i < list.count("/items"); ++i) {
            auto at = fmt::format("/items/{}", i);
            if (list.text(at + "/slug") == slug)
                return fmt::format("/api/skills/{}/", list.number(at + "/id"));
        }
        return {};
    }
    std::int64_t recompute() {
        auto asked = call("POST", "/api/skills/recompute/", ada);
        program().work();
        return asked.status;
    }
    void expect_success(const std::string& job) {
        auto answer = call("GET", "/api/jobs/" + job + "/", ada);
        EXPECT_EQ(answer.text("/status"), "success") << answer.body;
        EXPECT_EQ(answer.number("/progress"), 100);
    }
};

TEST_P(Chain, FindsSkillsAndQuotesWhatShowsThem) {
    const std::string content =
        "Für die Kundschaft — moved the reporting jobs to PostgreSQL and rewrote the scheduler in "
        "Rust.";
    auto location = write(content);

    auto entry = call("GET", location, ada);
    auto evidence = call("GET", skill("postgresql") + "evidence/", ada);

    EXPECT_THAT(
        entry.text("/skills"),
        testing::AllOf(testing::HasSubstr("\"postgresql\""), testing::HasSubstr("\"rust\""))
    );
    EXPECT_FALSE(entry.at("/analysis").is_null());
    ASSERT_EQ(evidence.count("/items"), 1U);
    auto start = static_cast<std::size_t>(evidence.number("/items/0/start_at"));
    auto end = static_cast<std::size_t>(evidence.number("/items/0/end_at"));
    EXPECT_EQ(content.substr(start, end - start), "PostgreSQL");
    EXPECT_EQ(evidence.text("/items/0/quote"), "PostgreSQL");
    EXPECT_EQ(evidence.text("/items/0/field"), "content");
    EXPECT_EQ(evidence.number("/items/0/entry_id"), entry.number("/id"));
    EXPECT_EQ(
        call("GET", "/api/worklogs/?skill=postgresql", ada).number("/items/0/id"),
        entry.number("/id")
    );
}

TEST_P(Chain, GivesReasonsForALevel) {
    write(
        "Deployed the gateway with Terraform.",
        R"(,"outcome":"Deployments take 3 minutes instead of 40")"
    );

    auto read = call("GET", skill("terraform"), ada);

    EXPECT_GE(read.number("/level"), 1);
    EXPECT_GE(read.count("/why"), 1U);
    EXPECT_EQ(read.number("/evidence_count"), 1);
    EXPECT_TRUE(read.at("/first_seen").is_string());
    EXPECT_NE(read.header("ETag"), "");
}

TEST_P(Chain, FollowsAnEditAndADeletion) {
    auto location = write("Tuned the Elasticsearch cluster.");
    auto had = skill("elasticsearch");

    call("PATCH", location, ada, R"({"content":"Tuned the Redis cluster."})", overwrite);
    program().work();
    auto after_edit = skill("elasticsearch");
    auto redis = skill("redis");
    call("DELETE", location, ada, "", overwrite);
    program().work();
    auto after_deletion = skill("redis");
    call("POST", location + "restore/", ada);
    program().work();

    EXPECT_NE(had, "");
    EXPECT_EQ(after_edit, "");
    EXPECT_NE(redis, "");
    EXPECT_EQ(after_deletion, "");
    EXPECT_NE(skill("redis"), "");
}

TEST_P(Chain, KeepsARenameAndAHidingThroughARecompute) {
    write("Wrote the exporter in Kotlin.");
    auto path = skill("kotlin");
    call("PATCH", path, ada, R"({"name":"Kotlin on the JVM","hidden":true})", overwrite);

    EXPECT_EQ(recompute(), 202);

    auto read = call("GET", path, ada);
    EXPECT_EQ(read.text("/name"), "Kotlin on the JVM");
    EXPECT_EQ(read.text("/hidden"), "true");
    EXPECT_EQ(read.number("/evidence_count"), 1);
    EXPECT_THAT(
        call("GET", "/api/skills/?page_size=100", ada).body,
        testing::Not(testing::HasSubstr("Kotlin on the JVM"))
    );
}

TEST_P(Chain, KeepsAMergeThroughARecompute) {
    write("Set up alerts in Grafana.");
    write("Collected metrics with Prometheus.");
    auto into = skill("grafana");
    auto from = skill("prometheus");
    auto id = [](const std::string& path) { return path.substr(12, path.size() - 13); };

    auto merged = call(
        "POST", "/api/skills/merge/", ada,
        fmt::format(R"({{"into":{},"from":[{}]}})", id(into), id(from))
    );
    recompute();

    auto read = call("GET", into, ada);
    EXPECT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(read.number("/evidence_count"), 2);
    EXPECT_EQ(skill("prometheus"), "");
    write("More Prometheus rules.");
    EXPECT_EQ(call("GET", into, ada).number("/evidence_count"), 3);
}

TEST_P(Chain, DeletesNoSkillThatEntriesShow) {
    write("Reviewed the Ansible playbooks.");

    auto answer = call("DELETE", skill("ansible"), ada, "", overwrite);

    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.text("/code"), "skills.has_evidence");
}

TEST_P(Chain, NumbersTheEventsOfAJobWithoutGaps) {
    auto job = call("POST", "/api/worklogs/", ada, R"({"content":"Paired on the OCaml parser."})")
                   .text("/job_ids/0");
    auto queued = call("GET", "/api/jobs/" + job + "/", ada);
    program().work();

    auto events = call("GET", "/api/jobs/" + job + "/events/", ada);
    auto rest = call("GET", "/api/jobs/" + job + "/events/?after=1", ada);

    EXPECT_EQ(queued.text("/status"), "queued");
    expect_success(job);
    ASSERT_GE(events.count("/items"), 2U);
    for (std::size_t i = 0; i < events.count("/items"); ++i) {
        auto at = fmt::format("/items/{}", i);
        EXPECT_EQ(events.number(at + "/seq"), static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(events.count(at), 6U);
        for (const auto* field : {"/timestamp", "/level", "/source", "/message"})
            EXPECT_TRUE(events.at(at + field).is_string()) << field;
        EXPECT_TRUE(events.at(at + "/data").is_object());
    }
    EXPECT_EQ(rest.count("/items"), events.count("/items") - 1);
    EXPECT_EQ(rest.number("/items/0/seq"), 2);
}

TEST_P(Chain, CarriesTheCorrelationOfItsRequest) {
    auto job =
        call("POST", "/api/worklogs/", ada, R"({"content":"Traced it."})").text("/job_ids/0");
    program().work();

    auto traced = call("GET", "/api/jobs/" + job + "/", ada).text("/trace_id");
    auto jobs = call("GET", "/api/jobs/?type=skills.extract&page_size=1", ada);

    EXPECT_EQ(jobs.text("/items/0/trace_id"), traced);
    EXPECT_EQ(jobs.text("/items/0/trigger"), "chain");
}

TEST_P(Chain, CancelsAJobThatHasNotBegun) {
    auto job =
        call("POST", "/api/worklogs/", ada, R"({"content":"Never analysed."})").text("/job_ids/0");

    auto cancelled = call("POST", "/api/jobs/" + job + "/cancel/", ada);
    program().work();
    auto after = call("GET", "/api/jobs/" + job + "/", ada);
    auto retried = call("POST", "/api/jobs/" + job + "/retry/", ada);
    program().work();

    EXPECT_EQ(cancelled.text("/status"), "cancelled");
    EXPECT_EQ(after.text("/status"), "cancelled");
    EXPECT_EQ(retried.status, 202);
    expect_success(job);
}

TEST_P(Chain, WritesAReportWhoseLinesHaveTheirProof) {
    write("Cut the invoice run from 3 hours to 20 minutes.", R"(,"occurred_on":"2026-04-02")");
    auto asked = call(
        "POST", "/api/reports/generate/", ada,
        R"({"kind":"status","from":"2026-04-01","to":"2026-04-30"})"
    );
    program().work();
    auto report = call("GET", "/api/reports/?kind=status&page_size=1", ada);
    auto path = fmt::format("/api/reports/{}/", report.number("/items/0/id"));

    auto provenance = call("GET", path + "provenance/", ada);
    auto markdown = call("GET", path + "export/?format=md", ada);
    auto pdf = call("GET", path + "export/?format=pdf", ada);

    EXPECT_EQ(asked.status, 202);
    EXPECT_EQ(asked.text("/message"), "Job enqueued");
    EXPECT_EQ(asked.header("Location"), "/api/jobs/" + asked.text("/job_id") + "/");
    expect_success(asked.text("/job_id"));
    EXPECT_EQ(markdown.status, 200);
    EXPECT_THAT(markdown.header("Content-Type"), testing::StartsWith("text/markdown"));
    EXPECT_THAT(markdown.body, testing::HasSubstr("20 minutes"));
    EXPECT_THAT(pdf.body, testing::StartsWith("%PDF-"));
    EXPECT_THAT(pdf.header("Content-Disposition"), testing::HasSubstr("attachment"));
    EXPECT_THAT(provenance.body, testing::HasSubstr("20 minutes"));
    ASSERT_GE(provenance.count("/lines"), 1U);
    for (std::size_t i = 0; i < provenance.count("/lines"); ++i) {
        EXPECT_GE(provenance.number(fmt::format("/lines/{}/evidence_count", i)), 1);
    }
}

TEST_P(Chain, KeepsTheWordsOfItsPersonWhenAReportIsWrittenAgain) {
    write("Halved the cold start.", R"(,"occurred_on":"2026-05-02")");
    const auto* wanted = R"({"kind":"status","from":"2026-05-01","to":"2026-05-31"})";
    call("POST", "/api/reports/generate/", ada, wanted);
    program().work();
    auto first = call(
        "GET",
        fmt::format(
            "/api/reports/{}/",
            call("GET", "/api/reports/?kind=status&page_size=1", ada).number("/items/0/id")
        ),
        ada
    );
    auto provenance =
        call("GET", fmt::format("/api/reports/{}/provenance/", first.number("/id")), ada);
    auto line = provenance.number("/lines/0/id");

    auto edited = call(
        "PATCH", fmt::format("/api/reports/{}/", first.number("/id")), ada,
        fmt::format(R"({{"lines":[{{"id":{},"text":"In my own words."}}]}})", line),
        {{"if-match", first.header("ETag")}}
    );
    call("POST", "/api/reports/generate/", ada, wanted);
    program().work();

    auto again = call("GET", "/api/reports/?kind=status&page_size=1", ada);
    auto text = call(
        "GET", fmt::format("/api/reports/{}/export/?format=txt", again.number("/items/0/id")), ada
    );
    EXPECT_EQ(edited.status, 200) << edited.body;
    EXPECT_THAT(text.body, testing::HasSubstr("In my own words."));
}

TEST_P(Chain, PlacesAnEntryInThePositionAndTheProjectOfItsDate) {
    auto position = call(
        "POST", "/api/profile/work/", ada,
        R"({"name":"Old Ltd","position":"Clerk","start_date":"2010-01","end_date":"2011-12"})"
    );
    call(
        "POST", "/api/profile/projects/", ada,
        R"({"name":"Ledger","start_date":"2010-06","end_date":"2010-12"})"
    );
    auto inside = read_written("Counted the stock.", R"(,"occurred_on":"2010-07-01")");
    auto outside = read_written("Counted it again.", R"(,"occurred_on":"2011-07-01")");
    auto named = read_written("Sold it.", R"(,"occurred_on":"2010-07-02","project":"Sale")");

    EXPECT_EQ(inside.number("/position_id"), position.number("/id"));
    EXPECT_EQ(inside.text("/project"), "Ledger");
    EXPECT_EQ(outside.number("/position_id"), position.number("/id"));
    EXPECT_EQ(outside.text("/project"), "null");
    EXPECT_EQ(named.text("/project"), "Sale");
}

TEST_P(Chain, KeepsAResumeThatFollowsTheLog) {
    call(
        "PATCH", "/api/profile/", bob, R"({"name":"Bob Example","email":"bob@example.org"})",
        overwrite
    );
    call(
        "POST", "/api/profile/work/", bob,
        R"({"name":"Example Ltd","position":"Engineer","start_date":"2020-01"})"
    );
    write(
        "Rewrote the search in Elixir.", R"(,"outcome":"Queries take 30 ms instead of 900")", bob
    );
    auto asked = call("POST", "/api/resume/refresh/", bob);
    program().work();

    auto resume = call("GET", "/api/resume/", bob);
    auto path = fmt::format("/api/reports/{}/export/", resume.number("/id"));
    auto pdf = call("GET", path, bob);
    auto json = call("GET", path + "?format=json", bob);

    EXPECT_EQ(asked.status, 202);
    EXPECT_EQ(resume.status, 200) << resume.body;
    EXPECT_EQ(resume.text("/content/resume/basics/name"), "Bob Example");
    EXPECT_THAT(pdf.body, testing::StartsWith("%PDF-"));
    EXPECT_EQ(json.text("/basics/name"), "Bob Example");
    EXPECT_EQ(json.text("/work/0/name"), "Example Ltd");
    EXPECT_THAT(json.body, testing::HasSubstr("Elixir"));
    EXPECT_EQ(call("GET", path, ada).status, 404);
}

TEST_P(Chain, LeavesNoJobBehind) {
    write("Everything was done.");

    for (const auto* status : {"queued", "running", "failed"}) {
        auto jobs = call("GET", std::string("/api/jobs/?status=") + status, ada);
        EXPECT_EQ(jobs.count("/items"), 0U) << jobs.body;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Chain, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
