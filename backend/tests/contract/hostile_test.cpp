#include "fixture.h"

#include "core/describe/reader.h"
#include "core/text.h"

#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <sstream>

namespace afterresume::contract {

namespace {

std::filesystem::path hostile_data() {
    const char* folder = std::getenv("EVAL_DATA");
    return folder != nullptr && *folder != '\0' ? std::filesystem::path(folder) / "hostile"
                                                : std::filesystem::path();
}

bool parses(const std::string& text) {
    try {
        describe::parse_json(text);
        return true;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::malformed);
        return false;
    }
}

std::vector<std::string> lines(const std::filesystem::path& path) {
    std::vector<std::string> out;
    std::istringstream in(file_text(path));
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.front() != '#') out.push_back(std::move(line));
    }
    return out;
}

}  // namespace

class Hostile : public ProgramTest {
protected:
    void SetUp() override {
        if (hostile_data().empty()) GTEST_SKIP() << "EVAL_DATA is not set";
        ProgramTest::SetUp();
    }
};

TEST(HostileJson, IsJudgedAsTheStandardSays) {
    if (hostile_data().empty()) GTEST_SKIP() << "EVAL_DATA is not set";

    int right = 0;
    int wrong = 0;
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(hostile_data() / "JSONTestSuite")) {
        auto name = file.path().filename().string();
        if (name.starts_with("y_"))
            right += parses(file_text(file.path())) ? 1 : (ADD_FAILURE() << name << " is JSON", 0);
        if (name.starts_with("n_"))
            wrong +=
                parses(file_text(file.path())) ? (ADD_FAILURE() << name << " is no JSON", 0) : 1;
        if (name.starts_with("i_")) parses(file_text(file.path()));
    }

    EXPECT_GT(right, 20);
    EXPECT_GT(wrong, 50);
}

TEST_P(Hostile, BodiesOfEveryKindAreAnswered) {
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(hostile_data() / "JSONTestSuite")) {
        SCOPED_TRACE(file.path().filename());
        auto answer = call("POST", "/api/worklogs/", ada, file_text(file.path()));
        EXPECT_THAT(answer.status, testing::AnyOf(400, 422));
    }
}

TEST_P(Hostile, TextComesBackAsItWasOrIsRefused) {
    auto naughty = lines(hostile_data() / "blns.txt");
    int kept = 0;

    for (const auto& text : naughty) {
        SCOPED_TRACE(text);
        auto body = boost::json::serialize(
            JsonObject{{"content", text}, {"title", first_code_points(text, 200)}}
        );
        auto written = call("POST", "/api/worklogs/", ada, body);
        if (written.status != 201) {
            EXPECT_THAT(written.status, testing::AllOf(testing::Ge(400), testing::Lt(500)));
            continue;
        }
        EXPECT_EQ(call("GET", written.header("Location"), ada).text("/content"), to_nfc(text));
        ++kept;
    }

    EXPECT_GT(kept, static_cast<int>(naughty.size() * 9 / 10));
    program().work();
    auto failed = call("GET", "/api/jobs/?status=failed", ada);
    EXPECT_EQ(failed.count("/items"), 0U) << failed.body;
}

TEST_P(Hostile, TextFindsNothingThatItShouldNot) {
    for (const auto& text : lines(hostile_data() / "blns.txt")) {
        SCOPED_TRACE(text);
        std::string escaped;
        for (unsigned char c : first_code_points(text, 100)) escaped += fmt::format("%{:02X}", c);
        auto found = call("GET", "/api/worklogs/?q=" + escaped, bob);
        EXPECT_THAT(found.status, testing::AnyOf(200, 422));
        if (found.status == 200) EXPECT_EQ(found.count("/items"), 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Hostile, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
