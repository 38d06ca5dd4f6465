#include "features/profile/resume_json.h"
#include "features/profile/testing.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace afterresume::profile {
namespace {

struct File {
    std::string name;
    std::string text;
};

// Every JSON file of a folder and those below it, in order of name.
std::vector<File> files_of(const std::filesystem::path& folder) {
    std::vector<File> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        files.push_back({entry.path().lexically_relative(folder).string(), text.str()});
    }
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
        return a.name < b.name;
    });
    return files;
}

std::optional<std::filesystem::path> documents() {
    const char* root = std::getenv("EVAL_DATA");
    if (root == nullptr || *root == '\0') return std::nullopt;
    return std::filesystem::path(root) / "json-resumes";
}

bool clean(const Error& error) {
    return error.kind() == ErrorKind::malformed ||
           (error.kind() == ErrorKind::invalid && !error.fields().empty());
}

class PublicResumes : public OnProfiles {
protected:
    void SetUp() override {
        if (!documents()) GTEST_SKIP() << "EVAL_DATA is not set";
        OnProfiles::SetUp();
    }
    // Nothing when it was taken.
    std::optional<Error> refusal(const Json& document) {
        try {
            import(ada(), document);
            return std::nullopt;
        } catch (const Error& error) {
            return error;
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Databases, PublicResumes, sql::both_databases(), sql::dialect_name);

TEST_P(PublicResumes, GoInAndComeOutWithoutLoss) {
    int taken = 0;
    int refused = 0;
    for (const auto& file : files_of(*documents())) {
        if (file.name.starts_with("schema-tests")) continue;
        auto document = describe::parse_json(file.text);

        auto error = refusal(document);

        if (error) {
            EXPECT_TRUE(clean(*error)) << file.name << ": " << error->what();
            std::cout << "    refused " << file.name << ": " << error->fields().at(0).pointer << ' '
                      << error->fields().at(0).message << '\n';
            ++refused;
        } else {
            EXPECT_EQ(exported(ada()), document) << file.name;
            ++taken;
        }
    }
    std::cout << "    imported and exported without loss: " << taken << ", refused: " << refused
              << '\n';
    EXPECT_GT(taken, refused);
}

TEST(PublicResumeFiles, BreakCleanly) {
    if (!documents()) GTEST_SKIP() << "EVAL_DATA is not set";
    constexpr std::size_t cuts = 40;
    int refused = 0;

    for (const auto& file : files_of(*documents())) {
        for (std::size_t cut = 0; cut < cuts; ++cut) {
            auto broken = file.text.substr(0, file.text.find_last_of('}') * cut / cuts);
            auto error = error_of([&] { read_resume_json(describe::parse_json(broken)); });
            EXPECT_TRUE(clean(error))
                << file.name << " cut to " << broken.size() << " bytes: " << error.what();
            ++refused;
        }
    }

    std::cout << "    broken documents refused: " << refused << '\n';
}

struct Agreement {
    int valid = 0;
    int invalid = 0;
    std::vector<std::string> disagreed;
};

bool accepts(const Json& json) {
    if (const auto* date = json.if_string())
        return PartialDate::parse({date->data(), date->size()}).has_value();
    try {
        read_resume_json(json);
        return true;
    } catch (const Error&) {
        return false;
    }
}

TEST(PublicSchemaTests, AgreeOnWhatIsValid) {
    if (!documents()) GTEST_SKIP() << "EVAL_DATA is not set";
    Agreement agreement;

    for (const auto& file : files_of(*documents() / "schema-tests")) {
        auto samples = describe::parse<JsonObject>(file.text);
        for (const auto& sample : samples) {
            std::string name(sample.key());
            auto valid = name != "invalid" && name.find("Invalid") == std::string::npos;
            if (accepts(sample.value()) != valid)
                agreement.disagreed.push_back(file.name + " " + name);
            ++(valid ? agreement.valid : agreement.invalid);
        }
    }

    std::cout << "    schema tests: " << agreement.valid << " valid and " << agreement.invalid
              << " invalid samples, " << agreement.disagreed.size() << " judged otherwise\n";
    EXPECT_THAT(agreement.disagreed, testing::IsEmpty());
}

}  // namespace
}  // namespace afterresume::profile
