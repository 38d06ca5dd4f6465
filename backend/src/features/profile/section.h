// The lists of a profile, called as JSON Resume 1.0 calls them.
#pragma once

#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>

namespace afterresume::profile {

enum class Section : std::uint8_t {
    work,
    volunteer,
    education,
    awards,
    certificates,
    publications,
    skills,
    languages,
    interests,
    references,
    projects,
};
BOOST_DESCRIBE_ENUM(
    Section, work, volunteer, education, awards, certificates, publications, skills, languages,
    interests, references, projects
)

inline constexpr std::array all_sections{
    Section::work,         Section::volunteer,    Section::education, Section::awards,
    Section::certificates, Section::publications, Section::skills,    Section::languages,
    Section::interests,    Section::references,   Section::projects,
};

}  // namespace afterresume::profile
