#include "core/error.h"
#include "infra/documents/render.h"
#include "infra/documents/testing.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <future>

// fontconfig keeps what its thread-bound caches hold, and cairo 1.16 loses 768 bytes with each
// Chinese, Japanese or Korean font that it embeds; neither is ours to free.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\nleak:libcairo\n";
}

namespace afterresume::documents {
namespace {

using testing::a_list_of;
using testing::a_resume;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::in_order;
using ::testing::Not;
using testing::options;
using testing::read_by;
using testing::text_of;

struct Look {
    Theme theme;
    Paper paper;
};

class EveryLook : public ::testing::TestWithParam<Look> {};

INSTANTIATE_TEST_SUITE_P(
    Pdf, EveryLook,
    ::testing::Values(
        Look{Theme::classic, Paper::a4}, Look{Theme::classic, Paper::letter},
        Look{Theme::modern, Paper::a4}, Look{Theme::modern, Paper::letter}
    )
);

TEST_P(EveryLook, ReadsBackInOrder) {
    auto pdf = to_pdf(a_resume(), options(GetParam().theme, GetParam().paper));

    auto text = text_of(pdf);

    EXPECT_TRUE(in_order(
        text, {"Mara Lindqvist", "Platform Engineer", "mara@lindqvist.example", "Profile",
               "Builds storage systems", "Experience", "Senior Platform Engineer",
               "Nordhavn Logistics", "nordhavn.example/about", "Owns the event backbone",
               "• Cut the booking path from 900 ms to 120 ms.",
               "• Moved shipments to partitioned tables; see the report.",
               "• Wrote the office's first efficient flow", "PostgreSQL · Kafka", "Skills",
               "Languages: C++, Go", "Every line refers"}
    )) << text;
    EXPECT_THAT(text, AllOf(HasSubstr("Mar 2021 – Present"), HasSubstr("Göteborg")));
}

TEST_P(EveryLook, IsValidTaggedPdfOnItsPaper) {
    auto pdf = to_pdf(a_resume(), options(GetParam().theme, GetParam().paper));

    auto info = read_by("pdfinfo {}", pdf);

    EXPECT_THAT(info, HasSubstr("Tagged:          yes"));
    EXPECT_THAT(info, HasSubstr(GetParam().paper == Paper::a4 ? "(A4)" : "(letter)"));
    EXPECT_THAT(
        read_by("qpdf --check {} 2>&1", pdf),
        AllOf(HasSubstr("No syntax"), Not(HasSubstr("WARNING")))
    );
}

TEST_P(EveryLook, KeepsSixtyBulletsOnSeveralPagesOnceAndInOrder) {
    auto pdf = to_pdf(a_list_of(60), options(GetParam().theme, GetParam().paper));

    auto text = text_of(pdf);

    std::vector<std::string> parts;
    for (int i = 1001; i <= 1060; ++i) {
        parts.push_back(fmt::format("Item {} ", i));
        parts.push_back(fmt::format("end {}.", i));
        EXPECT_EQ(text.find(parts.back(), text.find(parts.back()) + 1), std::string::npos)
            << parts.back();
    }
    EXPECT_TRUE(in_order(text, parts)) << text;
    EXPECT_THAT(text, AllOf(HasSubstr("Item 1001"), HasSubstr("\f")));
}

TEST(Pdf, TellsItsStructure) {
    auto pdf = to_pdf(a_resume(), options(Theme::modern));

    auto structure = read_by("pdfinfo -struct-text {} 2>/dev/null", pdf);

    EXPECT_TRUE(in_order(
        structure, {"Document", "H1", "\"Mara Lindqvist\"", "Sect", "H2", "\"Profile\"",
                    "P (block)", "\"Builds storage systems that people can run at night.\"", "H3",
                    "\"Senior Platform Engineer\"", "L (block)", "LI", "Lbl", "LBody",
                    "\"Cut the booking path", "Link", "\"report\""}
    )) << structure;
}

TEST(Pdf, TellsTheWholeTextOfABulletThatGoesOnOnTheNextPage) {
    auto pdf = to_pdf(a_list_of(60), options(Theme::classic));

    auto structure = read_by("pdfinfo -struct-text {} 2>/dev/null", pdf);

    std::vector<std::string> parts;
    for (int i = 1001; i <= 1060; ++i) parts.push_back(fmt::format("end {}.", i));
    EXPECT_TRUE(in_order(structure, parts)) << structure;
}

TEST(Pdf, HasBookmarksLinksAndMetadata) {
    auto pdf = to_pdf(a_resume(), options(Theme::classic));

    auto outline = read_by("qpdf --json --json-key=outlines {}", pdf);
    auto links = read_by("pdfinfo -url {}", pdf);
    auto info = read_by("TZ=UTC pdfinfo {}", pdf);

    EXPECT_TRUE(in_order(outline, {"\"Profile\"", "\"Experience\"", "\"Skills\""})) << outline;
    EXPECT_THAT(outline, HasSubstr("\"Senior Platform Engineer\""));
    EXPECT_TRUE(in_order(
        links, {"mailto:mara@lindqvist.example", "https://nordhavn.example/about",
                "https://nordhavn.example/report"}
    )) << links;
    EXPECT_TRUE(in_order(info, {"Mara Lindqvist", "Platform Engineer", "Sun Mar  1 09:30:00 2026"}))
        << info;
}

TEST(Pdf, NamesItsLanguage) {
    auto document = a_resume();
    document.language = "sv-SE";

    auto pdf = to_pdf(document, options(Theme::classic));

    EXPECT_THAT(read_by("qpdf --qdf {} - | strings | grep /Lang", pdf), HasSubstr("(sv-SE)"));
    EXPECT_THAT(
        read_by("qpdf --check {} 2>&1", pdf),
        AllOf(HasSubstr("No syntax"), Not(HasSubstr("WARNING")))
    );
}

TEST(Pdf, IsTheSameByteForByte) {
    auto first = to_pdf(a_resume(), options(Theme::modern));

    auto second = to_pdf(a_resume(), options(Theme::modern));

    EXPECT_EQ(first, second);
}

TEST(Pdf, IsTheSameFromManyThreads) {
    auto expected = to_pdf(a_resume(), options(Theme::classic));
    std::vector<std::future<std::string>> others;

    for (int i = 0; i < 4; ++i) {
        others.push_back(std::async(std::launch::async, [] {
            return to_pdf(a_resume(), options(Theme::classic));
        }));
    }

    for (auto& other : others) EXPECT_EQ(other.get(), expected);
}

TEST(Pdf, ShowsOtherScriptsInBothDirections) {
    Document document;
    document.title = "Мария";
    document.language = "ja";
    document.sections = {Section{
        .heading = "Ελληνικά",
        .paragraphs = {"שיפור הביצועים", "مهندسة برمجيات"},
        .bullets = {"予約経路を高速化した。", "예약 경로"},
    }};

    auto text = text_of(to_pdf(document, options(Theme::modern)));

    EXPECT_THAT(
        text, AllOf(HasSubstr("Мария"), HasSubstr("Ελληνικά"), HasSubstr("שיפור הביצועים"))
    );
    EXPECT_THAT(
        text,
        AllOf(
            HasSubstr("مهندسة برمجيات"), HasSubstr("予約経路を高速化した。"), HasSubstr("예약 경로")
        )
    );
}

TEST(Pdf, NamesTheCharacterThatNoFontCanShow) {
    auto document = a_resume();
    document.sections[1].entries[0].bullets.push_back("Private \U0010FFFD use");

    try {
        to_pdf(document, options(Theme::classic));
        FAIL() << "rendered";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid);
        EXPECT_EQ(error.code(), "documents.missing_glyph");
        EXPECT_THAT(error.what(), HasSubstr("U+10FFFD"));
    }
}

TEST(Pdf, NeverLeavesAHeadingAtTheFootOfAPage) {
    for (int bullets = 16; bullets < 30; ++bullets) {
        auto document = a_list_of(bullets);
        document.sections.push_back(
            {.heading = "Afterwards", .paragraphs = {"What follows the heading."}}
        );

        auto text = text_of(to_pdf(document, options(Theme::modern)));

        auto heading = text.find("Afterwards");
        auto gap = text.substr(heading, text.find("What follows") - heading);
        EXPECT_EQ(gap.find('\f'), std::string::npos) << bullets << text;
    }
}

TEST(Pdf, CannotBeBrokenOutOfByAnAddress) {
    Document document;
    document.sections = {Section{
        .paragraphs = {Text(
            {Span{
                 "one", Emphasis::none,
                 "https://a.example/)>> /A <</S/JavaScript/JS(app.alert(1))>>"
             },
             Span{"two", Emphasis::none, "https://b.example/' rect=[0 0 9 9] dest='x\\"},
             Span{"three", Emphasis::none, "javascript:alert(1)"}}
        )}
    }};

    auto pdf = to_pdf(document, options(Theme::modern));

    EXPECT_THAT(read_by("qpdf --check {} 2>&1", pdf), HasSubstr("No syntax"));
    EXPECT_THAT(read_by("qpdf --qdf {} - | strings", pdf), Not(HasSubstr("/S /JavaScript")));
    EXPECT_THAT(
        read_by("pdfinfo -url {}", pdf),
        AllOf(HasSubstr("https://b.example/%27"), Not(HasSubstr("javascript:")))
    );
}

TEST(Pdf, SetsWhatIsLongerThanAPage) {
    Document document;
    for (int i = 0; i < 6000; ++i) document.title += "word ";
    document.sections = {
        Section{.entries = {Entry{.title = document.title, .dates = document.title}}}
    };

    auto text = text_of(to_pdf(document, options(Theme::classic)));

    std::size_t words = 0;
    for (auto at = text.find("word"); at != std::string::npos; at = text.find("word", at + 1))
        ++words;
    EXPECT_EQ(words, 18'000U);
}

TEST(Pdf, OfNothingIsOneEmptyPage) {
    auto pdf = to_pdf(Document{}, options(Theme::classic));

    EXPECT_THAT(read_by("pdfinfo {}", pdf), HasSubstr("Pages:           1"));
    EXPECT_EQ(text_of(pdf), "\f");
}

TEST(Pdf, PrintsHowLongTwoPagesTake) {
    auto resume = a_resume();
    resume.sections.push_back(a_list_of(24).sections[0]);
    auto warm = to_pdf(resume, options(Theme::modern));
    auto start = std::chrono::steady_clock::now();

    for (int i = 0; i < 10; ++i) EXPECT_EQ(to_pdf(resume, options(Theme::modern)), warm);

    std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    EXPECT_THAT(read_by("pdfinfo {}", warm), HasSubstr("Pages:           2"));
    fmt::print("two-page PDF: {:.1f} ms\n", took.count() / 10);
}

}  // namespace
}  // namespace afterresume::documents
