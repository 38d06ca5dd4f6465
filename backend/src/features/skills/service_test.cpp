#include "features/skills/service.h"

#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::skills {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Finding finding(std::string slug, std::string quote) {
    Finding out;
    out.slug = slug;
    out.name = slug;
    out.category = "tool";
    out.end_at = static_cast<std::int64_t>(quote.size());
    out.quote = std::move(quote);
    out.confidence = 0.9;
    return out;
}

Level level_by_count(const std::vector<Use>& uses) {
    return {static_cast<std::int64_t>(uses.size()), {"counted"}};
}

class SkillsServiceTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) scratch.emplace(GetParam(), embedded::migrations());
    }

    template <class T>
    T write(std::function<Task<T>(sql::Tx&)> use) {
        return scratch->run(written(std::move(use)));
    }
    template <class T>
    Task<T> written(std::function<Task<T>(sql::Tx&)> use) {
        auto tx = scratch->database().begin(me(), sql::Access::write);
        auto result = co_await use(*tx);
        co_await tx->commit();
        co_return result;
    }
    const Scope& me() const { return scratch->alice(); }

    Id<worklog::Entry> entry(std::string content) {
        worklog::CreateEntry draft;
        draft.content = std::move(content);
        draft.occurred_on = LocalDate(2026, 3, 1);
        return write<worklog::WrittenEntry>(
                   [&](sql::Tx& tx) { return worklogs.create(tx, me(), draft); }
        ).id;
    }
    // Finds the words of the taxonomy-to-be in every pending entry.
    std::int64_t extract() {
        return write<std::int64_t>([&](sql::Tx& tx) { return extracted(tx); });
    }
    Task<std::int64_t> extracted(sql::Tx& tx) {
        std::vector<EntryFindings> found;
        auto pending = co_await worklogs.pending(tx, me(), 100);
        for (auto& one : pending) {
            EntryFindings findings{one, {}};
            for (const auto* word : {"go", "redis", "k8s"}) {
                if (!one.deleted && one.content.find(word) != std::string::npos)
                    findings.findings.push_back(finding(word, word));
            }
            found.push_back(std::move(findings));
        }
        co_return co_await skills.store(tx, me(), found, level_by_count);
    }
    std::vector<Skill> list() {
        return write<SkillPage>([&](sql::Tx& tx) { return skills.list(tx, me(), {}); }).items;
    }
    std::vector<std::string> slugs() {
        std::vector<std::string> out;
        for (const auto& skill : list()) out.push_back(skill.slug);
        return out;
    }
    Skill named(const std::string& slug) {
        for (auto& skill : list()) {
            if (skill.slug == slug) return skill;
        }
        throw std::logic_error("no skill " + slug);
    }
    Skill edit(const Skill& skill, EditSkill change) {
        return write<Skill>([&](sql::Tx& tx) {
            return skills.edit(tx, me(), skill.id, {skill.version}, change);
        });
    }
    Task<bool> removed(sql::Tx& tx, Id<Skill> id) {
        co_await skills.remove(tx, me(), id, {});
        co_return true;
    }
    void recompute() {
        write<std::vector<Uuid>>([&](sql::Tx& tx) { return skills.ask_recompute(tx, me()); });
        extract();
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    events::Events events{clock};
    worklog::Repository entries;
    worklog::Service worklogs{entries, events, clock};
    Repository rows;
    Service skills{rows, worklogs, events, clock};
    std::optional<sql::ScratchDatabase> scratch;
};

INSTANTIATE_TEST_SUITE_P(Databases, SkillsServiceTest, sql::both_databases(), sql::dialect_name);

TEST_P(SkillsServiceTest, KnowsSkillsWithThePassagesThatShowThem) {
    auto first = entry("built it in go with redis");
    entry("more go");

    extract();

    EXPECT_THAT(slugs(), ElementsAre("go", "redis"));
    EXPECT_EQ(named("go").evidence_count, 2);
    EXPECT_EQ(named("go").level, 2);
    auto evidence = write<EvidencePage>([&](sql::Tx& tx) {
        return skills.evidence(tx, me(), named("redis").id, {});
    });
    ASSERT_THAT(evidence.items, SizeIs(1));
    EXPECT_EQ(evidence.items[0].entry_id, first.value);
    EXPECT_EQ(evidence.items[0].quote, "redis");
}

TEST_P(SkillsServiceTest, GivesTheSameSkillsHoweverOftenItLooks) {
    entry("go and redis");
    extract();
    auto before = list();

    recompute();
    recompute();

    auto after = list();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].id, before[i].id);
        EXPECT_EQ(after[i].evidence_count, before[i].evidence_count);
    }
}

TEST_P(SkillsServiceTest, ForgetsASkillWithItsLastEvidence) {
    auto id = entry("only redis");
    extract();
    worklog::EditEntry change;
    change.content = {"only go"};
    write<worklog::WrittenEntry>([&](sql::Tx& tx) {
        return worklogs.edit(tx, me(), id, {}, change);
    });

    extract();

    EXPECT_THAT(slugs(), ElementsAre("go"));
}

TEST_P(SkillsServiceTest, KeepsWhatAPersonMadeOfASkill) {
    entry("go and redis and k8s");
    extract();
    EditSkill rename;
    rename.name = {"Golang"};
    edit(named("go"), rename);
    EditSkill hide;
    hide.hidden = {true};
    edit(named("redis"), hide);

    recompute();

    EXPECT_EQ(named("go").name, "Golang");
    EXPECT_THAT(slugs(), ElementsAre("go", "k8s"));
}

TEST_P(SkillsServiceTest, LeadsMergedSkillsToTheOneThatStays) {
    entry("go");
    entry("k8s");
    extract();
    MergeSkills merge{named("go").id, {named("k8s").id}};
    write<Skill>([&](sql::Tx& tx) { return skills.merge(tx, me(), merge); });
    entry("k8s again");

    extract();
    recompute();

    EXPECT_THAT(slugs(), ElementsAre("go"));
    EXPECT_EQ(named("go").evidence_count, 3);
    EXPECT_THAT(named("go").aliases, ElementsAre("k8s"));
}

TEST_P(SkillsServiceTest, DeletesASkillWithThoseThatWereMergedIntoIt) {
    auto create = [&](const std::string& name) {
        CreateSkill wanted;
        wanted.name = name;
        return write<Skill>([&](sql::Tx& tx) { return skills.create(tx, me(), wanted); });
    };
    MergeSkills merge{create("Beekeeping").id, {create("Apiary work").id}};
    write<Skill>([&](sql::Tx& tx) { return skills.merge(tx, me(), merge); });

    write<bool>([&](sql::Tx& tx) { return removed(tx, merge.into); });

    EXPECT_THAT(slugs(), IsEmpty());
    EXPECT_EQ(create("Apiary work").name, "Apiary work");
}

TEST_P(SkillsServiceTest, RefusesToDeleteWhatEntriesShow) {
    entry("go");
    extract();
    auto skill = named("go");
    auto remove = [&](sql::Tx& tx) -> Task<void> { return skills.remove(tx, me(), skill.id, {}); };
    auto attempt = [&] {
        auto tx = scratch->database().begin(me(), sql::Access::write);
        scratch->run(remove(*tx));
    };

    EXPECT_THROW(attempt(), Error);
}

TEST_P(SkillsServiceTest, KeepsASkillThatAPersonAdded) {
    CreateSkill wanted{"Public speaking", std::nullopt};
    write<Skill>([&](sql::Tx& tx) { return skills.create(tx, me(), wanted); });

    recompute();

    EXPECT_THAT(slugs(), ElementsAre("public-speaking"));
}

TEST_P(SkillsServiceTest, ShowsMonthsAndWhatIsUsedTogether) {
    for (int i = 0; i < 3; ++i) entry("go and redis");
    extract();

    auto timeline = write<Timeline>([&](sql::Tx& tx) { return skills.timeline(tx, me()); });
    auto clusters = write<Clusters>([&](sql::Tx& tx) { return skills.clusters(tx, me()); });

    ASSERT_THAT(timeline.items, SizeIs(2));
    EXPECT_EQ(timeline.items[0].month, "2026-03");
    EXPECT_TRUE(timeline.items[0].first_seen);
    ASSERT_THAT(clusters.clusters, SizeIs(1));
    EXPECT_THAT(clusters.clusters[0].skills, SizeIs(2));
    EXPECT_EQ(clusters.links[0].entries, 3);
}

TEST_P(SkillsServiceTest, PagesAndSearchesTheList) {
    entry("go go redis k8s");
    extract();
    ListSkills query;
    query.page_size = 2;
    auto first = write<SkillPage>([&](sql::Tx& tx) { return skills.list(tx, me(), query); });
    query.cursor = first.next_cursor;
    auto second = write<SkillPage>([&](sql::Tx& tx) { return skills.list(tx, me(), query); });
    ListSkills search;
    search.q = "RED";
    auto found = write<SkillPage>([&](sql::Tx& tx) { return skills.list(tx, me(), search); });

    EXPECT_THAT(first.items, SizeIs(2));
    EXPECT_THAT(second.items, SizeIs(1));
    EXPECT_FALSE(second.next_cursor);
    ASSERT_THAT(found.items, SizeIs(1));
    EXPECT_EQ(found.items[0].slug, "redis");
}

}  // namespace
}  // namespace afterresume::skills
