#include "features/profile/resume_json.h"
#include "features/profile/testing.h"

#include <gmock/gmock.h>

namespace afterresume::profile {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr auto whole = R"json({
    "$schema": "https://example.com/resume.json",
    "basics": {
        "name": "Zoë Ōta", "label": "Engineer", "image": "", "email": "zoe@example.com", "phone": "+49 30 1234",
        "url": "https://zoe.example.com", "summary": "Builds things.", "pronouns": "she/her", "extra": {"extra": null},
        "location": {"postalCode": "10115", "countryCode": "DE", "geo": {"lat": 52.5, "lon": 13}},
        "profiles": [{"network": "GitHub", "username": "zoe", "url": "https://github.example.com/zoe", "followers": 12}, {}]
    },
    "work": [
        {"name": "Globex", "position": "Engineer", "startDate": "2021-04", "highlights": ["Cut p99 by 80 %"], "start_date": "kept", "team": ["a", 1, null]},
        {"name": "Initech", "startDate": "2018", "endDate": "2021-03-31", "highlights": []},
        {}
    ],
    "volunteer": [],
    "education": [{"institution": "TU", "area": "CS", "studyType": "MSc", "score": "1.3", "courses": ["DB"]}],
    "awards": [{"title": "Best", "date": "2020-02", "awarder": "ACM", "summary": "For it."}],
    "certificates": [{"name": "CKA", "date": "2022", "url": "https://cka.example.com", "issuer": "CNCF"}],
    "publications": [{"name": "On X", "publisher": "J", "releaseDate": "2019-01-02", "url": "", "summary": ""}],
    "skills": [{"name": "Web", "level": "Master", "keywords": ["HTML", "CSS"]}],
    "languages": [{"language": "Deutsch", "fluency": "Native"}],
    "interests": [{"name": "Chess", "keywords": []}],
    "references": [{"name": "Ann", "reference": "Great."}],
    "projects": [{"name": "P", "roles": ["Lead"], "entity": "Globex", "type": "application", "keywords": ["C++"], "startDate": "2024"}],
    "meta": {"canonical": "https://example.com/r.json", "version": "v1.0.0", "lastModified": "2024-01-01T00:00:00", "theme": {"colour": "red"}},
    "x-own": [1, 2.5, {"deep": {"deeper": [true, false, null]}}]
})json";

Json round(const Json& document) { return write_resume_json(read_resume_json(document)); }

std::vector<std::string> pointers_of(const char* json) {
    auto error = error_of([&] { read_resume_json(describe::parse_json(json)); });
    std::vector<std::string> pointers;
    for (const auto& field : error.fields()) pointers.push_back(field.pointer);
    return pointers;
}

TEST(ResumeJson, KeepsEverythingOfADocument) {
    auto document = describe::parse_json(whole);

    EXPECT_EQ(round(document), document);
}

TEST(ResumeJson, TellsEmptyFromAbsent) {
    for (auto* json :
         {"{}", R"({"basics":{}})", R"({"basics":{"profiles":[]}})",
          R"({"basics":{"location":{}}})", R"({"work":[]})", R"({"work":[{}]})", R"({"meta":{}})",
          R"({"projects":[{"roles":[]}]})"}) {
        auto document = describe::parse_json(json);

        EXPECT_EQ(round(document), document) << json;
    }
}

TEST(ResumeJson, ReadsWhatItKnowsIntoFields) {
    auto profile = read_resume_json(describe::parse_json(whole));

    EXPECT_EQ(profile.basics.location->postal_code, "10115");
    EXPECT_EQ(profile.basics.profiles.at(0).username, "zoe");
    ASSERT_EQ(profile.work.size(), 3U);
    EXPECT_EQ(profile.work[1].end_date->last_day(), LocalDate(2021, 3, 31));
    EXPECT_THAT(profile.work[0].highlights, ElementsAre("Cut p99 by 80 %"));
    EXPECT_EQ(profile.education.at(0).study_type, "MSc");
    EXPECT_EQ(profile.publications.at(0).release_date->text(), "2019-01-02");
}

TEST(ResumeJson, LetsAFieldReplaceTheEmptyListOfTheFile) {
    auto profile = read_resume_json(describe::parse_json(R"({"work":[{"highlights":[]}]})"));
    profile.work[0].highlights = {"Shipped it"};

    auto document = write_resume_json(profile);

    EXPECT_EQ(Json(document), describe::parse_json(R"({"work":[{"highlights":["Shipped it"]}]})"));
}

TEST(ResumeJson, NamesEveryProblemByItsPlaceInTheDocument) {
    EXPECT_THAT(
        pointers_of(
            R"({"basics":{"name":7,"location":{"postalCode":[]}},"work":[{"startDate":"2021-13","highlights":["a",2]}],"skills":{}})"
        ),
        testing::UnorderedElementsAre(
            "/basics/name", "/basics/location/postalCode", "/work/0/startDate",
            "/work/0/highlights/1", "/skills"
        )
    );
}

TEST(ResumeJson, RefusesNullWhereTheSchemaWantsAValue) {
    EXPECT_THAT(pointers_of(R"({"basics":null})"), Contains("/basics"));
    EXPECT_THAT(pointers_of(R"({"work":null})"), Contains("/work"));
    EXPECT_THAT(pointers_of(R"({"work":[null]})"), Contains("/work/0"));
    EXPECT_THAT(pointers_of(R"({"work":[{"endDate":null}]})"), ElementsAre("/work/0/endDate"));
    EXPECT_THAT(
        pointers_of(R"({"work":[{"highlights":null}]})"), ElementsAre("/work/0/highlights")
    );
    EXPECT_THAT(
        pointers_of(R"({"meta":{"lastModified":null}})"), ElementsAre("/meta/lastModified")
    );
    EXPECT_THAT(pointers_of(R"({"$schema":null})"), ElementsAre("/$schema"));
}

TEST(ResumeJson, RefusesWhatIsNoDocument) {
    for (auto* json : {"[]", "null", "7", "\"resume\""})
        EXPECT_THAT(pointers_of(json), ElementsAre("")) << json;
}

TEST(ResumeJson, RefusesNulAlsoInFieldsItDoesNotKnow) {
    EXPECT_THAT(pointers_of(R"({"x-own":[{"a":"b\u0000"}]})"), ElementsAre("/x-own/0/a"));
    EXPECT_THAT(pointers_of(R"({"x-own":{"a\u0000":1}})"), ElementsAre("/x-own"));
}

TEST(ResumeJson, RefusesMoreItemsThanASectionHolds) {
    boost::json::array skills(most_items + 1, JsonObject{{"name", "C"}});
    Json document = JsonObject{{"skills", skills}};

    auto error = error_of([&] { read_resume_json(document); });

    ASSERT_EQ(error.fields().size(), 1U);
    EXPECT_EQ(error.fields()[0].pointer, "/skills");
}

TEST(ResumeJson, BringsTextIntoNormalisationFormC) {
    auto profile = read_resume_json(describe::parse_json(R"({"basics":{"name":"Zoe\u0308"}})"));

    EXPECT_EQ(profile.basics.name, "Zo\u00eb");
}

}  // namespace
}  // namespace afterresume::profile
