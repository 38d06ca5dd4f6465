#include "infra/config/load.h"

#include <gmock/gmock.h>

#include <fstream>

namespace afterresume::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Config, NeedsNothingSaid) {
    auto loaded = load({}, {});

    EXPECT_THAT(loaded.problems, IsEmpty());
    EXPECT_EQ(loaded.settings.port, 8000);
    EXPECT_EQ(database_target(loaded.settings).file, "./data/afterresume.db");
}

TEST(Config, TellsEveryProblemAtOnceAndWhatWouldBeRight) {
    auto loaded = load(
        {{"PORT", "70000"},
         {"RATE_LIMIT_USER", "fast"},
         {"SIGNUP_MODE", "closed"},
         {"SECRET_KEY", "short"},
         {"DATABASE_URL", "mysql://x"}},
        {}
    );

    EXPECT_THAT(
        loaded.problems, ElementsAre(
                             Problem{"PORT", "is out of bounds", "must be from 0 to 65535"},
                             Problem{"SIGNUP_MODE", "is not understood", "invite or open"},
                             Problem{
                                 "RATE_LIMIT_USER", "is not understood",
                                 "a rate like 50/s:200 (count per s, m or h, then the burst)"
                             },
                             Problem{"SECRET_KEY", "is too short", "at least 32 random characters"},
                             Problem{
                                 "DATABASE_URL", "is of no known kind",
                                 "postgres://user:password@host:5432/name or sqlite:///path"
                             }
                         )
    );
}

TEST(Config, InsistsOnKeysInProduction) {
    auto loaded = load({{"ENVIRONMENT", "production"}}, {});

    EXPECT_THAT(loaded.problems, Contains(Field(&Problem::variable, "SECRET_KEY")));
    EXPECT_THAT(loaded.problems, Contains(Field(&Problem::variable, "ENCRYPTION_KEY")));
    EXPECT_THAT(loaded.problems, Contains(Field(&Problem::variable, "PUBLIC_URL")));
    EXPECT_THAT(loaded.problems, Contains(Field(&Problem::variable, "SERVICE_TO_SERVICE_SECRET")));
}

TEST(Config, WantsASecretOfItsOwnBetweenServices) {
    auto same = std::string(40, 'k');
    auto spared = load({{"ENVIRONMENT", "production"}, {"SKIP_SERVICE_AUTH", "true"}}, {});
    auto equal = load({{"SECRET_KEY", same}, {"SERVICE_TO_SERVICE_SECRET", same}}, {});
    auto brief = load({{"SERVICE_TO_SERVICE_SECRET", "short"}}, {});

    EXPECT_THAT(
        spared.problems,
        testing::Not(Contains(Field(&Problem::variable, "SERVICE_TO_SERVICE_SECRET")))
    );
    EXPECT_THAT(equal.problems, Contains(Field(&Problem::wrong, "equals another key")));
    EXPECT_THAT(brief.problems, Contains(Field(&Problem::wrong, "is too short")));
}

TEST(Config, TakesFormerSecretsThatCouldHaveBeenOne) {
    auto former = std::string(40, 'f');
    auto two = load({{"SECRET_KEY_PREVIOUS", former + ", " + std::string(32, 'g')}}, {});
    auto brief = load({{"SECRET_KEY_PREVIOUS", former + ",brief"}}, {});

    EXPECT_THAT(two.problems, IsEmpty());
    EXPECT_THAT(two.settings.secret_key_previous, ElementsAre(former, std::string(32, 'g')));
    EXPECT_THAT(brief.problems, ElementsAre(Field(&Problem::variable, "SECRET_KEY_PREVIOUS")));
}

TEST(Config, SendsMailsFromTheHostThatPeopleKnow) {
    auto silent = load({{"PUBLIC_URL", "https://resume.example:8443/"}}, {}).settings;
    auto told = load({{"EMAIL_FROM", "Post <post@example.org>"}}, {}).settings;

    EXPECT_EQ(email_from(silent), "AfterResume <no-reply@resume.example>");
    EXPECT_EQ(email_from(told), "Post <post@example.org>");
}

TEST(Config, InsistsOnTlsForMailsInProduction) {
    auto loaded = load(
        {{"ENVIRONMENT", "production"}, {"EMAIL_HOST", "mail"}, {"EMAIL_USE_TLS", "false"}}, {}
    );

    EXPECT_THAT(loaded.problems, Contains(Field(&Problem::variable, "EMAIL_USE_TLS")));
}

TEST(Config, ReadsFilesBelowTheEnvironment) {
    auto dir = std::filesystem::temp_directory_path() / "afterresume_config_test";
    std::filesystem::create_directories(dir);
    std::ofstream(dir / ".env") << "# note\nPORT=81\nHOST='0.0.0.0'\nnonsense\n";
    std::ofstream(dir / "key") << std::string(40, 'k') << "\n";
    std::vector<Problem> problems;

    auto loaded = load(
        {{"PORT", "82"}, {"SECRET_KEY_FILE", (dir / "key").string()}},
        read_env_file(dir / ".env", problems)
    );

    EXPECT_EQ(loaded.settings.port, 82);
    EXPECT_EQ(loaded.settings.host, "0.0.0.0");
    EXPECT_EQ(loaded.settings.secret_key, std::string(40, 'k'));
    EXPECT_THAT(
        problems, ElementsAre(Problem{".env", "line 4 is no setting", "NAME=value, or a # comment"})
    );
    std::filesystem::remove_all(dir);
}

std::string public_url_of(const Variables& variables) {
    auto settings = load(variables, {}).settings;
    return public_url(settings, settings.port);
}

TEST(Config, ReachesTheProgramWhereItListensUnlessToldOtherwise) {
    EXPECT_EQ(public_url_of({}), "http://localhost:8000");
    EXPECT_EQ(public_url_of({{"PORT", "8177"}}), "http://localhost:8177");
    EXPECT_EQ(public_url_of({{"HOST", "0.0.0.0"}, {"PORT", "80"}}), "http://localhost:80");
    EXPECT_EQ(public_url_of({{"HOST", "10.0.0.7"}}), "http://10.0.0.7:8000");
    EXPECT_EQ(public_url_of({{"HOST", "fd00::7"}}), "http://[fd00::7]:8000");
    EXPECT_EQ(
        public_url_of({{"PORT", "8177"}, {"PUBLIC_URL", "https://a.example/"}}), "https://a.example"
    );
    EXPECT_EQ(public_url_of({{"PUBLIC_URL", ""}}), "http://localhost:8000");
}

TEST(Config, AnswersToTheNamesItIsReachedBy) {
    auto hosts = [](const Variables& variables) {
        return allowed_hosts(load(variables, {}).settings);
    };

    EXPECT_THAT(hosts({}), ElementsAre("127.0.0.1", "[::1]", "localhost"));
    EXPECT_THAT(hosts({{"HOST", "10.0.0.7"}}), Contains("10.0.0.7"));
    EXPECT_THAT(hosts({{"HOST", "fd00::7"}}), Contains("[fd00::7]"));
    EXPECT_THAT(hosts({{"PUBLIC_URL", "https://a.example"}}), Contains("a.example"));
    EXPECT_THAT(hosts({{"ALLOWED_HOSTS", "b.example"}}), ElementsAre("b.example"));
}

TEST(Config, TakesNoPublicUrlThatIsNone) {
    auto loaded = load({{"PUBLIC_URL", "my machine"}}, {});

    EXPECT_THAT(loaded.problems, ElementsAre(Field(&Problem::variable, "PUBLIC_URL")));
}

TEST(Config, NeverShowsASecret) {
    auto loaded = load({{"SECRET_KEY", std::string(40, 'k')}}, {});

    for (const auto& entry : entries(loaded.settings)) {
        EXPECT_THAT(entry.value, Not(HasSubstr("kkk")));
        EXPECT_THAT(entry.meaning, Not(IsEmpty())) << entry.variable;
    }
}

TEST(Config, BuildsTheDatabaseUrlFromItsParts) {
    auto loaded = load(
        {{"POSTGRES_HOST", "db"},
         {"POSTGRES_USER", "me"},
         {"POSTGRES_PASSWORD", "p@ss/word"},
         {"POSTGRES_DB", "log"}},
        {}
    );

    EXPECT_EQ(database_target(loaded.settings).url, "postgres://me:p%40ss%2Fword@db:5432/log");
}

}  // namespace
}  // namespace afterresume::config
