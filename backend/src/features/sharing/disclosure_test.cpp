#include "features/sharing/disclosure.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "features/reporting/testing.h"
#include "features/sharing/page.h"

#include <gmock/gmock.h>

namespace afterresume::sharing {
namespace {

using reporting::Verdict;
using testing::HasSubstr;
using testing::Not;

// Everything that JSON Resume names, and in each place something that it does not.
constexpr std::string_view whole_resume = R"json({
    "$schema": "SECRET", "meta": {"version": "SECRET"}, "x-notes": "SECRET",
    "basics": {
        "name": "Ada", "label": "Engineer", "summary": "Builds.", "image": "https://a.example/SECRET.png",
        "email": "ada@example.org", "phone": "+49 30 123", "url": "https://ada.example", "salary": "SECRET",
        "location": {"address": "Engine Row 1", "postalCode": "10115", "city": "Berlin", "region": "Berlin",
                     "countryCode": "DE", "door": "SECRET"},
        "profiles": [{"network": "Git", "username": "ada", "url": "https://git.example/ada", "token": "SECRET"}]
    },
    "work": [{"name": "Engines", "location": "Berlin", "description": "Pumps", "position": "Lead",
              "url": "https://engines.example", "startDate": "2020", "endDate": "2021", "summary": "Led.",
              "highlights": ["Sold a pump", {"note": "SECRET"}], "salary": "SECRET"}, "SECRET"],
    "volunteer": [{"organization": "Club", "position": "Guide", "url": "https://club.example", "startDate": "2019",
                   "endDate": "2020", "summary": "Guided.", "highlights": ["Tours"], "why": "SECRET"}],
    "education": [{"institution": "TU", "url": "https://tu.example", "area": "Physics", "studyType": "BSc",
                   "startDate": "2010", "endDate": "2015", "score": "1.0", "courses": ["Optics"], "debt": "SECRET"}],
    "awards": [{"title": "Medal", "date": "2015", "awarder": "TU", "summary": "Gold.", "sum": "SECRET"}],
    "certificates": [{"name": "Welding", "date": "2016", "url": "https://w.example", "issuer": "Guild", "id": "SECRET"}],
    "publications": [{"name": "On pumps", "publisher": "Press", "releaseDate": "2017", "url": "https://p.example",
                      "summary": "Short.", "draft": "SECRET"}],
    "skills": [{"name": "C++", "level": {"hidden": "SECRET"}, "keywords": ["Asio"], "test": "SECRET"}],
    "languages": [{"language": "German", "fluency": "Native", "accent": "SECRET"}],
    "interests": [{"name": "Bees", "keywords": ["Honey"], "where": "SECRET"}],
    "references": [{"name": "Bob", "reference": "Good.", "phone": "SECRET"}],
    "projects": [{"name": "Pump", "description": "A pump", "highlights": ["Runs"], "keywords": ["Steam"],
                  "startDate": "2018", "endDate": "2019", "url": "https://pump.example", "roles": ["Lead"],
                  "entity": "Engines", "type": "product", "customer": "SECRET"}]
})json";

constexpr std::string_view parts_of_all =
    R"json("work":[{"name":"Engines","location":"Berlin","description":"Pumps","position":"Lead","url":"https://engines.example","startDate":"2020","endDate":"2021","summary":"Led.","highlights":["Sold a pump"]}],)json"
    R"json("volunteer":[{"organization":"Club","position":"Guide","url":"https://club.example","startDate":"2019","endDate":"2020","summary":"Guided.","highlights":["Tours"]}],)json"
    R"json("education":[{"institution":"TU","url":"https://tu.example","area":"Physics","studyType":"BSc","startDate":"2010","endDate":"2015","score":"1.0","courses":["Optics"]}],)json"
    R"json("awards":[{"title":"Medal","date":"2015","awarder":"TU","summary":"Gold."}],)json"
    R"json("certificates":[{"name":"Welding","date":"2016","url":"https://w.example","issuer":"Guild"}],)json"
    R"json("publications":[{"name":"On pumps","publisher":"Press","releaseDate":"2017","url":"https://p.example","summary":"Short."}],)json"
    R"json("skills":[{"name":"C++","keywords":["Asio"]}],)json"
    R"json("languages":[{"language":"German","fluency":"Native"}],)json"
    R"json("interests":[{"name":"Bees","keywords":["Honey"]}],)json"
    R"json("references":[{"name":"Bob","reference":"Good."}],)json"
    R"json("projects":[{"name":"Pump","description":"A pump","highlights":["Runs"],"keywords":["Steam"],"startDate":"2018","endDate":"2019","url":"https://pump.example","roles":["Lead"],"entity":"Engines","type":"product"}]})json";

JsonObject resume() { return describe::parse_json(whole_resume).as_object(); }

reporting::Report a_report() {
    auto edited = reporting::a_line("Sold a pump", {4711}, Verdict::edited);
    edited.original = "SECRET";
    auto verified = reporting::a_line("Fixed a pump", {4712, 4713});
    verified.evidence.push_back({reporting::EvidenceKind::position, 4714});
    auto unverified = reporting::a_line("SECRET", {1}, Verdict::unverified);
    unverified.words = {"SECRET"};
    auto dropped = reporting::a_line("", {4715}, Verdict::edited);
    reporting::Report report;
    report.id = {99'001};
    report.supersedes = Id<reporting::Report>{99'000};
    report.kind = reporting::Kind::status;
    report.title = "March";
    report.from = LocalDate(2026, 3, 1);
    report.to = LocalDate(2026, 3, 31);
    report.generator = "SECRET";
    report.updated_at = *parse_timestamp("2026-04-01T09:30:00Z");
    report.content = reporting::a_content(
        {reporting::a_section("shop", {edited, verified, unverified, dropped}),
         reporting::a_section("SECRET", {unverified})}
    );
    return report;
}

TEST(Disclosure, ShowsOfAResumeWhatIsNamedAndNoWayToReachThePerson) {
    auto shown = describe::to_json(disclosed_resume(resume(), Contacts::hidden));

    EXPECT_EQ(
        shown,
        R"json({"basics":{"name":"Ada","label":"Engineer","summary":"Builds.","location":{"city":"Berlin","region":"Berlin","countryCode":"DE"}},)json" +
            std::string(parts_of_all)
    );
}

TEST(Disclosure, ShowsHowToReachThePersonWhereThatIsAllowed) {
    auto shown = describe::to_json(disclosed_resume(resume(), Contacts::shown));

    EXPECT_EQ(
        shown,
        R"json({"basics":{"name":"Ada","label":"Engineer","summary":"Builds.","email":"ada@example.org","phone":"+49 30 123","url":"https://ada.example","profiles":[{"network":"Git","username":"ada","url":"https://git.example/ada"}],"location":{"city":"Berlin","region":"Berlin","countryCode":"DE","address":"Engine Row 1","postalCode":"10115"}},)json" +
            std::string(parts_of_all)
    );
}

TEST(Disclosure, ShowsOfAReportItsLinesAndWhatKindOfThingTheyRestOn) {
    auto shown = describe::to_json(disclosed(a_report(), Contacts::hidden));

    EXPECT_EQ(
        shown,
        R"json({"kind":"status","title":"March","from":"2026-03-01","to":"2026-03-31","theme":"classic","updated_at":"2026-04-01T09:30:00.000Z","sections":[{"heading":"shop","lines":[{"text":"Sold a pump","verdict":"edited","evidence":["entry"]},{"text":"Fixed a pump","verdict":"verified","evidence":["entry","position"]}]}],"resume":{}})json"
    );
}

TEST(Disclosure, CallsAResumeByThePersonsName) {
    reporting::Report report;
    report.kind = reporting::Kind::resume;
    report.title = "For the rival, SECRET";
    report.content = reporting::a_resume_content();

    auto shown = disclosed(report, Contacts::hidden);

    EXPECT_EQ(shown.title, "Ada Example");
    EXPECT_THAT(describe::to_json(shown), Not(HasSubstr("SECRET")));
    EXPECT_THAT(describe::to_json(shown), Not(HasSubstr("ada@example.org")));
    EXPECT_THAT(describe::to_json(shown), Not(HasSubstr("Hired 40 people")));
    EXPECT_THAT(describe::to_json(shown.resume), HasSubstr("Cut the build from 9 to 3 minutes"));
}

TEST(Disclosure, TakesWhateverFormAResumeHas) {
    for (const auto* odd :
         {"{}", R"({"basics":[]})", R"({"basics":{"location":7,"profiles":{}}})",
          R"({"work":{"name":"SECRET"}})", R"({"work":[[],7,null]})"}) {
        auto json = describe::parse_json(odd);
        auto shown = describe::to_json(disclosed_resume(json.as_object(), Contacts::shown));
        EXPECT_THAT(shown, Not(HasSubstr("SECRET"))) << odd;
    }
}

TEST(Pages, ShowWhatTheDataShows) {
    auto page = page_of(disclosed(a_report(), Contacts::hidden));

    EXPECT_THAT(page.html, HasSubstr("<title>March</title>"));
    EXPECT_THAT(page.html, HasSubstr("Fixed a pump"));
    EXPECT_THAT(page.html, HasSubstr("author kept: 1 of 2. The others"));
    EXPECT_THAT(page.html, Not(HasSubstr("SECRET")));
}

TEST(Pages, TellOfNoOtherLinesWhereAllAgreeWithTheRecords) {
    SharedReport report;
    report.sections = {{"shop", {{"Fixed a pump", Verdict::verified, {}}}}};

    auto page = page_of(report);

    EXPECT_THAT(page.html, HasSubstr("author kept: 1 of 1.</p>"));
}

TEST(Pages, AllowNothingButTheirOwnStyle) {
    for (const auto& page :
         {page_of(disclosed(a_report(), Contacts::hidden)), password_page(), nothing_page()}) {
        EXPECT_THAT(page.policy, testing::StartsWith("default-src 'none'; style-src 'sha256-"));
        EXPECT_THAT(page.policy, Not(HasSubstr("unsafe")));
        EXPECT_THAT(page.html, Not(testing::ContainsRegex("<script|<img|<link|src=|style=")));
    }
}

TEST(Pages, AskForThePasswordInTheBodyOfARequest) {
    EXPECT_THAT(password_page().html, HasSubstr("<form method=\"post\">"));
    EXPECT_THAT(password_page().html, HasSubstr("type=\"password\""));
}

}  // namespace
}  // namespace afterresume::sharing
