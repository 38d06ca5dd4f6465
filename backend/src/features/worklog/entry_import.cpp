#include "features/worklog/entry_import.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "core/text.h"

#include <array>

namespace afterresume::worklog {

namespace {

struct Alias {
    std::string_view field;
    std::array<std::string_view, 6> names;
};

constexpr std::array aliases{
    Alias{"content", {"content", "text", "description", "note", "entry", "message"}},
    Alias{"title", {"title", "subject", "summary", "headline", "", ""}},
    Alias{"occurred_on", {"occurred_on", "date", "day", "created", "created_at", "when"}},
    Alias{"outcome", {"outcome", "impact", "result", "", "", ""}},
    Alias{"project", {"project", "repo", "repository", "", "", ""}},
    Alias{"external_id", {"external_id", "id", "commit", "hash", "path", "url"}},
};

Error unreadable(std::size_t line, std::string_view why) {
    return Error(
        ErrorKind::invalid, "import.unreadable",
        fmt::format("Line {} cannot be read: {}.", line, why)
    );
}

std::string text_of(const Json& value) {
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_null()) return {};
    return describe::to_json(value);
}

// The first ten characters of a date or instant.
std::string date_of(const std::string& text) { return text.substr(0, 10); }

std::vector<std::string> tags_of(const Json& value) {
    std::vector<std::string> out;
    if (const auto* list = value.if_array()) {
        for (const auto& item : *list) out.push_back(text_of(item));
        return out;
    }
    auto text = text_of(value);
    for (std::size_t from = 0; from < text.size();) {
        auto end = std::min(text.find_first_of(",;", from), text.size());
        auto tag = trim(std::string_view(text).substr(from, end - from));
        if (!tag.empty()) out.emplace_back(tag);
        from = end + 1;
    }
    return out;
}

Json draft_of(const JsonObject& record) {
    JsonObject draft;
    for (const auto& [field, names] : aliases) {
        for (auto name : names) {
            const auto* value = name.empty() ? nullptr : record.if_contains(name);
            if (value == nullptr || draft.contains(field)) continue;
            auto text = text_of(*value);
            if (!text.empty()) draft[field] = field == "occurred_on" ? date_of(text) : text;
        }
    }
    // A body belongs below its title; a title alone is the content.
    if (const auto* body = record.if_contains("body"); body != nullptr && !text_of(*body).empty())
        draft["content"] = text_of(*body);
    if (!draft.contains("content") && draft.contains("title")) {
        draft["content"] = draft["title"];
        draft.erase("title");
    }
    if (const auto* tags = record.if_contains("tags")) {
        boost::json::array list;
        for (auto& tag : tags_of(*tags)) list.emplace_back(std::move(tag));
        draft["tags"] = std::move(list);
    }
    return draft;
}

std::vector<Json> from_json_text(std::string_view text) {
    auto json = describe::parse_json(text);
    if (auto* object = json.if_object(); object != nullptr && object->contains("items"))
        json = Json(object->at("items"));
    std::vector<Json> out;
    if (const auto* list = json.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto* record = (*list)[i].if_object();
            if (record == nullptr)
                throw Error(
                    ErrorKind::invalid, "import.unreadable",
                    fmt::format("Item {} is no object.", i + 1)
                );
            out.push_back(draft_of(*record));
        }
        return out;
    }
    if (const auto* record = json.if_object()) return {draft_of(*record)};
    throw Error(
        ErrorKind::invalid, "import.unreadable", "The file holds neither a list nor an object."
    );
}

// Calls `visit` with each line and its number, line ends taken off.
template <class Visit>
void each_line(std::string_view text, Visit visit) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        visit(line, number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::vector<Json> from_json_lines(std::string_view text) {
    std::vector<Json> out;
    each_line(text, [&](std::string_view line, std::size_t number) {
        if (trim(line).empty()) return;
        try {
            out.push_back(draft_of(describe::parse_json(line).as_object()));
        } catch (const std::exception& failure) {
            throw unreadable(number, "it is no JSON object");
        }
    });
    return out;
}

// Rows of fields (RFC 4180): quoted fields hold commas, line ends and doubled quotes.
std::vector<std::vector<std::string>> csv_rows(std::string_view text) {
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto& field = rows.back().back();
        char c = text[i];
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                quoted = false;
            }
        } else if (c == '"' && field.empty()) {
            quoted = true;
        } else if (c == ',' || c == ';' || c == '\t') {
            rows.back().emplace_back();
        } else if (c == '\n') {
            rows.emplace_back(1);
        } else if (c != '\r') {
            field += c;
        }
    }
    if (quoted) throw unreadable(rows.size(), "a quote is not closed");
    return rows;
}

std::vector<Json> from_csv(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    auto rows = csv_rows(text);
    std::vector<Json> out;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].size() == 1 && trim(rows[i].front()).empty()) continue;
        if (rows[i].size() > rows.front().size())
            throw unreadable(i + 1, "it has more fields than the first line has names");
        JsonObject record;
        for (std::size_t column = 0; column < rows[i].size(); ++column)
            record[fold_for_search(trim(rows.front()[column]))] = rows[i][column];
        out.push_back(draft_of(record));
    }
    return out;
}

// A date at the beginning of a heading, as in "## 2026-03-01, Sunday".
std::optional<std::string> heading_date(std::string_view heading) {
    auto date = LocalDate::parse(heading.substr(0, 10));
    if (!date) return std::nullopt;
    return date->text();
}

class MarkdownReader {
public:
    void read(std::string_view line) {
        if (line.starts_with('#')) {
            close();
            auto heading = trim(line.substr(
                line.find_first_not_of('#') == std::string_view::npos ? line.size()
                                                                      : line.find_first_not_of('#')
            ));
            auto date = heading_date(heading);
            if (date) date_ = *date;
            title_ = date ? std::string() : std::string(heading);
            return;
        }
        auto item = line.starts_with("- ") || line.starts_with("* ");
        if (item && !date_.empty()) {
            close();
            content_ = line.substr(2);
            close();
            return;
        }
        content_ += std::string(line) + '\n';
    }
    std::vector<Json> take() {
        close();
        return std::move(out_);
    }

private:
    void close() {
        auto content = trim(content_);
        if (!content.empty()) {
            JsonObject draft{{"content", content}};
            if (!title_.empty()) draft["title"] = first_code_points(title_, 200);
            if (!date_.empty()) draft["occurred_on"] = date_;
            out_.emplace_back(std::move(draft));
        }
        content_.clear();
    }

    std::string date_;
    std::string title_;
    std::string content_;
    std::vector<Json> out_;
};

}  // namespace

FileKind kind_of_file(std::string_view name) {
    if (name.ends_with(".csv") || name.ends_with(".tsv")) return FileKind::csv;
    if (name.ends_with(".json")) return FileKind::json;
    if (name.ends_with(".jsonl") || name.ends_with(".ndjson")) return FileKind::jsonl;
    if (name.ends_with(".md") || name.ends_with(".markdown")) return FileKind::markdown;
    throw Error(
        ErrorKind::unsupported, "import.unknown_kind",
        "Only .csv, .json, .jsonl and .md files can be imported."
    );
}

std::vector<Json> read_entries(std::string_view text, FileKind kind) {
    if (!is_utf8(text))
        throw Error(ErrorKind::malformed, "import.not_utf8", "The file is not UTF-8 text.");
    if (kind == FileKind::csv) return from_csv(text);
    if (kind == FileKind::json) return from_json_text(text);
    if (kind == FileKind::jsonl) return from_json_lines(text);
    MarkdownReader reader;
    each_line(text, [&](std::string_view line, std::size_t) { reader.read(line); });
    return reader.take();
}

}  // namespace afterresume::worklog
