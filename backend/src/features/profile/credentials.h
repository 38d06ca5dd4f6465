// What a person can show for themselves: awards, certificates, publications, skills, languages,
// interests, references. Like basics.h: nothing is required, and unknown fields of a file wait in
// `extra`.
#pragma once

#include "features/profile/basics.h"
#include "features/profile/partial_date.h"
#include "features/profile/section.h"

namespace afterresume::profile {

struct Award {
    static constexpr Section section = Section::awards;

    std::optional<std::string> title;
    std::optional<PartialDate> date;
    std::optional<std::string> awarder;
    std::optional<std::string> summary;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Award, (), (title, date, awarder, summary, extra))

constexpr auto notes(Award*) {
    return std::tuple{
        note(&Award::title, "Name of the award", one_line),
        note(&Award::date, "When it was given"),
        note(&Award::awarder, "Who gave it", one_line),
        note(&Award::summary, "What it was given for", long_text),
        note(&Award::extra, extra_note),
    };
}

struct Certificate {
    static constexpr Section section = Section::certificates;

    std::optional<std::string> name;
    std::optional<PartialDate> date;
    std::optional<std::string> url;
    std::optional<std::string> issuer;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Certificate, (), (name, date, url, issuer, extra))

constexpr auto notes(Certificate*) {
    return std::tuple{
        note(&Certificate::name, "Name of the certificate", one_line),
        note(&Certificate::date, "When it was issued"),
        note(&Certificate::url, "Where it can be checked", one_address),
        note(&Certificate::issuer, "Who issued it", one_line),
        note(&Certificate::extra, extra_note),
    };
}

struct Publication {
    static constexpr Section section = Section::publications;

    std::optional<std::string> name;
    std::optional<std::string> publisher;
    std::optional<PartialDate> release_date;
    std::optional<std::string> url;
    std::optional<std::string> summary;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Publication, (), (name, publisher, release_date, url, summary, extra))

constexpr auto notes(Publication*) {
    return std::tuple{
        note(&Publication::name, "Title", one_line),
        note(&Publication::publisher, "Journal, publisher or site", one_line),
        note(&Publication::release_date, "When it appeared"),
        note(&Publication::url, "Where it can be read", one_address),
        note(&Publication::summary, "What it says", long_text),
        note(&Publication::extra, extra_note),
    };
}

// As the person says it; what the log proves is the matter of the skills feature.
struct Skill {
    static constexpr Section section = Section::skills;

    std::optional<std::string> name;
    std::optional<std::string> level;
    std::vector<std::string> keywords;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Skill, (), (name, level, keywords, extra))

constexpr auto notes(Skill*) {
    return std::tuple{
        note(&Skill::name, "Skill or group of skills", one_line),
        note(&Skill::level, "How well, in the person's words", one_line),
        note(&Skill::keywords, "What belongs to it", short_list, each_entry),
        note(&Skill::extra, extra_note),
    };
}

struct Language {
    static constexpr Section section = Section::languages;

    std::optional<std::string> language;
    std::optional<std::string> fluency;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Language, (), (language, fluency, extra))

constexpr auto notes(Language*) {
    return std::tuple{
        note(&Language::language, "Name of the language", one_line),
        note(&Language::fluency, "How well it is spoken", one_line),
        note(&Language::extra, extra_note),
    };
}

struct Interest {
    static constexpr Section section = Section::interests;

    std::optional<std::string> name;
    std::vector<std::string> keywords;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Interest, (), (name, keywords, extra))

constexpr auto notes(Interest*) {
    return std::tuple{
        note(&Interest::name, "What the person likes", one_line),
        note(&Interest::keywords, "What of it", short_list, each_entry),
        note(&Interest::extra, extra_note),
    };
}

struct Reference {
    static constexpr Section section = Section::references;

    std::optional<std::string> name;
    std::optional<std::string> reference;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Reference, (), (name, reference, extra))

constexpr auto notes(Reference*) {
    return std::tuple{
        note(&Reference::name, "Who speaks", one_line),
        note(&Reference::reference, "What they say", long_text),
        note(&Reference::extra, extra_note),
    };
}

}  // namespace afterresume::profile
