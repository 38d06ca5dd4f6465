// For tests: a small résumé to render, and what other programs read in the PDF that came out.
#pragma once

#include "infra/documents/render.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace afterresume::documents::testing {

inline Document a_resume() {
    Document resume;
    resume.title = "Mara Lindqvist";
    resume.subtitle = "Platform Engineer";
    resume.author = "Mara Lindqvist";
    resume.contacts = {
        {"mara@lindqvist.example", "mailto:mara@lindqvist.example"}, {"Göteborg", ""}
    };
    Entry backbone;
    backbone.title = "Senior Platform Engineer";
    backbone.organisation = "Nordhavn Logistics";
    backbone.location = "Göteborg";
    backbone.dates = "Mar 2021 – Present";
    backbone.url = "https://nordhavn.example/about";
    backbone.summary = "Owns the event backbone of six warehouses.";
    backbone.bullets = {
        "Cut the booking path from 900 ms to 120 ms.",
        Text(
            {Span{"Moved shipments to "}, Span{"partitioned tables", Emphasis::strong},
             Span{"; see the "}, Span{"report", Emphasis::none, "https://nordhavn.example/report"},
             Span{"."}}
        ),
        "Wrote the office's first efficient flow control."
    };
    backbone.tags = {"PostgreSQL", "Kafka"};
    Entry languages;
    languages.title = "Languages";
    languages.tags = {"C++", "Go"};
    resume.sections = {
        Section{
            .heading = "Profile",
            .paragraphs = {"Builds storage systems that people can run at night."}
        },
        Section{.heading = "Experience", .entries = {backbone}},
        Section{.heading = "Skills", .entries = {languages}},
    };
    resume.notes = {"Every line refers to dated work notes."};
    return resume;
}

inline Document a_list_of(int bullets) {
    Document list;
    list.title = "Everything";
    list.sections = {Section{.heading = "Done"}};
    for (int i = 1; i <= bullets; ++i) {
        auto number = std::to_string(1000 + i);
        list.sections[0].bullets.push_back(
            "Item " + number +
            " begins here and goes on for long enough that its text has to be wrapped on to the "
            "next line of whatever paper it is set on, where it stops with end " +
            number + "."
        );
    }
    return list;
}

inline Options options(Theme theme, Paper paper = Paper::a4) {
    return Options{theme, paper, {}, Timestamp(std::chrono::seconds(1'772'357'400))};
}

// What a command prints when it is given the PDF as a file in the place of "{}".
inline std::string read_by(std::string command, const std::string& pdf) {
    auto path = (std::filesystem::temp_directory_path() / "documents-XXXXXX").string();
    auto file = ::mkstemp(path.data());
    if (file < 0 || ::write(file, pdf.data(), pdf.size()) != static_cast<ssize_t>(pdf.size())) {
        throw std::runtime_error("no temporary file");
    }
    ::close(file);
    command.replace(command.find("{}"), 2, path);
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
    std::string out;
    char buffer[4096];
    while (auto count = std::fread(buffer, 1, sizeof buffer, pipe.get())) out.append(buffer, count);
    std::filesystem::remove(path);
    return out;
}

inline std::string text_of(const std::string& pdf) { return read_by("pdftotext {} -", pdf); }

// Whether the parts stand in the text in this order.
inline bool in_order(const std::string& text, const std::vector<std::string>& parts) {
    std::size_t from = 0;
    for (const auto& part : parts) {
        auto at = text.find(part, from);
        if (at == std::string::npos) return false;
        from = at + part.size();
    }
    return true;
}

}  // namespace afterresume::documents::testing
