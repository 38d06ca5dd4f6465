// Files of other tools as drafts of entries: CSV, JSON, JSON Lines and Markdown. Pure.
#pragma once

#include "core/describe/traits.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::worklog {

enum class FileKind : std::uint8_t { csv, json, jsonl, markdown };
BOOST_DESCRIBE_ENUM(FileKind, csv, json, jsonl, markdown)

// By the ending of a file's name. Throws Error(unsupported, "import.unknown_kind").
FileKind kind_of_file(std::string_view name);

// Each draft as POST /api/worklogs/ takes it. Columns and fields go by what they are commonly
// called: content, text, body or message; title or subject; date or occurred_on; project or repo;
// tags; outcome; id, commit, hash or path for external_id. Markdown: dated headings with their list
// items, else one entry a section. Throws Error(invalid, "import.unreadable") with the line.
std::vector<Json> read_entries(std::string_view text, FileKind kind);

}  // namespace afterresume::worklog
