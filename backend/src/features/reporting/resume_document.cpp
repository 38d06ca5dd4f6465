#include "features/reporting/resume_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace afterresume::reporting {

namespace {

constexpr std::string_view schema_address =
    "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json";
constexpr std::string_view summary_pointer = "/basics/summary";

// "/projects/3/highlights" → projects, 3, highlights
struct Spot {
    std::string list;
    std::size_t index = 0;
    std::string field;
};
std::optional<Spot> spot_of(std::string_view pointer) {
    auto first = pointer.find('/', 1);
    auto second = first == std::string_view::npos ? first : pointer.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    Spot spot{
        std::string(pointer.substr(1, first - 1)), 0, std::string(pointer.substr(second + 1))
    };
    auto [end, failure] =
        std::from_chars(pointer.data() + first + 1, pointer.data() + second, spot.index);
    if (failure != std::errc() || end != pointer.data() + second) return std::nullopt;
    return spot;
}

void put(JsonObject& document, const Section& section) {
    if (section.pointer == summary_pointer) {
        auto& basics = document["basics"];
        if (!basics.is_object()) basics = JsonObject();
        basics.get_object()["summary"] = section.lines.front().text;
        return;
    }
    auto spot = spot_of(*section.pointer);
    auto* list = spot ? document.if_contains(spot->list) : nullptr;
    if (!list || !list->is_array() || spot->index >= list->get_array().size()) return;
    auto& item = list->get_array()[spot->index];
    boost::json::array texts;
    for (const auto& line : section.lines) texts.emplace_back(line.text);
    if (item.is_object()) item.get_object()[spot->field] = std::move(texts);
}

void remove_items(JsonObject& document, std::vector<Spot> items) {
    std::sort(items.begin(), items.end(), [](const Spot& one, const Spot& other) {
        return one.index > other.index;
    });
    for (const auto& item : items) {
        auto* list = document.if_contains(item.list);
        if (list == nullptr || !list->is_array()) continue;
        auto& all = list->get_array();
        if (item.index < all.size())
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(item.index));
        if (all.empty()) document.erase(item.list);
    }
}

bool goes(const Section& section) {
    return section.found && std::none_of(section.lines.begin(), section.lines.end(), is_exported);
}

}  // namespace

JsonObject resume_document(const Content& content) {
    auto document = content.resume;
    std::vector<Spot> empty;
    for (const auto& section : content.sections) {
        if (!section.pointer) continue;
        if (!section.lines.empty()) {
            put(document, section);
        } else if (auto spot = section.found ? spot_of(*section.pointer) : std::nullopt) {
            empty.push_back(std::move(*spot));
        }
    }
    remove_items(document, std::move(empty));
    if (!document.contains("$schema")) document["$schema"] = schema_address;
    return document;
}

std::vector<std::optional<std::string>> exported_pointers(const Content& content) {
    std::vector<Spot> gone;
    for (const auto& section : content.sections) {
        auto spot = section.pointer && goes(section) ? spot_of(*section.pointer) : std::nullopt;
        if (spot) gone.push_back(std::move(*spot));
    }
    std::vector<std::optional<std::string>> pointers;
    for (const auto& section : content.sections) {
        auto spot = section.pointer ? spot_of(*section.pointer) : std::nullopt;
        if (!spot) {
            pointers.push_back(section.pointer);
            continue;
        }
        auto before = std::count_if(gone.begin(), gone.end(), [&](const Spot& other) {
            return other.list == spot->list && other.index < spot->index;
        });
        auto index = spot->index - static_cast<std::size_t>(before);
        pointers.push_back(fmt::format("/{}/{}/{}", spot->list, index, spot->field));
    }
    return pointers;
}

}  // namespace afterresume::reporting
