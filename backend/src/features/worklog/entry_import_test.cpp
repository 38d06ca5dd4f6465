#include "features/worklog/entry_import.h"

#include "core/error.h"

#include <gmock/gmock.h>
#include <boost/json/serialize.hpp>

namespace afterresume::worklog {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string text(const std::vector<Json>& drafts, std::size_t index) {
    return boost::json::serialize(drafts.at(index));
}

TEST(EntryImport, ReadsCsvWithQuotesCommasAndCommonNames) {
    auto drafts = read_entries(
        "Date,Text,Tags\r\n2026-03-01,\"Fixed \"\"it\"\", twice\",\"a, "
        "b\"\r\n\r\n2026-03-02,Plain,\n",
        FileKind::csv
    );

    ASSERT_THAT(drafts, SizeIs(2));
    EXPECT_EQ(
        text(drafts, 0),
        R"({"content":"Fixed \"it\", twice","occurred_on":"2026-03-01","tags":["a","b"]})"
    );
    EXPECT_EQ(text(drafts, 1), R"({"content":"Plain","occurred_on":"2026-03-02","tags":[]})");
}

TEST(EntryImport, ReadsJsonListsObjectsAndLines) {
    auto list = read_entries(
        R"({"items":[{"content":"a"},{"message":"b","repo":"r","commit":"c1"}]})", FileKind::json
    );
    auto lines = read_entries(
        "{\"subject\":\"s\",\"body\":\"long\",\"date\":\"2026-03-01T10:00:00Z\"}\n\n{\"title\":"
        "\"only\"}\n",
        FileKind::jsonl
    );

    ASSERT_THAT(list, SizeIs(2));
    EXPECT_EQ(text(list, 1), R"({"content":"b","project":"r","external_id":"c1"})");
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(text(lines, 0), R"({"title":"s","occurred_on":"2026-03-01","content":"long"})");
    EXPECT_EQ(text(lines, 1), R"({"content":"only"})");
}

TEST(EntryImport, ReadsDatedListsAndSectionsOfMarkdown) {
    auto dated = read_entries(
        "# Log\n\n## 2026-03-01\n- one\n- two\n\n## 2026-03-02, Monday\nProse\nof two lines\n",
        FileKind::markdown
    );
    auto plain =
        read_entries("# First thing\n\nSome text.\n\n# Second\n\nMore.\n", FileKind::markdown);

    ASSERT_THAT(dated, SizeIs(3));
    EXPECT_EQ(text(dated, 0), R"({"content":"one","occurred_on":"2026-03-01"})");
    EXPECT_EQ(text(dated, 2), R"({"content":"Prose\nof two lines","occurred_on":"2026-03-02"})");
    ASSERT_THAT(plain, SizeIs(2));
    EXPECT_EQ(text(plain, 0), R"({"content":"Some text.","title":"First thing"})");
}

TEST(EntryImport, SaysWhichLineCannotBeRead) {
    auto refusal = [](std::string_view file, FileKind kind) {
        try {
            read_entries(file, kind);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };

    EXPECT_THAT(refusal("{\"content\":\"a\"}\nnot json\n", FileKind::jsonl), HasSubstr("Line 2"));
    EXPECT_THAT(refusal("content\na,b\n", FileKind::csv), HasSubstr("Line 2"));
    EXPECT_THAT(refusal("content\n\"open", FileKind::csv), HasSubstr("not closed"));
    EXPECT_THAT(refusal("\xff\xfe", FileKind::csv), HasSubstr("not UTF-8"));
    EXPECT_THROW(kind_of_file("photo.png"), Error);
}

}  // namespace
}  // namespace afterresume::worklog
