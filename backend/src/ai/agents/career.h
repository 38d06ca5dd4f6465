// What a person declares about a career, in the shape of JSON Resume 1.0, as the composing agents
// receive it. Dates are texts (2024, 2024-03, 2024-03-01), as JSON Resume allows.
#pragma once

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace afterresume::agents {

using OptionalText = std::optional<std::string>;

struct CareerBasics {
    std::string name;
    OptionalText label, email, phone, url, location, summary;
};
BOOST_DESCRIBE_STRUCT(CareerBasics, (), (name, label, email, phone, url, location, summary))

struct CareerPosition {
    std::string id;
    std::string name;      // employer
    std::string position;  // title
    OptionalText location, url, start_date, end_date, summary;
    std::vector<std::string> highlights;
};
BOOST_DESCRIBE_STRUCT(
    CareerPosition, (),
    (id, name, position, location, url, start_date, end_date, summary, highlights)
)

struct CareerProject {
    std::string id;
    std::string name;
    OptionalText description, url, start_date, end_date;
    std::vector<std::string> highlights, keywords;
};
BOOST_DESCRIBE_STRUCT(
    CareerProject, (), (id, name, description, url, start_date, end_date, highlights, keywords)
)

struct CareerEducation {
    std::string institution;
    OptionalText area, study_type, start_date, end_date, score, url;
    std::vector<std::string> courses;
};
BOOST_DESCRIBE_STRUCT(
    CareerEducation, (), (institution, area, study_type, start_date, end_date, score, url, courses)
)

struct CareerVolunteer {
    std::string organization;
    OptionalText position, url, start_date, end_date, summary;
    std::vector<std::string> highlights;
};
BOOST_DESCRIBE_STRUCT(
    CareerVolunteer, (), (organization, position, url, start_date, end_date, summary, highlights)
)

struct CareerCertificate {
    std::string name;
    OptionalText date, issuer, url;
};
BOOST_DESCRIBE_STRUCT(CareerCertificate, (), (name, date, issuer, url))

struct CareerAward {
    std::string title;
    OptionalText date, awarder, summary;
};
BOOST_DESCRIBE_STRUCT(CareerAward, (), (title, date, awarder, summary))

struct CareerPublication {
    std::string name;
    OptionalText publisher, release_date, url, summary;
};
BOOST_DESCRIBE_STRUCT(CareerPublication, (), (name, publisher, release_date, url, summary))

struct CareerLanguage {
    std::string language;
    OptionalText fluency;
};
BOOST_DESCRIBE_STRUCT(CareerLanguage, (), (language, fluency))

struct CareerInterest {
    std::string name;
    std::vector<std::string> keywords;
};
BOOST_DESCRIBE_STRUCT(CareerInterest, (), (name, keywords))

struct CareerReference {
    std::string name;
    OptionalText reference;
};
BOOST_DESCRIBE_STRUCT(CareerReference, (), (name, reference))

struct Career {
    CareerBasics basics;
    std::vector<CareerPosition> work;
    std::vector<CareerProject> projects;
    std::vector<CareerEducation> education;
    std::vector<CareerVolunteer> volunteer;
    std::vector<CareerCertificate> certificates;
    std::vector<CareerAward> awards;
    std::vector<CareerPublication> publications;
    std::vector<CareerLanguage> languages;
    std::vector<CareerInterest> interests;
    std::vector<CareerReference> references;
};
BOOST_DESCRIBE_STRUCT(
    Career, (),
    (basics, work, projects, education, volunteer, certificates, awards, publications, languages,
     interests, references)
)

}  // namespace afterresume::agents
