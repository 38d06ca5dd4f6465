#include "core/describe/reader.h"
#include "core/describe/schema.h"
#include "core/describe/writer.h"

#include <gmock/gmock.h>
#include <boost/json/serialize.hpp>

namespace afterresume::sample {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Part {
    std::string name;
    std::optional<std::int64_t> weight;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, weight))

struct Thing {
    Id<Thing> id;
    std::string title;
    Colour colour = Colour::red;
    LocalDate made_on;
    std::vector<Part> parts;
    std::vector<std::string> tags;
    std::optional<std::string> note;
    Change<std::string> nickname;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, title, colour, made_on, parts, tags, note, nickname, extra))

constexpr auto notes(Thing*) {
    using namespace describe;
    return std::tuple{
        note(&Thing::title, "What it is called", length{1, 5}),
        note(&Thing::tags, "Labels", count{0, 2}, each{length{1, 3}}),
    };
}

struct EditThing {
    Replacement<std::string> title;
    Replacement<Colour> colour;
    Replacement<std::vector<std::string>> tags;
    Change<std::string> note;
};
BOOST_DESCRIBE_STRUCT(EditThing, (), (title, colour, tags, note))

constexpr auto notes(EditThing*) {
    using namespace describe;
    return std::tuple{note(&EditThing::title, "What it is called", length{1, 5})};
}

template <class T>
struct Box {
    T content;
    std::vector<Unread<T>> more;

    BOOST_DESCRIBE_CLASS(Box, (), (content, more), (), ())
};

}  // namespace afterresume::sample

namespace afterresume::describe {
namespace {

using sample::Box;
using sample::Colour;
using sample::EditThing;
using sample::Part;
using sample::Thing;
using ::testing::ElementsAre;
using ::testing::Field;

constexpr auto whole =
    R"({"id":7,"title":"Été","colour":"green","made_on":"2024-02-29","parts":[{"name":"a","weight":null}],"tags":["x"],"note":"n\n\"q\"","nickname":null,"extra":{"a":[1]}})";

template <class T = Thing>
std::vector<FieldError> errors_of(std::string_view text) {
    try {
        parse<T>(text);
    } catch (const Error& error) {
        return error.fields();
    }
    return {};
}

TEST(Describe, WritesWhatItRead) {
    auto thing = parse<Thing>(whole);

    auto text = to_json(thing);

    EXPECT_EQ(text, whole);
    EXPECT_EQ(thing.colour, Colour::green);
    EXPECT_TRUE(thing.nickname.present);
}

TEST(Describe, NamesEveryProblemAtOnceByPointer) {
    auto errors = errors_of(
        R"({"id":0,"title":"toolong","colour":"blue","made_on":"2023-02-29","parts":[{"nam":"a"}],"tags":["x","abcd","z"],"extra/~":1})"
    );

    EXPECT_THAT(
        errors, ElementsAre(
                    FieldError{"/id", "must be an id"},
                    FieldError{"/title", "must have 1 to 5 characters, not 7"},
                    FieldError{"/colour", "must be one of red, green"},
                    FieldError{"/made_on", "must be an existing date like 2026-03-01"},
                    FieldError{"/parts/0/name", "is missing"},
                    FieldError{"/parts/0/nam", "is not a known field"},
                    FieldError{"/tags", "must have 0 to 2 items, not 3"},
                    FieldError{"/tags/1", "must have 1 to 3 characters, not 4"},
                    FieldError{"/extra~1~0", "is not a known field"}
                )
    );
}

TEST(Describe, CountsCodePointsAndKeepsNormalisationFormC) {
    auto thing = parse<Thing>(
        "{\"id\":1,\"title\":\"e\\u0301e\\u0301e\\u0301\",\"colour\":\"red\",\"made_on\":\"2024-01-"
        "01\"}"
    );

    EXPECT_EQ(thing.title, "\u00e9\u00e9\u00e9");
}

TEST(Describe, RefusesANulInsideAText) {
    auto errors = errors_of(R"({"id":1,"title":"a\u0000","colour":"red","made_on":"2024-01-01"})");

    EXPECT_THAT(errors, ElementsAre(Field(&FieldError::pointer, "/title")));
}

TEST(Describe, RefusesANulDeepInsideAnOpenObject) {
    auto errors = errors_of(
        R"({"id":1,"title":"a","colour":"red","made_on":"2024-01-01","extra":{"a":[{"b":"\u0000"}],"c\u0000":1}})"
    );

    EXPECT_THAT(
        errors, ElementsAre(
                    FieldError{"/extra/a/0/b", "must not hold the character U+0000"},
                    FieldError{"/extra", "must not have a name with the character U+0000"}
                )
    );
}

TEST(Describe, ClearsOnlyWhatMayBeCleared) {
    auto errors = errors_of<EditThing>(R"({"title":null,"colour":null,"tags":null,"note":null})");
    auto change = parse<EditThing>(R"({"title":"new","note":null})");
    std::string title = "old";
    auto colour = Colour::green;
    std::optional<std::string> note = "old";

    change.title.apply_to(title);
    change.colour.apply_to(colour);
    change.note.apply_to(note);

    EXPECT_THAT(
        errors, ElementsAre(
                    FieldError{"/title", "must be a text"},
                    FieldError{"/colour", "must be one of red, green"},
                    FieldError{"/tags", "must be a list"}
                )
    );
    EXPECT_EQ(title, "new");
    EXPECT_EQ(colour, Colour::green);
    EXPECT_EQ(note, std::nullopt);
    EXPECT_THAT(
        errors_of<EditThing>(R"({"title":"toolong"})"),
        ElementsAre(Field(&FieldError::pointer, "/title"))
    );
}

TEST(Describe, LeavesWhatIsReadLaterUnread) {
    auto box = parse<Box<Part>>(R"({"content":{"name":"a"},"more":[{"name":"b"},{"nam":7}]})");

    EXPECT_EQ(from_json<Part>(box.more[0].value).name, "b");
    EXPECT_THROW(from_json<Part>(box.more[1].value), Error);
}

TEST(Describe, TellsMalformedJsonFromWrongJson) {
    auto malformed = [](std::string_view text) {
        try {
            parse_json(text);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::malformed;
        }
        return false;
    };

    EXPECT_TRUE(malformed("{\"a\":}"));
    EXPECT_TRUE(malformed("\"\xff\""));
    EXPECT_TRUE(malformed("{} x"));
    EXPECT_TRUE(malformed(""));
    EXPECT_TRUE(malformed(std::string(65, '[') + std::string(65, ']')));
    EXPECT_FALSE(malformed(std::string(60, '[') + std::string(60, ']') + " \n"));
}

TEST(Describe, MakesOneSchemaOfTypeNotesAndLimits) {
    Schemas schemas;

    auto reference = schemas.of<Thing>();
    auto thing = schemas.components().at("SampleThing").as_object();
    const auto& properties = thing.at("properties").as_object();

    EXPECT_EQ(boost::json::serialize(reference), R"({"$ref":"#/components/schemas/SampleThing"})");
    EXPECT_EQ(
        boost::json::serialize(properties.at("title")),
        R"({"type":"string","description":"What it is called","minLength":1,"maxLength":5})"
    );
    EXPECT_EQ(boost::json::serialize(properties.at("note")), R"({"type":["string","null"]})");
    EXPECT_EQ(boost::json::serialize(thing.at("required")), R"(["id","title","colour","made_on"])");
    EXPECT_TRUE(schemas.components().contains("SamplePart"));
}

TEST(Describe, SaysInTheSchemaWhatMayBeCleared) {
    Schemas schemas;

    schemas.of<EditThing>();
    auto edit = schemas.components().at("SampleEditThing").as_object();
    const auto& properties = edit.at("properties").as_object();

    EXPECT_EQ(properties.at("title").at("type"), "string");
    EXPECT_EQ(boost::json::serialize(properties.at("note")), R"({"type":["string","null"]})");
    EXPECT_FALSE(edit.contains("required"));
}

TEST(Describe, NamesTemplatesAfterWhatTheyHold) {
    Schemas schemas;

    schemas.of<Box<Part>>();
    auto box = schemas.components().at("SamplePartBox").as_object();

    EXPECT_EQ(
        boost::json::serialize(box.at("properties").at("more").at("items")),
        R"({"$ref":"#/components/schemas/SamplePart"})"
    );
}

}  // namespace
}  // namespace afterresume::describe
