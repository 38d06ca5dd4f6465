// What each command does. All give the exit code; errors are thrown.
#pragma once

#include "app/server.h"
#include "core/error.h"

#include <string>
#include <vector>

namespace afterresume::app {

struct Common {
    std::string email;
    bool json = false;
};

// Of the environment and .env. Throws Error(invalid, "config.invalid") listing every problem.
config::Settings checked_settings();

int serve(Part part);
int migrate_database();
int validate_settings(bool print_status);
int bootstrap();
int examine();
int print_openapi();
int print_config(bool markdown);
int extract_skills();

struct NewEntry {
    std::string text;
    std::string title;
    std::string outcome;
    std::string project;
    std::string date;
    std::vector<std::string> tags;
};
int write_entry(const Common& common, const NewEntry& entry);
int import_file(const Common& common, const std::string& file);
int seed_demo(const Common& common);

struct Output {
    std::string kind;
    std::string from;
    std::string to;
    std::string format;
    std::string theme;
    std::string out;
};
int make_report(const Common& common, const Output& output);
int make_resume(const Common& common, Output output);

}  // namespace afterresume::app
