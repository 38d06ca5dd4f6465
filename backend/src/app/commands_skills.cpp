// `skills extract`: the matcher on anyone's text, without a database.
#include "ai/skills/matcher.h"
#include "app/commands.h"
#include "core/describe/reader.h"
#include "core/describe/writer.h"

#include <fmt/format.h>
#include <boost/json/value.hpp>

#include <iostream>

namespace afterresume::app {

namespace {

struct Found {
    std::string slug;
    std::string name;
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::string text;
    double confidence = 0;
};
BOOST_DESCRIBE_STRUCT(Found, (), (slug, name, start, end, text, confidence))

struct Answer {
    Json id;
    std::vector<Found> skills;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (id, skills))

}  // namespace

int extract_skills() {
    auto taxonomy = skill_matching::Taxonomy::built_in();
    skill_matching::Matcher matcher(taxonomy);
    std::ios::sync_with_stdio(false);
    std::string text;
    std::string out;
    for (std::int64_t number = 1; std::getline(std::cin, text); ++number) {
        if (text.empty()) continue;
        Answer answer;
        std::string passage;
        try {
            // The text is taken as it stands, not normalised: offsets are into what the caller has.
            auto json = describe::parse_json(text);
            answer.id = json.as_object().at("id");
            passage = std::string(json.as_object().at("text").as_string());
        } catch (const std::exception&) {
            throw Error(
                ErrorKind::malformed, "skills.malformed_line",
                fmt::format("line {} is no JSON object with \"id\" and \"text\"", number)
            );
        }
        for (auto& match : matcher.find(passage)) {
            answer.skills.push_back({
                std::move(match.slug),
                std::move(match.name),
                static_cast<std::int64_t>(match.start),
                static_cast<std::int64_t>(match.end),
                std::move(match.text),
                match.confidence,
            });
        }
        out.clear();
        describe::write(out, answer);
        std::cout << out << '\n';
    }
    return 0;
}

}  // namespace afterresume::app
