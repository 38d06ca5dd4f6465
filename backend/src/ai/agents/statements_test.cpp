#include "ai/agents/statements.h"

#include <gmock/gmock.h>

namespace afterresume::agents {
namespace {

struct Said {
    const char* written;
    const char* told;
};

class Phrasing : public testing::TestWithParam<Said> {};

TEST_P(Phrasing, TellsTheWorkInThePast) {
    auto statement = phrase(GetParam().written);

    EXPECT_EQ(statement.text, GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Subjects, Phrasing,
    testing::Values(
        Said{
            "fix(ssr): support streaming responses (#123)", "Added support for streaming responses"
        },
        Said{"fix: border color", "Fixed border color"},
        Said{"feat: resource visibility (#12) (#13)", "Added resource visibility"},
        Said{"feat!: drop Node 16", "Dropped Node 16"},
        Said{"Adds a cache and removes the old one.", "Added a cache and removed the old one"},
        Said{"adding retries to the client", "Added retries to the client"},
        Said{"fix: logging memory leak", "Fixed logging memory leak"},
        Said{"[#478] load selected items first", "Loaded selected items first"},
        Said{"ABC-12: fix login on Safari", "Fixed login on Safari"},
        Said{"fix: do not remove the parent", "Made sure not to remove the parent"},
        Said{"fix: always clear the overlay", "Made sure to always clear the overlay"},
        Said{"Properly link to attributes", "Properly linked to attributes"},
        Said{"I fixed the printer", "Fixed the printer"},
        Said{"Today I've also written the release plan", "Wrote the release plan"},
        Said{"We shipped the new menu", "Shipped the new menu"},
        Said{"chore: update config [skip ci]", "Updated config"},
        Said{"fix: prevent crash, closes #12", "Prevented crash"},
        Said{"docs: release checklist", "Documented release checklist"},
        Said{"test(worker): backoff", "Tested backoff"},
        Said{"fix: hijack the connection", "Hijacked the connection"},
        Said{"log prefixes", "Log prefixes"}, Said{"Led the audit", "Led the audit"},
        Said{"[2026-05-29T08:38:00-07:00] T01 DONE - set up the project", "Set up the project"},
        Said{"Fix: some keys crash the engine", "Fixed: some keys crash the engine"}
    )
);

TEST(Statements, RecogniseHousekeeping) {
    EXPECT_EQ(
        phrase("chore(deps): update actions/setup-node digest to 48b55a0").routine,
        Routine::dependencies
    );
    EXPECT_EQ(phrase("chore(release): 4.15.2 [skip ci]").routine, Routine::release);
    EXPECT_EQ(phrase("docs: fix typos in the guide").routine, Routine::formatting);
    EXPECT_EQ(phrase("update changelog").routine, Routine::changelog);
    EXPECT_EQ(phrase("Apply suggestions from code review").routine, Routine::review);
    EXPECT_EQ(phrase("Fix crash on empty release notes").routine, Routine::none);
}

TEST(Statements, TakeEachAchievementOfAnEntry) {
    EntryText entry{
        std::nullopt,
        "Fixed the login bug. Reviewed the design of Ana. Tomorrow: deploy it. The weather was "
        "good.",
        std::nullopt,
        {},
        LocalDate(2026, 3, 2)
    };

    auto said = statements(entry, 3);

    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].text, "Fixed the login bug");
    EXPECT_EQ(said[1].text, "Reviewed the design of Ana");
}

TEST(Statements, TellNotesAsThingsLearned) {
    EntryText note{
        std::nullopt,
        "# Check If Any Records Have A Null Value\n\nSay you want to know if any record of a table "
        "has a null value. In Postgres you can write:\n\n```sql\nselect 1;\n```\n",
        std::nullopt,
        {},
        LocalDate(2026, 3, 2)
    };

    auto said = statements(note);

    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].text, "Learned how to check if any records have a null value");
    EXPECT_EQ(said[0].category, WorkCategory::learning);
}

TEST(Statements, JoinTheirResult) {
    EXPECT_EQ(
        with_result("Rewrote the importer", "This reduced errors by 30%."),
        "Rewrote the importer, which reduced errors by 30%"
    );
    EXPECT_EQ(
        with_result("Rewrote the importer", "Cut errors by 30%"),
        "Rewrote the importer, cutting errors by 30%"
    );
    EXPECT_EQ(
        with_result("Rewrote the importer", "30% fewer errors"),
        "Rewrote the importer: 30% fewer errors"
    );
    EXPECT_EQ(with_result("Rewrote the importer", " "), "Rewrote the importer");
}

TEST(Statements, TellPlansAndObstaclesFromWorkDone) {
    EXPECT_EQ(outlook_of("Tomorrow: deploy the fix"), Outlook::next);
    EXPECT_EQ(outlook_of("Next, I will write the docs"), Outlook::next);
    EXPECT_EQ(outlook_of("Blocked by the security review"), Outlook::blocked);
    EXPECT_EQ(outlook_of("Waiting for access to the cluster"), Outlook::blocked);
    EXPECT_EQ(outlook_of("Fixed the next button"), Outlook::done);
    EXPECT_EQ(outlook_of("Upgraded Next.js"), Outlook::done);
}

}  // namespace
}  // namespace afterresume::agents
