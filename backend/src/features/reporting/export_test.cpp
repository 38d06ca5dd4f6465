#include "features/reporting/export.h"

#include "core/describe/reader.h"
#include "features/reporting/pictographs.h"
#include "features/reporting/testing.h"
#include "infra/documents/testing.h"

#include <gmock/gmock.h>

namespace afterresume::reporting {
namespace {

using documents::testing::in_order;
using documents::testing::text_of;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Report a_report() {
    Report report;
    report.kind = Kind::monthly;
    report.from = LocalDate(2026, 2, 1);
    report.to = LocalDate(2026, 2, 28);
    report.title = "Monthly report, 1–28 February 2026";
    report.updated_at = *parse_timestamp("2026-03-01T08:00:00Z");
    report.content = a_content({
        a_section("", {a_line("3 entries in shop.", {1, 2, 3})}),
        a_section(
            "Highlights 🎉", {a_line("Shipped 🚀 the cart ✅ for *all* users", {1}),
                              a_line("Hired 40 people", {2}, Verdict::unverified)}
        ),
        a_section("Next", {a_line("", {3}, Verdict::edited)}),
    });
    return report;
}

Report a_resume() {
    Report report;
    report.kind = Kind::resume;
    report.title = "Résumé of Ada Example";
    report.updated_at = *parse_timestamp("2026-03-01T08:00:00Z");
    report.content = a_resume_content();
    return report;
}

ExportedFile exported(Report report, Format format, Unverified unverified = Unverified::left_out) {
    return export_report(
        std::move(report), {format, std::nullopt, documents::Paper::a4, unverified}
    );
}

TEST(Export, WritesAReportAsMarkdownWithItsTextLiteral) {
    auto file = exported(a_report(), Format::md);

    EXPECT_EQ(file.name, "monthly-2026-02-28.md");
    EXPECT_EQ(file.media_type, "text/markdown; charset=utf-8");
    EXPECT_TRUE(in_order(
        file.bytes, {"# Monthly report", "3 entries in shop.", "## Highlights",
                     "Shipped the cart for \\*all\\* users"}
    )) << file.bytes;
    EXPECT_THAT(file.bytes, Not(HasSubstr("Next")));
}

TEST(Export, WritesPlainTextAndHtml) {
    auto text = exported(a_report(), Format::txt);
    auto html = exported(a_report(), Format::html);

    EXPECT_TRUE(in_order(text.bytes, {"3 entries in shop.", "Shipped the cart for *all* users"}))
        << text.bytes;
    EXPECT_THAT(html.bytes, StartsWith("<!"));
    EXPECT_THAT(html.bytes, HasSubstr("Shipped the cart for *all* users"));
}

TEST(Export, LeavesUnverifiedLinesOutUnlessAsked) {
    for (auto format : {Format::md, Format::html, Format::txt, Format::json}) {
        EXPECT_THAT(exported(a_report(), format).bytes, Not(HasSubstr("Hired 40 people")));
        EXPECT_THAT(
            exported(a_report(), format, Unverified::included).bytes, HasSubstr("Hired 40 people")
        );
    }
    EXPECT_THAT(text_of(exported(a_report(), Format::pdf).bytes), Not(HasSubstr("Hired")));
}

TEST(Export, GivesAReportAsItsStructure) {
    auto json = describe::parse_json(exported(a_report(), Format::json).bytes);

    EXPECT_EQ(
        json.at_pointer("/content/sections/0/lines/0/text").as_string(), "3 entries in shop."
    );
    EXPECT_EQ(json.at_pointer("/kind").as_string(), "monthly");
    EXPECT_EQ(json.at_pointer("/content/sections/1/lines/0/evidence/0/id").as_int64(), 1);
}

TEST(Export, GivesAResumeAsJsonResume) {
    auto file = exported(a_resume(), Format::json);
    auto json = describe::parse_json(file.bytes);

    EXPECT_EQ(file.name, "resume-2026-03-01.json");
    EXPECT_EQ(json.at_pointer("/basics/name").as_string(), "Ada Example");
    EXPECT_EQ(
        json.at_pointer("/work/0/highlights/0").as_string(), "Cut the build from 9 to 3 minutes"
    );
    EXPECT_FALSE(json.as_object().contains("content"));
}

TEST(Export, WritesAResumeThatReadsInOrderAsPdfInEachThemeAndPaper) {
    for (auto theme : {documents::Theme::classic, documents::Theme::modern}) {
        for (auto paper : {documents::Paper::a4, documents::Paper::letter}) {
            auto file =
                export_report(a_resume(), {Format::pdf, theme, paper, Unverified::left_out});
            auto text = text_of(file.bytes);

            EXPECT_TRUE(in_order(
                text,
                {"Ada Example", "Engineer", "ada@example.org", "Łódź", "Engineer at Northshop.",
                 "Web Developer", "Cut the build from 9 to 3 minutes", "garden", "Planted trees",
                 "Databases", "PostgreSQL", "BSc, Physics"}
            )) << text;
            EXPECT_THAT(text, HasSubstr("Jul 2020 – Present"));
            EXPECT_THAT(text, Not(HasSubstr("40 people")));
            EXPECT_THAT(text, Not(HasSubstr("office")));
        }
    }
}

TEST(Export, GivesTheSameBytesForTheSameReport) {
    EXPECT_EQ(exported(a_resume(), Format::pdf).bytes, exported(a_resume(), Format::pdf).bytes);
}

TEST(Export, UsesTheReportsOwnThemeUnlessToldOtherwise) {
    auto modern = a_resume();
    modern.theme = documents::Theme::modern;
    ExportOptions classic{
        Format::html, documents::Theme::classic, documents::Paper::a4, Unverified::left_out
    };

    EXPECT_NE(exported(modern, Format::html).bytes, exported(a_resume(), Format::html).bytes);
    EXPECT_EQ(export_report(modern, classic).bytes, exported(a_resume(), Format::html).bytes);
}

TEST(Pictographs, GoWithTheBlanksTheyLeave) {
    EXPECT_EQ(
        without_pictographs("Shipped 🚀 it 👩‍💻👍🏽 today 🇩🇪"),
        "Shipped it today"
    );
    EXPECT_EQ(without_pictographs("🎉 Party"), "Party");
    EXPECT_EQ(without_pictographs("1️⃣ first ❤️"), "1 first");
    EXPECT_EQ(without_pictographs("\xEE\x80\x80logo"), "logo");
    EXPECT_EQ(without_pictographs("🎉"), "");
}

TEST(Pictographs, LeaveWritingAlone) {
    for (const auto* text :
         {"Ada® & Co™ © 2026", "A → B ↔ C", "naïve 日本語 עברית नमस्ते", "می‌خواهم",
          "two  blanks", "• · – — €"}) {
        EXPECT_EQ(without_pictographs(text), text);
    }
}

TEST(Export, PrintsALineOfAnyEmoji) {
    auto report = a_report();
    report.content = a_content({a_section("🦄", {a_line("Fixed 🐛🪲 in the ⚙️ of the 🏗️", {1})})});

    EXPECT_THAT(text_of(exported(report, Format::pdf).bytes), HasSubstr("Fixed in the of the"));
}

}  // namespace
}  // namespace afterresume::reporting
