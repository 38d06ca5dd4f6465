#include "features/profile/resume_json.h"

#include <algorithm>

namespace afterresume::profile {

namespace {

// What JSON Resume says of the document itself. Read for its types only: the document keeps it as
// it is.
struct Meta {
    std::optional<std::string> canonical;
    std::optional<std::string> version;
    std::optional<std::string> last_modified;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(Meta, (), (canonical, version, last_modified, extra))

// "start_date" → "startDate".
std::string their_name(std::string_view ours) {
    std::string out;
    bool up = false;
    for (char c : ours) {
        if (c != '_') out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        up = c == '_';
    }
    return out;
}

bool is_empty_list(const Json& json) { return json.is_array() && json.get_array().empty(); }

template <class T>
Json to_ours(const Json& theirs, const std::string& at, describe::Findings& findings);

template <describe::described_struct T>
Json object_to_ours(const Json& theirs, const std::string& at, describe::Findings& findings) {
    if (!theirs.is_object()) return theirs;
    JsonObject ours;
    JsonObject extra = theirs.get_object();
    describe::for_each_member<T>([&](std::string_view name, auto pointer) {
        using Member = std::remove_reference_t<decltype(std::declval<T&>().*pointer)>;
        if (name == "extra") return;
        auto key = their_name(name);
        auto* found = extra.if_contains(key);
        if (found == nullptr || (describe::list_like<Member> && is_empty_list(*found))) return;
        auto where = describe::child_pointer(at, key);
        if (describe::optional_like<Member> && found->is_null())
            findings.add(where, "must not be null");
        ours[name] = to_ours<Member>(*found, where, findings);
        extra.erase(key);
    });
    ours["extra"] = std::move(extra);
    return ours;
}

// The same value with our names; what is of another type than it should be is left for the reader
// to refuse.
template <class T>
Json to_ours(const Json& theirs, const std::string& at, describe::Findings& findings) {
    if constexpr (describe::is_a<T, std::optional>) {
        return to_ours<typename T::value_type>(theirs, at, findings);
    } else if constexpr (describe::list_like<T>) {
        if (!theirs.is_array()) return theirs;
        boost::json::array ours;
        for (const auto& item : theirs.get_array()) {
            ours.push_back(to_ours<typename T::value_type>(
                item, fmt::format("{}/{}", at, ours.size()), findings
            ));
        }
        return ours;
    } else if constexpr (describe::described_struct<T>) {
        return object_to_ours<T>(theirs, at, findings);
    } else {
        return theirs;
    }
}

template <class T>
void read_theirs(const Json& theirs, T& out, const std::string& at, describe::Findings& findings) {
    describe::Findings ours;
    describe::read(to_ours<T>(theirs, at, findings), out, at, ours);
    for (const auto& error : ours.all()) findings.add(their_name(error.pointer), error.message);
}

template <class T>
void read_section(JsonObject& document, std::vector<Item<T>>& out, describe::Findings& findings) {
    auto name = describe::name_of(T::section);
    auto* found = document.if_contains(name);
    if (found == nullptr || is_empty_list(*found)) return;
    std::vector<T> items;
    auto at = describe::child_pointer("", name);
    read_theirs(*found, items, at, findings);
    describe::check_count(items.size(), {0, most_items}, at, findings);
    for (auto& item : items) out.push_back(Item<T>{std::move(item), {}, 1, {}, {}});
    document.erase(name);
}

template <class T>
Json to_theirs(const T& ours);

template <describe::described_struct T>
JsonObject object_to_theirs(const T& ours) {
    JsonObject theirs;
    describe::for_each_member<T>([&](std::string_view name, auto pointer) {
        const auto& member = ours.*pointer;
        using Member = std::remove_cvref_t<decltype(member)>;
        if constexpr (describe::is_a<Member, std::optional>) {
            if (member) theirs[their_name(name)] = to_theirs(*member);
        } else if constexpr (describe::list_like<Member>) {
            if (!member.empty()) theirs[their_name(name)] = to_theirs(member);
        }
    });
    for (const auto& kept : ours.extra) {
        if (!theirs.contains(kept.key())) theirs[kept.key()] = kept.value();
    }
    return theirs;
}

template <class T>
Json to_theirs(const T& ours) {
    if constexpr (describe::list_like<T>) {
        boost::json::array theirs;
        for (const auto& item : ours) theirs.push_back(to_theirs(item));
        return theirs;
    } else if constexpr (describe::described_struct<T>) {
        return object_to_theirs(ours);
    } else {
        return Json(std::string_view(ours));
    }
}

}  // namespace

Profile read_resume_json(const Json& document) {
    Profile profile;
    auto& extra = profile.extra = describe::from_json<JsonObject>(document);
    describe::Findings findings;
    if (auto* basics = extra.if_contains("basics")) {
        read_theirs(*basics, profile.basics, "/basics", findings);
        if (!basics->is_object() || !basics->get_object().empty()) extra.erase("basics");
    }
    for_each_section(profile, [&](auto& items) { read_section(extra, items, findings); });
    Meta meta;
    if (const auto* found = extra.if_contains("meta")) read_theirs(*found, meta, "/meta", findings);
    if (const auto* schema = extra.if_contains("$schema");
        schema != nullptr && !schema->is_string()) {
        findings.add("/$schema", "must be a text");
    }
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
    return profile;
}

JsonObject write_resume_json(const Profile& profile) {
    JsonObject document;
    if (auto basics = object_to_theirs(profile.basics); !basics.empty())
        document["basics"] = std::move(basics);
    for_each_section(profile, [&]<class T>(const std::vector<Item<T>>& items) {
        boost::json::array list;
        for (const auto& item : items) list.push_back(object_to_theirs<T>(item));
        if (!list.empty()) document[describe::name_of(T::section)] = std::move(list);
    });
    for (const auto& kept : profile.extra) {
        if (!document.contains(kept.key())) document[kept.key()] = kept.value();
    }
    return document;
}

}  // namespace afterresume::profile
